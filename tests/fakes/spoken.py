"""Speech for tests: eSpeak NG says it, at the rate a test wants."""

from functools import cache

import numpy as np
import soxr
from numpy.typing import NDArray

from wyoming_servers.runtime.espeak import shared_espeak


@cache
def spoken(
    text: str, voice: str = "en-us", *, rate: int = 16_000, words_per_minute: int = 150, silence: float = 0.3
) -> NDArray[np.int16]:
    """Return the text as mono samples with `silence` seconds before and after it. Do not change the array."""
    espeak = shared_espeak()
    speech = np.frombuffer(espeak.synthesize(text, voice, words_per_minute=words_per_minute), np.int16)
    pause = np.zeros(int(silence * espeak.sample_rate), np.int16)
    samples = np.concatenate([pause, speech, pause]).astype(np.float32)
    resampled = np.clip(soxr.resample(samples, espeak.sample_rate, rate), -32768, 32767).astype(np.int16)
    resampled.setflags(write=False)
    return resampled

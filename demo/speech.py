"""The demo's own voice: the sentences that the microphone hears."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from demo.audio import MICROPHONE_RATE, read_microphone, trim, write_wav
from demo.errors import SpeechError
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.espeak import shared_espeak

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

WAKE_PHRASE = "okay nabu"
PAUSE_SECONDS = 0.9
"""Between the wake word and the sentence; people wait about as long for the sound that says "I am listening"."""
WORDS_PER_MINUTE = 165
"""At 130 openWakeWord's `okay_nabu` is not sure of this voice, at 165 the recogniser begins to mishear it."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A WAV file for the microphone and the places in it that latencies are counted from."""

    path: Path
    seconds: float
    speech_end: float
    """Seconds from the start of the file to the end of the sentence."""
    wake_end: float | None = None
    """Seconds from the start of the file to the end of the wake word; None when there is none in it."""


def speak(text: str, voice: str, path: Path) -> None:
    """Write a text as spoken by a voice of eSpeak NG (`en-us`, `ru`) to a WAV file. Blocking.

    Raises: SpeechError.
    """
    try:
        espeak = shared_espeak()
        pcm = espeak.synthesize(text, voice, words_per_minute=WORDS_PER_MINUTE)
    except EngineError as err:
        raise SpeechError(str(err)) from err
    if not pcm:
        raise SpeechError(f"eSpeak NG said nothing for {text!r}.")
    write_wav(path, np.frombuffer(pcm, np.int16), espeak.sample_rate)


def record(sentence: str, path: Path, voice: str = "en-us") -> Recording:
    """Write "okay nabu", a pause and a sentence as one WAV file. Blocking."""
    wake_word = _words(WAKE_PHRASE, path, voice)
    words = _words(sentence, path, voice)
    pause = np.zeros(int(PAUSE_SECONDS * MICROPHONE_RATE), np.int16)
    samples = np.concatenate([wake_word, pause, words])
    write_wav(path, samples, MICROPHONE_RATE)
    seconds = samples.size / MICROPHONE_RATE
    return Recording(path, seconds, speech_end=seconds, wake_end=wake_word.size / MICROPHONE_RATE)


def _words(text: str, path: Path, voice: str) -> NDArray[np.int16]:
    speak(text, voice, path)
    return trim(read_microphone(path))

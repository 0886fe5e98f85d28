"""The audio of one utterance."""

import logging

import numpy as np
from wyoming.audio import AudioChunk

from wyoming_servers.runtime.audio import SAMPLE_RATE, AudioConverter, Samples

from .wishes import Wishes

_LOGGER = logging.getLogger(__name__)
_SAMPLE_BYTES = 2


class Utterance:
    """Audio between audio-start and audio-stop, up to a longest duration."""

    def __init__(self, converter: AudioConverter, wishes: Wishes, longest_seconds: float) -> None:
        self.wishes = wishes
        self._converter = converter
        self._longest_seconds = longest_seconds
        self._limit = int(longest_seconds * SAMPLE_RATE)
        self._is_full = False
        self._pcm = bytearray()

    def __len__(self) -> int:
        """Return the number of samples that are kept."""
        return len(self._pcm) // _SAMPLE_BYTES

    def add(self, chunk: AudioChunk) -> None:
        """Take more audio. Raises: AudioFormatError."""
        samples = self._converter.convert(chunk)
        if not self._is_full:
            self._keep(samples)

    def finish(self) -> None:
        """There is no more audio."""
        if not self._is_full:
            self._keep(self._converter.finish())

    def samples(self, start: int = 0, end: int | None = None) -> Samples:
        """Return a copy of what there is so far, or of these samples of it."""
        end = len(self) if end is None else end
        return np.frombuffer(self._pcm[start * _SAMPLE_BYTES : end * _SAMPLE_BYTES], dtype=np.int16)

    def _keep(self, samples: Samples) -> None:
        free = self._limit - len(self)
        if len(samples) > free:
            _LOGGER.warning("The utterance is longer than %s s: the rest is dropped", self._longest_seconds)
            self._is_full = True
        self._pcm += samples[:free].tobytes()

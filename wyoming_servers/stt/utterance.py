"""The audio of one utterance."""

import logging

import numpy as np
from wyoming.audio import AudioChunk

from wyoming_servers.runtime.audio import SAMPLE_RATE, AudioConverter, Samples

_LOGGER = logging.getLogger(__name__)


class Utterance:
    """Audio between audio-start and audio-stop, up to a longest duration."""

    def __init__(self, converter: AudioConverter, language: str | None, longest_seconds: float) -> None:
        self.language = language
        self._converter = converter
        self._longest_seconds = longest_seconds
        self._free = int(longest_seconds * SAMPLE_RATE)
        self._is_full = False
        self._chunks: list[Samples] = []

    def add(self, chunk: AudioChunk) -> Samples:
        """Take more audio and return its samples that are kept. Raises: AudioFormatError."""
        samples = self._converter.convert(chunk)
        return samples[:0] if self._is_full else self._keep(samples)

    def finish(self) -> None:
        """There is no more audio."""
        if not self._is_full:
            self._keep(self._converter.finish())

    def samples(self) -> Samples:
        """Return what there is so far."""
        return np.concatenate(self._chunks) if self._chunks else np.empty(0, dtype=np.int16)

    def _keep(self, samples: Samples) -> Samples:
        if len(samples) > self._free:
            _LOGGER.warning("The utterance is longer than %s s: the rest is dropped", self._longest_seconds)
            self._is_full = True
        if len(kept := samples[: self._free]):
            self._chunks.append(kept)
            self._free -= len(kept)
        return kept

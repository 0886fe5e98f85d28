"""Audio as it arrives: any PCM that Wyoming can carry becomes 16 kHz mono."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import soxr
from numpy.typing import NDArray

from .errors import AudioFormatError

if TYPE_CHECKING:
    from wyoming.audio import AudioChunk, AudioStart

SAMPLE_RATE = 16_000
"""Hertz; what every engine here works with."""

Samples = NDArray[np.int16]
"""Mono samples at SAMPLE_RATE, shape [samples]."""

_DTYPES: dict[int, np.dtype[np.signedinteger]] = {2: np.dtype("<i2"), 4: np.dtype("<i4")}
_RATES = range(8_000, 192_001)
_CHANNELS = range(1, 9)


class AudioConverter:
    """Converts one stream of PCM to 16 kHz mono, chunk by chunk, without seams."""

    def __init__(self, rate: int, width: int, channels: int) -> None:
        is_whole = all(isinstance(number, int) for number in (rate, width, channels))
        if not is_whole or width not in _DTYPES or rate not in _RATES or channels not in _CHANNELS:
            raise AudioFormatError(
                f"Can't use audio with rate {rate!r:.20}, width {width!r:.20} (bytes), channels {channels!r:.20}. "
                "Send 16 or 32 bit PCM of 8 to 192 kHz with 1 to 8 channels; 16 kHz, 16 bit, mono is best."
            )
        self._format = (rate, width, channels)
        self._rest = b""
        self._resampler = soxr.ResampleStream(rate, SAMPLE_RATE, 1, dtype="float32") if rate != SAMPLE_RATE else None

    @classmethod
    def for_stream(cls, start: AudioStart) -> AudioConverter:
        """Return a converter for the announced stream. Raises: AudioFormatError."""
        return cls(start.rate, start.width, start.channels)

    def convert(self, chunk: AudioChunk) -> Samples:
        """Return the chunk's samples. Raises: AudioFormatError when its format is not the announced one."""
        if (chunk.rate, chunk.width, chunk.channels) != self._format:
            raise AudioFormatError("The audio's format changed in mid-stream. Begin a new stream with audio-start.")
        return self.feed(chunk.audio)

    def finish(self) -> Samples:
        """Return what the resampler still holds; the stream is over."""
        if self._resampler is None:
            return np.empty(0, dtype=np.int16)
        return _to_int16(self._resampler.resample_chunk(np.empty(0, dtype=np.float32), last=True))

    def feed(self, pcm: bytes) -> Samples:
        """Return the samples of the next bytes; a frame cut in two by the sender waits for its other half."""
        _, width, channels = self._format
        pcm = self._rest + pcm
        whole = len(pcm) - len(pcm) % (width * channels)
        self._rest = pcm[whole:]
        samples = np.frombuffer(pcm[:whole], dtype=_DTYPES[width]).reshape(-1, channels)
        if self._resampler is None and channels == 1 and width == 2:
            return samples[:, 0].astype(np.int16)
        mono = samples.astype(np.float32).mean(axis=1) / np.float32(1 << (8 * (width - 2)))
        if self._resampler is not None:
            mono = self._resampler.resample_chunk(mono)
        return _to_int16(mono)


def _to_int16(samples: NDArray[np.float32]) -> Samples:
    return np.clip(np.rint(samples), -32768, 32767).astype(np.int16)

"""Spoken audio in the formats that programs ask for; PyAV makes the compressed ones. Blocking, for milliseconds."""

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import OutputContainer

_UNKNOWN_LENGTH = 0xFFFFFFFF


class Encoder(Protocol):
    """One stream of audio on its way into a format."""

    def feed(self, pcm: bytes) -> bytes:
        """Return what is ready of it."""

    def finish(self) -> bytes:
        """Return the rest."""


@dataclass(frozen=True, slots=True)
class Format:
    """What a program can ask for."""

    media_type: str
    encoder: Callable[[int], Encoder]
    """Makes one for 16-bit mono of so many hertz."""

    needs_av: bool = True


class PcmEncoder:
    """As it is, after a header or none."""

    def __init__(self, header: bytes = b"") -> None:
        self._header = header

    def feed(self, pcm: bytes) -> bytes:
        """Return the audio."""
        header, self._header = self._header, b""
        return header + pcm

    def finish(self) -> bytes:
        """Return the header of an empty stream."""
        return self.feed(b"")


class AvEncoder:
    """Through one of FFmpeg's encoders and muxers."""

    def __init__(self, muxer: str, codec: str, rate: int) -> None:
        import av  # noqa: PLC0415 (its package is an extra)

        self._sink = _Sink()
        self._frame = av.AudioFrame.from_ndarray
        self._container: OutputContainer = av.open(self._sink, "w", format=muxer)
        self._stream = cast("AudioStream", self._container.add_stream(codec, rate=rate, layout="mono"))
        self._rate = rate

    def feed(self, pcm: bytes) -> bytes:
        """Encode the audio and return what is ready."""
        if pcm:
            frame = self._frame(np.frombuffer(pcm, "<i2").reshape(1, -1), format="s16", layout="mono")
            frame.sample_rate = self._rate
            self._container.mux(self._stream.encode(frame))
        return self._sink.take()

    def finish(self) -> bytes:
        """Flush the encoder and end the file."""
        self._container.mux(self._stream.encode(None))
        self._container.close()
        return self._sink.take()


class _Sink:
    """What FFmpeg writes to; it can't go back in it."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, data: bytes) -> int:
        self._written += data
        return len(data)

    def take(self) -> bytes:
        taken = bytes(self._written)
        self._written.clear()
        return taken


def wav_header(rate: int, length: int = _UNKNOWN_LENGTH - 36) -> bytes:
    """Return the header of 16-bit mono PCM; without the `length` in bytes, of a stream whose end is not known."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16)
    return struct.pack("<4sI4s", b"RIFF", length + 36, b"WAVE") + form + struct.pack("<4sI", b"data", length)


def _av(muxer: str, codec: str) -> Callable[[int], Encoder]:
    return lambda rate: AvEncoder(muxer, codec, rate)


FORMATS: Mapping[str, Format] = {
    "wav": Format("audio/wav", lambda rate: PcmEncoder(wav_header(rate)), needs_av=False),
    "pcm": Format("audio/pcm", lambda _: PcmEncoder(), needs_av=False),
    "mp3": Format("audio/mpeg", _av("mp3", "libmp3lame")),
    "opus": Format("audio/ogg", _av("ogg", "libopus")),
    "aac": Format("audio/aac", _av("adts", "aac")),
    "flac": Format("audio/flac", _av("flac", "flac")),
}


def has_av() -> bool:
    """Whether the package for compressed formats is installed."""
    return find_spec("av") is not None

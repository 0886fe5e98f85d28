"""Sound from files of any format, through PyAV (FFmpeg)."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError, InvalidDataError

from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples
from wyoming_servers.runtime.errors import AudioFileError

_LOGGER = logging.getLogger(__name__)

_BLOCK_SAMPLES = SAMPLE_RATE
_MOST_BROKEN = 1000
"""Packets in a row that can't be decoded: there is no more sound then."""

UPLOADS = "aac,ac3,aiff,amr,asf,au,avi,caf,eac3,flac,flv,loas,matroska,webm,mov,mp3,mp4,mpeg,mpegts,ogg,w64,wav"
"""Formats that hold their sound themselves: a playlist would make us open files and addresses of its choice."""


class AudioFile:
    """One file that is open."""

    def __init__(self, container: InputContainer, stream: AudioStream, name: str) -> None:
        self._container = container
        self._stream = stream
        self._name = name

    @property
    def duration(self) -> float | None:
        """Seconds by the file's own account. None where it has none."""
        if self._stream.duration is not None:
            return float(self._stream.duration * self._stream.time_base)
        return self._container.duration / av.time_base if self._container.duration else None

    def blocks(self) -> Iterator[Samples]:
        """Yield the sound in blocks of about a second; what comes after a break in the file is left out. Blocking.

        Raises: AudioFileError when there is none at all.
        """
        seconds = 0.0
        for block in _in_blocks(self._sound()):
            seconds += len(block) / SAMPLE_RATE
            yield block
        if not seconds:
            raise AudioFileError(f"{self._name} has an audio track, but no sound of it can be decoded.")

    def _sound(self) -> Iterator[Samples]:
        yield np.zeros(self._samples_before(), np.int16)
        resampler = _new_resampler()
        for frame in self._frames():
            try:
                resampled = resampler.resample(frame)
            except (ValueError, FFmpegError):  # the format changes in mid-stream
                yield from _samples(resampler.resample(None))
                resampler = _new_resampler()
                resampled = resampler.resample(frame)
            yield from _samples(resampled)
        yield from _samples(resampler.resample(None))

    def _samples_before(self) -> int:
        """Return how long the film already runs when its sound begins: subtitles count from the film's beginning."""
        stream, container = self._stream, self._container
        if stream.start_time is None or container.start_time is None:
            return 0
        seconds = float(stream.start_time * stream.time_base) - container.start_time / av.time_base
        return int(min(max(seconds, 0.0), 60.0) * SAMPLE_RATE)

    def _frames(self) -> Iterator[AudioFrame]:
        broken = 0
        try:
            for packet in self._container.demux(self._stream):
                try:
                    yield from packet.decode()
                    broken = 0
                except InvalidDataError:
                    broken += 1
                    if broken > _MOST_BROKEN:
                        raise
        except FFmpegError as err:
            _LOGGER.warning("%s is broken, and what comes after that is left out: %s", self._name, err.strerror)


@contextmanager
def opened(path: Path, formats: str | None = None) -> Iterator[AudioFile]:
    """Open a file while the context lasts; only as one of these formats, where they are named. Blocking.

    Raises: AudioFileError that names the file and what is wrong with it.
    """
    options = {"protocol_whitelist": "file"} | ({"format_whitelist": formats} if formats else {})
    check_exists(path)
    try:
        container = av.open(str(path), options=options)
    except InvalidDataError as err:
        raise AudioFileError(f"{path.name} is neither sound nor film, or it is broken.") from err
    except (OSError, FFmpegError) as err:
        raise AudioFileError(f"{path.name} can't be opened: {err.strerror or err}.") from err
    with container:
        if not container.streams.audio:
            raise AudioFileError(f"{path.name} has no audio track.")
        yield AudioFile(container, container.streams.audio[0], path.name)


def check_exists(path: Path) -> None:
    """Raise AudioFileError where there is no file."""
    if not path.is_file():
        raise AudioFileError(f"There is no file {path}.")


def _new_resampler() -> av.AudioResampler:
    return av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)


def _samples(frames: list[AudioFrame]) -> Iterator[Samples]:
    for frame in frames:
        yield frame.to_ndarray().reshape(-1).astype(np.int16)


def _in_blocks(sound: Iterator[Samples]) -> Iterator[Samples]:
    parts: list[Samples] = []
    count = 0
    for part in sound:
        parts.append(part)
        count += len(part)
        if count >= _BLOCK_SAMPLES:
            yield np.concatenate(parts)
            parts, count = [], 0
    if count:
        yield np.concatenate(parts)

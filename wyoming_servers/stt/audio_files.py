"""Sound from files of any format, through PyAV (FFmpeg)."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError, InvalidDataError

from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples
from wyoming_servers.runtime.errors import AudioFault, AudioFileError

_LOGGER = logging.getLogger(__name__)

_BLOCK_SAMPLES = SAMPLE_RATE
_EARLY_SECONDS = 2.0
"""Before the second that is sought: decoders build on what came before."""

_SMALLEST_GAP = 0.1
"""Seconds between two frames; less is the rounding of times."""

_LARGEST_GAP = 600.0
_LARGEST_OVERLAP = 1.0
"""Seconds; beyond these two the file's clock has jumped, as where recordings were put one after another."""

_MOST_BROKEN = 1000
"""Packets in a row that can't be decoded: there is no more sound then."""

UPLOADS = "aac,ac3,aiff,amr,asf,au,avi,caf,eac3,flac,flv,loas,matroska,webm,mov,mp3,mp4,mpeg,mpegts,ogg,w64,wav"
"""Formats that hold their sound themselves: a playlist would make us open files and addresses of its choice."""


class _Timeline:
    """Where the sound is that has been decoded so far, by the times of its frames. Pure."""

    def __init__(self, position: int) -> None:
        """`position` is the sample that comes first."""
        self._position = position
        self._clock_error = 0.0

    def gap_before(self, time: float | None) -> int:
        """Return how many samples are missing before a frame; its time is in seconds, None where it has none."""
        if time is None:
            return 0
        gap = time - self._clock_error - self._position / SAMPLE_RATE
        if not -_LARGEST_OVERLAP <= gap <= _LARGEST_GAP:
            self._clock_error += gap
            return 0
        return round(gap * SAMPLE_RATE) if gap > (_SMALLEST_GAP if self._position else 0.0) else 0

    def counted(self, parts: Iterable[Samples]) -> Iterator[Samples]:
        """Yield the samples and count them."""
        for part in parts:
            self._position += len(part)
            yield part


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

    def blocks(self, start: float = 0.0) -> Iterator[Samples]:
        """Yield the sound from a second on, in blocks of about a second; what comes after a break is left out.

        Blocking. Raises: AudioFileError when the whole file has none.
        """
        frames, position = self._frames_from(start)
        is_silent = start == 0
        for block in _in_blocks(_without(round(start * SAMPLE_RATE) - position, self._sound(frames, position))):
            is_silent = False
            yield block
        if is_silent:
            message = f"{self._name} has an audio track, but no sound of it can be decoded."
            raise AudioFileError(message, AudioFault.NO_SOUND)

    def _frames_from(self, start: float) -> tuple[Iterator[AudioFrame], int]:
        """Return the frames from a little before a second on, and the sample at which they begin."""
        early = start - _EARLY_SECONDS
        if early <= 0:
            return self._frames(), 0
        try:
            self._container.seek(round(early * av.time_base) + (self._container.start_time or 0))
        except (OSError, FFmpegError) as err:
            _LOGGER.debug("%s is decoded from its beginning: %s", self._name, err)
            return self._frames(), 0
        frames = self._frames()
        if (first := next(frames, None)) is None:
            return frames, round(start * SAMPLE_RATE)
        if (time := self._time_of(first)) is None:
            self._container.seek(0)
            return self._frames(), 0
        return chain((first,), frames), round(min(max(time, 0.0), start) * SAMPLE_RATE)

    def _sound(self, frames: Iterable[AudioFrame], position: int) -> Iterator[Samples]:
        """Yield the sound, each frame where its time says: players and subtitles go by that."""
        timeline = _Timeline(position)
        resampler = _new_resampler()
        for frame in frames:
            if gap := timeline.gap_before(self._time_of(frame)):
                yield from timeline.counted(_samples(resampler.resample(None)))
                yield from timeline.counted(_silence(gap))
                resampler = _new_resampler()
            try:
                resampled = resampler.resample(frame)
            except (ValueError, FFmpegError):  # the format changes in mid-stream
                yield from timeline.counted(_samples(resampler.resample(None)))
                resampler = _new_resampler()
                resampled = resampler.resample(frame)
            yield from timeline.counted(_samples(resampled))
        yield from timeline.counted(_samples(resampler.resample(None)))

    def _time_of(self, frame: AudioFrame) -> float | None:
        """Return the second at which a frame is heard; a film may run before its sound begins."""
        if frame.pts is None or frame.time_base is None:
            return None
        return float(frame.pts * frame.time_base) - (self._container.start_time or 0) / av.time_base

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
            raise AudioFileError(f"{path.name} has no audio track.", AudioFault.NO_SOUND)
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


def _silence(count: int) -> Iterator[Samples]:
    for begin in range(0, count, _BLOCK_SAMPLES):
        yield np.zeros(min(_BLOCK_SAMPLES, count - begin), np.int16)


def _without(count: int, sound: Iterable[Samples]) -> Iterator[Samples]:
    """Yield the sound without its first samples."""
    for part in sound:
        yield part[count:] if count > 0 else part
        count -= len(part)


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

"""Recordings of any length in pieces, each read by a process of its own: a hostile file costs itself only.

The process is one piece ahead, and then waits in its pipe until that piece is taken: decoding and listening for pauses
go on while the engine works, and hours take no more memory than minutes.
"""

import logging
import os
import select
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from math import isfinite
from pathlib import Path
from time import monotonic
from typing import IO, cast

import numpy as np

from knowledge.errors import SourceError
from knowledge.lectures.protocols import Piece
from knowledge.reasons import Reason
from wyoming_servers.runtime.errors import AudioFault, AudioFileError
from wyoming_servers.stt.upload_frames import HEADER, Kind, unpack_failure
from wyoming_servers.stt.uploads import LARGEST_PAYLOAD, reader_command, reader_environment

_LOGGER = logging.getLogger(__name__)

_LONGEST_SECONDS = 24 * 3600.0
"""Of a recording."""

_NICENESS = 10
"""People who speak to the satellites go first."""

_PATIENCE_SECONDS = 120.0
"""For a piece; a fast machine takes a tenth of a second."""

_READING_BYTES = 1 << 16
_REASONS = {
    AudioFault.BROKEN: Reason.BROKEN,
    AudioFault.NO_SOUND: Reason.NO_SOUND,
    AudioFault.TOO_LONG: Reason.TOO_LONG,
}


class FileRecordings:
    """Opens files of sound and film."""

    def open(self, path: Path) -> "FileRecording":
        """Return the recording. Blocking. Raises: SourceError for a file without sound that can be decoded."""
        return FileRecording(path)


class FileRecording:
    """One file that is open."""

    def __init__(self, path: Path) -> None:
        """Blocking. Raises: SourceError."""
        self._path = path
        self._is_closed = False
        self._reader = _Reader(path, 0.0)
        self.duration: float | None = self._reader.duration
        """Seconds by the file's own account."""

    def pieces(self, start: float = 0.0) -> Iterator[Piece]:
        """Yield the pieces from a second on at which an earlier piece has ended; one iteration at a time. Blocking.

        Raises: SourceError when the sound cannot be decoded.
        """
        reader = self._reader_from(start)
        try:
            yield from reader.pieces()
        except SourceError:
            if not self._is_closed:  # a reader that was ended by us has nothing to tell
                raise
        finally:
            reader.close()

    def close(self) -> None:
        """Let go of the file; from any thread. An iterator in work ends."""
        self._is_closed = True
        self._reader.close()

    def _reader_from(self, start: float) -> "_Reader":
        if start > 0 or self._reader.is_used:
            self._reader.close()
            self._reader = _Reader(self._path, start)
            if self._is_closed:  # meanwhile, by another thread
                self._reader.close()
        return self._reader


class _Reader:
    """The process, and what it says."""

    def __init__(self, path: Path, start: float) -> None:
        """Blocking. Raises: SourceError."""
        _check_open(path)
        self.is_used = False
        self._path = path
        self._reading = threading.Lock()
        self._process = subprocess.Popen(  # noqa: S603 (our own module)
            reader_command(path, _LONGEST_SECONDS, start, _NICENESS),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            env=reader_environment(),
            process_group=0,  # Ctrl-C is for the owner, which ends this process
        )
        self._output = cast("IO[bytes]", self._process.stdout)  # it was asked for above
        try:
            self.duration = self._opened()
        except SourceError:
            self.close()
            raise

    def _opened(self) -> float | None:
        _, seconds, _, _ = self._next()
        return seconds if isfinite(seconds) and seconds > 0 else None

    def pieces(self) -> Iterator[Piece]:
        """Yield what is read. Raises: SourceError."""
        self.is_used = True
        while True:
            kind, start, is_spoken, payload = self._next()
            if kind == Kind.END:
                return
            if payload:
                yield Piece(np.frombuffer(payload, np.int16), start, is_spoken)

    def close(self) -> None:
        """End the process; from any thread."""
        self._process.kill()
        self._process.wait()
        with self._reading:  # who reads has come to the end of the pipe
            self._output.close()

    def _next(self) -> tuple[Kind, float, bool, bytes]:
        """Return the next thing that is said. Raises: SourceError."""
        deadline = monotonic() + _PATIENCE_SECONDS
        with self._reading:
            kind, seconds, is_spoken, size = HEADER.unpack(self._read(HEADER.size, deadline))
            if size > LARGEST_PAYLOAD:
                raise SourceError(Reason.READER_FAILED)
            payload = self._read(size, deadline)
        if kind == Kind.FAILURE:
            raise _source_error(unpack_failure(payload))
        return Kind(kind), seconds, bool(is_spoken), payload

    def _read(self, size: int, deadline: float) -> bytes:
        if self._output.closed:
            raise SourceError(Reason.READER_FAILED)
        content = bytearray()
        poll = select.poll()
        poll.register(self._output, select.POLLIN)
        while len(content) < size:
            if not poll.poll(max(0.0, deadline - monotonic()) * 1000):
                _LOGGER.warning("%s was not read on in %g s", self._path.name, _PATIENCE_SECONDS)
                raise SourceError(Reason.TOO_SLOW, f"{_PATIENCE_SECONDS:g}")
            chunk = os.read(self._output.fileno(), min(_READING_BYTES, size - len(content)))
            if not chunk:
                raise self._died()
            content += chunk
        return bytes(content)

    def _died(self) -> SourceError:
        with suppress(subprocess.TimeoutExpired):
            _LOGGER.warning("The reader of %s ended with exit code %s", self._path.name, self._process.wait(5))
        return SourceError(Reason.READER_FAILED)


def _source_error(err: AudioFileError) -> SourceError:
    _LOGGER.info("%s", err)
    return SourceError(_REASONS[err.fault], f"{_LONGEST_SECONDS / 3600:g}" if err.fault is AudioFault.TOO_LONG else "")


def _check_open(path: Path) -> None:
    """Raise SourceError for a file that this user can't read."""
    try:
        path.open("rb").close()
    except OSError as err:
        raise SourceError(Reason.CANNOT_OPEN, err.strerror) from err

"""Reading files in a process of their own: a hostile or broken file costs itself only."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path
from threading import Lock, Timer
from typing import IO, TYPE_CHECKING, Protocol, Self

from knowledge.codec import prepared_from_json
from knowledge.errors import SourceError
from knowledge.reading import frames
from knowledge.reasons import Reason

if TYPE_CHECKING:
    from knowledge.codec import Json
    from knowledge.models import Prepared

_LOGGER = logging.getLogger(__name__)
_START_SECONDS = 60.0


class Parser(Protocol):
    """Prepares files."""

    def prepare(self, path: Path, relative: str) -> Prepared:
        """Return what is kept of a file; blocking.

        Raises: SourceError with a reason for the file's owner.
        """
        ...

    def warm(self) -> None:
        """Get ready for a file that may come; blocking."""
        ...

    def close(self) -> None:
        """Give up what it holds; a file in work fails."""
        ...


class ParserProcess:
    """Keeps one child process for many files, and replaces it when a file kills it or takes too long."""

    def __init__(self, seconds: float, memory_bytes: int, ocr_seconds: float = 0.0) -> None:
        """Take the limits of one file; scanned pages may take `ocr_seconds` more."""
        self._seconds = seconds
        self._ocr_seconds = ocr_seconds
        self._memory_bytes = memory_bytes
        self._process: subprocess.Popen[bytes] | None = None
        self._is_closed = False
        self._lock = Lock()

    def prepare(self, path: Path, relative: str) -> Prepared:
        """Return what is kept of a file; blocking, one file at a time.

        Raises: SourceError, also for a time-out and a crash.
        """
        with self._lock:
            seconds = self._seconds + (self._ocr_seconds if path.suffix.lower() == ".pdf" else 0)
            reply = self._ask({"path": str(path), "relative": relative}, seconds)
        if "reason" in reply:
            raise SourceError(Reason(reply["reason"]), reply["detail"])
        return prepared_from_json(reply)

    def warm(self) -> None:
        """Start the child if there is none: its imports take longer than most files."""
        with self._lock:
            try:
                self._running()
            except (EOFError, OSError) as err:
                if not self._is_closed:
                    _LOGGER.warning("The reader of files did not start: %s", err)
                self._discard()

    def close(self) -> None:
        """End the child at once; no other is started."""
        self._is_closed = True
        if (process := self._process) is not None:
            process.kill()
            process.wait()

    def _ask(self, request: Json, seconds: float) -> Json:
        """Return the child's reply. Raises: SourceError when it takes too long or fails."""
        deadline: _Deadline | None = None
        try:
            process = self._running()
            with _Deadline(process, seconds) as deadline:
                frames.send(_pipe(process.stdin), request)
                return _receive(process)
        except (EOFError, OSError) as err:
            self._discard()
            if deadline is not None and deadline.has_passed:
                raise SourceError(Reason.TOO_SLOW, f"{seconds:g}") from err
            raise SourceError(Reason.READER_FAILED) from err

    def _running(self) -> subprocess.Popen[bytes]:
        """Return the child, started and greeted if there is none. Raises: EOFError, OSError."""
        if self._is_closed:
            raise EOFError
        if self._process is None or self._process.poll() is not None:
            self._discard()
            self._process = subprocess.Popen(  # noqa: S603
                [
                    sys.executable,
                    "-m",
                    "knowledge.reading.parser_child",
                    str(self._memory_bytes),
                    str(self._ocr_seconds),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=_environment(),
                process_group=0,  # Ctrl-C is for the owner, which ends this process
            )
            with _Deadline(self._process, _START_SECONDS):  # its imports are not the file's time
                _receive(self._process)
        return self._process

    def _discard(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    _close(stream)


class _Deadline:
    """Kills a process that works for too long; what waits for it sees the end of its output."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self.has_passed = False
        self._process = process
        self._timer = Timer(seconds, self._give_up)

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _give_up(self) -> None:
        self.has_passed = True
        self._process.kill()


def _receive(process: subprocess.Popen[bytes]) -> Json:
    message = frames.receive(_pipe(process.stdout))
    if message is None:
        raise EOFError
    return message


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise EOFError
    return stream


def _close(stream: IO[bytes]) -> None:
    try:
        stream.close()
    except BrokenPipeError:
        _LOGGER.debug("The parser died with a request half sent")


def _environment() -> dict[str, str]:
    """Let the child find this package wherever the parent found it."""
    package_parent = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, (package_parent, os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path}

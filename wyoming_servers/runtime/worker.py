"""Blocking work in a process of its own.

An engine's library may keep the interpreter to itself while it loads or computes, crash, or not give its memory back;
in a child process it costs the server none of these. Requests and replies are pickles on a socket pair.
"""

import logging
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from .child import child_environment, foreign_environment
from .errors import EngineError, StartError

_LOGGER = logging.getLogger(__name__)
_FAREWELL_SECONDS = 3.0
_CHILD = "wyoming_servers.runtime.worker_child"


class WorkerError(EngineError):
    """The process has ended or was ended because it did not answer; only a new one can go on."""


class Worker:
    """A running child process that has one object and calls its methods. Blocking; safe to use from several threads."""

    def __init__(self, name: str, target: str, python: str = sys.executable) -> None:
        """`target` is "module:class" of the object. `python` may be another interpreter that has what it needs.

        Raises: OSError when no process can be started.
        """
        self.name = name
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 (our own module)
                [python, "-m", _CHILD, target, str(theirs.fileno()), str(logging.root.level)],
                stdin=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env=child_environment() if python == sys.executable else foreign_environment(),
            )
        self._socket = ours
        self._stream = ours.makefile("rwb")

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    def call(self, method: str, *arguments: Any, seconds: float | None = None) -> Any:
        """Return what the object's method returns; other callers wait meanwhile.

        Raises: EngineError or StartError as the method does, WorkerError when the process ends or takes longer than
        `seconds`.
        """
        with self._lock:
            kind, value = self._ask((method, arguments), seconds)
        if kind == "start":
            raise StartError(value)
        if kind == "engine":
            raise EngineError(value)
        return value

    def tell(self, method: str, *arguments: Any) -> None:
        """Call a method that returns soon, in a thread of the child beside the call under way; there is no answer.

        A process that has ended is not told.
        """
        with suppress(OSError, ValueError), self._sending:
            pickle.dump((False, method, arguments), self._stream)
            self._stream.flush()

    def stop(self) -> None:
        """End the process; a call under way raises WorkerError."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        try:
            self._process.wait(_FAREWELL_SECONDS)
        except subprocess.TimeoutExpired:
            self._kill()
        with self._lock, suppress(OSError):
            self._socket.close()
            self._stream.close()

    def _ask(self, request: tuple[str, tuple[Any, ...]], seconds: float | None) -> tuple[str, Any]:
        try:
            self._socket.settimeout(seconds)
            with self._sending:
                pickle.dump((True, *request), self._stream)
                self._stream.flush()
            reply: tuple[str, Any] = pickle.load(self._stream)  # noqa: S301 (from our own child)
        except TimeoutError as err:
            self._kill()
            raise WorkerError(f"{self.name} gave no answer in {seconds:g} s and is started anew.") from err
        except (EOFError, OSError, ValueError, pickle.UnpicklingError) as err:
            raise WorkerError(f"{self.name} ended unexpectedly ({self._ending()}) and is started anew.") from err
        return reply

    def _kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def _ending(self) -> str:
        """Return how the process ended."""
        try:
            code = self._process.wait(_FAREWELL_SECONDS)
        except subprocess.TimeoutExpired:
            self._kill()
            return "it closed its connection"
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def resident_bytes(pid: int) -> int:
    """Return the memory that a process has, in bytes; 0 where the system does not tell or the process has ended."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")

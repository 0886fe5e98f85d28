"""An engine in a process of its own: its libraries keep neither the event loop nor, after a crash, the server."""

import itertools
import logging
import sys
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass

from wyoming_servers.runtime import metrics
from wyoming_servers.runtime.errors import EngineError, StartError
from wyoming_servers.runtime.worker import Worker, WorkerError, resident_bytes

from .engine import EngineOptions, Speech, Voice

_LOGGER = logging.getLogger(__name__)
_HOST = "wyoming_servers.tts.host:EngineHost"


@dataclass(frozen=True, slots=True)
class Remote:
    """Where an engine runs."""

    name: str
    module: str
    """Has `load(options)`, which returns the engine inside the process."""

    extra: str
    """What to install for it."""

    python: str = sys.executable
    longest_block_seconds: float = 60.0
    """An engine that computes longer for one block hangs: its process is ended and the next text gets a new one."""


class RemoteEngine:
    """Safe to use from several threads, which take turns block by block."""

    def __init__(self, remote: Remote, options: EngineOptions) -> None:
        """Start the process and load the engine there. Blocking. Raises: EngineError."""
        self.name = remote.name
        self._remote = remote
        self._options = options
        self._starting = threading.Lock()
        self._worker: Worker | None = None
        self._is_closed = False
        self._numbers = itertools.count()
        self._running()
        metrics.ENGINE_MEMORY.labels(f"speech synthesis ({self.name})").set_function(lambda: self.memory)

    @property
    def memory(self) -> int:
        """Bytes that the process has."""
        worker = self._worker
        return resident_bytes(worker.pid) if worker is not None else 0

    def synthesize(self, text: str, voice: Voice) -> Speech:
        """Return the text's audio. The iteration raises EngineError."""
        spoken = _RemoteBlocks(self._running, self._remote.longest_block_seconds, next(self._numbers))
        return Speech(spoken.blocks(text, voice), spoken.interrupt)

    def close(self) -> None:
        """End the process."""
        self._is_closed = True
        with self._starting:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.stop()

    def _running(self) -> Worker:
        """Return the process with the loaded engine, after a crash a new one. Raises: EngineError."""
        with self._starting:
            if self._worker is not None and self._worker.is_alive:
                return self._worker
            if self._is_closed:
                raise WorkerError(f"The engine {self.name} has been unloaded.")
            if self._worker is not None:
                _LOGGER.warning("The process of the engine %s has ended; another is started", self.name)
                self._worker.stop()
            self._worker = self._started()
            return self._worker

    def _started(self) -> Worker:
        try:
            worker = Worker(f"The engine {self.name}", _HOST, self._remote.python)
        except OSError as err:
            raise EngineError(f"The engine {self.name} can't be started with {self._remote.python}: {err}") from err
        try:
            worker.call("load", self._remote.module, self._remote.extra, self._options)
        except (EngineError, StartError) as err:
            worker.stop()
            raise EngineError(str(err)) from err
        return worker


class _RemoteBlocks:
    """One text on its way through the process. Each wait for an answer of it costs time on a busy machine."""

    def __init__(self, running: Callable[[], Worker], seconds: float, number: int) -> None:
        self._running = running
        self._seconds = seconds
        self._number = number
        self._worker: Worker | None = None
        """While there is something to end."""

        self._is_left = False

    def blocks(self, text: str, voice: Voice) -> Generator[bytes]:
        self._worker = worker = self._running()
        worker.tell("begin", self._number, text, voice)
        try:
            while not self._is_left and (block := self._next(worker)) is not None:
                yield block
        finally:
            self._end()

    def interrupt(self) -> None:
        self._is_left = True
        self._end()

    def _next(self, worker: Worker) -> bytes | None:
        block: bytes | None = worker.call("next_block", self._number, seconds=self._seconds)
        if block is None:
            self._worker = None
        return block

    def _end(self) -> None:
        if (worker := self._worker) is not None:
            worker.tell("end", self._number)

"""An engine in a process of its own: its libraries keep neither the event loop nor, after a crash, the server."""

import logging
import sys
import threading
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass

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
        self._running()

    @property
    def memory(self) -> int:
        """Bytes that the process has."""
        worker = self._worker
        return resident_bytes(worker.pid) if worker is not None else 0

    def synthesize(self, text: str, voice: Voice) -> Speech:
        """Return the text's audio. The iteration raises EngineError."""
        speech = _RemoteBlocks(self, text, voice)
        return Speech(speech.blocks(), speech.interrupt)

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
    """One text on its way through the process."""

    def __init__(self, engine: RemoteEngine, text: str, voice: Voice) -> None:
        self._engine = engine
        self._text = text
        self._voice = voice
        self._begun: tuple[Worker, int] | None = None

    def blocks(self) -> Generator[bytes]:
        seconds = self._engine._remote.longest_block_seconds  # noqa: SLF001
        worker = self._engine._running()  # noqa: SLF001
        number: int = worker.call("begin", self._text, self._voice, seconds=seconds)
        self._begun = worker, number
        try:
            while (block := worker.call("next_block", number, seconds=seconds)) is not None:
                yield block
        finally:
            with suppress(EngineError):  # it has ended and forgets everything
                worker.call("end", number, seconds=seconds)

    def interrupt(self) -> None:
        if self._begun is not None:
            worker, number = self._begun
            worker.tell("interrupt", number)

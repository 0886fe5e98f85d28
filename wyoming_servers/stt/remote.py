"""An engine in a process of its own, to the server an engine like any other.

The server stays free while it loads or computes, outlives it, and has the memory back when it is let go.
"""

import os
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress

from wyoming_servers.runtime.audio import Samples
from wyoming_servers.runtime.vocabulary import Vocabulary
from wyoming_servers.runtime.worker import Worker, WorkerError, resident_bytes

from .engine import EngineOptions, Request, SttModel, Transcription, VocabularyReport
from .host import Loaded

_HOST = "wyoming_servers.stt.host:EngineHost"
_NOT_LOADED = Loaded((), {}, {})


class RemoteEngine:
    """Starts the process when it is needed. Every method blocks; one call at a time but for `unload`."""

    def __init__(self, name: str, longest_seconds: float, *, niceness: int = 0) -> None:
        """An answer that takes longer than `longest_seconds` ends the process; `niceness` is how far it yields."""
        self.name = name
        self.languages: Sequence[str] = ()
        """Of the loaded engine."""

        self._longest_seconds = longest_seconds
        self._niceness = niceness
        self._worker: Worker | None = None
        self._loaded = _NOT_LOADED
        self._starting = threading.Lock()

    @property
    def is_alive(self) -> bool:
        """Whether there is a process."""
        return self._worker is not None and self._worker.is_alive

    @property
    def memory(self) -> int:
        """Bytes that the process has; 0 without one."""
        return resident_bytes(worker.pid) if (worker := self._worker) else 0

    def models(self, options: EngineOptions) -> Sequence[SttModel]:
        """Return what the engine will serve. Raises: StartError, EngineError."""
        models: Sequence[SttModel] = self._started().call("models", self.name, options)
        return models

    def load(self, options: EngineOptions) -> "RemoteEngine":
        """Return itself, loaded; a download may take any time. Raises: EngineError."""
        self._loaded = self._started().call("load", self.name, options)
        self.languages = self._loaded.languages
        return self

    def unload(self) -> None:
        """End the process; what it was asked raises EngineError."""
        with self._starting:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.stop()

    def transcribe(self, samples: Samples, language: str | None) -> Transcription:
        """Return what was said. Raises: EngineError."""
        return self.perform(Request(samples, language))

    def perform(self, request: Request) -> Transcription:
        """Return what was said, with what of the request's wishes the engine can fulfil. Raises: EngineError."""
        transcription: Transcription = self._running().call("perform", request, seconds=self._longest_seconds)
        return transcription

    def set_vocabulary(self, vocabulary: Vocabulary) -> VocabularyReport | None:
        """Listen for these words; None from an engine that has no use for them. Raises: EngineError."""
        report: VocabularyReport | None = self._running().call(
            "set_vocabulary", vocabulary, seconds=self._longest_seconds
        )
        return report

    def languages_by_engine(self) -> Mapping[str, Sequence[str]]:
        """Return which engine recognises which languages, where several do."""
        return self._loaded.languages_by_engine

    def failures(self) -> Mapping[str, str]:
        """Return the engines that could not be loaded, and why."""
        return self._loaded.failures

    def _started(self) -> Worker:
        with self._starting:
            if self._worker is None or not self._worker.is_alive:
                if self._worker is not None:
                    self._worker.stop()
                self._worker = Worker(f"The recogniser {self.name}", _HOST)
                self._yield_to_others(self._worker.pid)
            return self._worker

    def _yield_to_others(self, pid: int) -> None:
        """Lower a process that has just begun; the threads that it will make inherit that."""
        if self._niceness:
            with suppress(ProcessLookupError):
                os.setpriority(os.PRIO_PROCESS, pid, os.getpriority(os.PRIO_PROCESS, 0) + self._niceness)

    def _running(self) -> Worker:
        if self._worker is None:
            raise WorkerError(f"The recogniser {self.name} has been unloaded.")
        return self._worker

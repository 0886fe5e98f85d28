"""What ingest tells while it works: which file, how far, how many are left."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from knowledge.reasons import Problem

_LOGGER = logging.getLogger(__name__)


class Stage(StrEnum):
    """What has just happened to a file, or to the whole folder."""

    READING = "reading"
    INDEXED = "indexed"
    FAILED = "failed"
    DUPLICATE = "duplicate"
    REMOVED = "removed"
    DONE = "done"
    """The scan is over; the event has no path."""


@dataclass(frozen=True, slots=True)
class IngestEvent:
    """One step of a scan."""

    stage: Stage
    path: str = ""
    problem: Problem | None = None
    passages: int = 0
    done: int = 0
    """Files of this scan that are through."""
    total: int = 0
    """Files that this scan found new or changed."""


_Event = TypeVar("_Event")


class Events(Generic[_Event]):
    """Passes events on to whoever listens. Any thread may call it."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[_Event], None]] = []
        self._lock = Lock()

    def subscribe(self, listener: Callable[[_Event], None]) -> Callable[[], None]:
        """Call `listener` in the thread that works for each event from now on; return what ends that."""
        with self._lock:
            self._listeners.append(listener)
        return lambda: self._forget(listener)

    def emit(self, event: _Event) -> None:
        """Tell all listeners; one that fails is let go, the work goes on."""
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            try:
                listener(event)
            except RuntimeError:  # a closed event loop
                _LOGGER.debug("A listener is gone")
                self._forget(listener)

    def _forget(self, listener: Callable[[_Event], None]) -> None:
        with self._lock:
            if listener in self._listeners:
                self._listeners.remove(listener)

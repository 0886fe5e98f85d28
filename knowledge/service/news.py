"""What happens in the folder and to lectures, told to everybody who listens."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from knowledge.lectures.models import Lecture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.events import IngestEvent
    from knowledge.models import FileRecord

_MOST_LISTENERS = 32
_MOST_UNHEARD = 500


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a scan, with the file as it is known after it."""

    event: IngestEvent
    record: FileRecord | None


Item: TypeAlias = Step | Lecture
"""A lecture as it is now, or a step of a scan."""


class Listener:
    """One client's news, oldest first; one that falls behind loses the oldest."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Item | None] = asyncio.Queue(_MOST_UNHEARD)

    async def get(self) -> Item | None:
        """Wait for what happens next; None when the service stops."""
        return await self._queue.get()

    def tell(self, item: Item | None) -> None:
        """Add what has happened."""
        if self._queue.full():
            self._queue.get_nowait()
        self._queue.put_nowait(item)


class News:
    """Passes on what is published to all listeners; everything happens in the event loop."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()

    @property
    def is_full(self) -> bool:
        """Whether nobody more can be told."""
        return len(self._listeners) >= _MOST_LISTENERS

    @contextmanager
    def heard(self) -> Iterator[Listener]:
        """Listen until the block ends."""
        listener = Listener()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    def publish(self, item: Item) -> None:
        """Tell all listeners."""
        for listener in self._listeners:
            listener.tell(item)

    def close(self) -> None:
        """Let all listeners go."""
        for listener in self._listeners:
            listener.tell(None)

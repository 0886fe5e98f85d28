"""Audio of one answer between the engine and the client: so much of it that the engine is ahead, and no more."""

import asyncio
from collections import deque


class Outbox:
    """Blocks in order. A unit's blocks are always taken; `room` tells when the next unit may be begun."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._size = 0
        self._blocks: deque[bytes] = deque()
        self._is_over = False
        self._failure: Exception | None = None
        self._changed = asyncio.Event()

    def put(self, block: bytes) -> None:
        """Add audio."""
        self._blocks.append(block)
        self._size += len(block)
        self._changed.set()

    def end(self, failure: Exception | None = None) -> None:
        """There is no more, or no more could be had: then the failure comes after what is here."""
        self._is_over, self._failure = True, failure
        self._changed.set()

    async def room(self) -> None:
        """Return when little enough waits to be sent."""
        while self._size > self._most_bytes:
            await self._change()

    async def get(self) -> bytes | None:
        """Return the next block; None at the end. Raises: the failure."""
        while not self._blocks and not self._is_over:
            await self._change()
        if self._blocks:
            block = self._blocks.popleft()
            self._size -= len(block)
            self._changed.set()
            return block
        if self._failure is not None:
            raise self._failure
        return None

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()

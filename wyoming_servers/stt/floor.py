"""Who has the floor: while people speak, recordings wait."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Floor:
    """Counts who is speaking or waits for words. Of one event loop."""

    def __init__(self) -> None:
        self._speakers = 0
        self._is_free = asyncio.Event()
        self._is_free.set()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Have the floor while the context lasts."""
        self._speakers += 1
        self._is_free.clear()
        try:
            yield
        finally:
            self._speakers -= 1
            if not self._speakers:
                self._is_free.set()

    async def wait(self, longest_seconds: float) -> None:
        """Return when nobody speaks; at the latest after a time, since a client may have forgotten to end."""
        try:
            async with asyncio.timeout(longest_seconds):
                await self._is_free.wait()
        except TimeoutError:
            return

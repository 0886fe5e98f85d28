"""The text of one answer on its way from the client to the engine, cut into units."""

import asyncio

from wyoming_servers.runtime.errors import ServerError, TextTooLongError

from .text import UnitSplitter


class Answer:
    """Takes text while it arrives; iterated over, gives what can be spoken already."""

    def __init__(self, longest_text: int) -> None:
        self._units: asyncio.Queue[str | ServerError | None] = asyncio.Queue()
        self._splitter = UnitSplitter()
        self._free = longest_text

    def add(self, text: str) -> None:
        """Take more text; beyond the longest, the answer ends with an error instead."""
        if self._free < 0:
            return
        self._free -= len(text)
        if self._free < 0:
            self._units.put_nowait(TextTooLongError())
            return
        self._put(self._splitter.feed(text))

    def finish(self) -> None:
        """There is no more."""
        self._put(self._splitter.finish())
        self._units.put_nowait(None)

    def __aiter__(self) -> "Answer":
        """Return itself."""
        return self

    async def __anext__(self) -> str:
        """Return the next unit, waiting for it. Raises: TextTooLongError."""
        unit = await self._units.get()
        if isinstance(unit, ServerError):
            raise unit
        if unit is None:
            raise StopAsyncIteration
        return unit

    def _put(self, units: list[str]) -> None:
        for unit in units:
            self._units.put_nowait(unit)

"""The knowledge base off the event loop: one thread writes, a few threads answer."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from knowledge.base import KnowledgeBase
from knowledge.errors import KnowledgeError
from knowledge.watch import Watcher

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from knowledge.ingest import ScanReport
    from knowledge.settings import ServiceSettings

_Result = TypeVar("_Result")

_QUERY_THREADS = 4
_MOST_WAITING = 32


class NotReadyError(KnowledgeError):
    """The index is still being opened."""

    def __init__(self) -> None:
        super().__init__("The index is being opened. Try again in a few seconds.")


class OverloadedError(KnowledgeError):
    """More questions wait than could be answered in time."""

    def __init__(self) -> None:
        super().__init__("Too many questions at once. Try again in a second.")


class KnowledgeHost:
    """Opens the knowledge base, keeps it up to date and answers from it, without blocking the event loop."""

    def __init__(self, settings: ServiceSettings) -> None:
        self._settings = settings
        self._base: KnowledgeBase | None = None
        self._watcher: Watcher | None = None
        self._queries = ThreadPoolExecutor(_QUERY_THREADS, thread_name_prefix="query")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="ingest")
        self._waiting = 0

    @property
    def base(self) -> KnowledgeBase:
        """The open knowledge base; raises NotReadyError before."""
        if self._base is None:
            raise NotReadyError
        return self._base

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Open the knowledge base and keep it up to date until the block ends.

        Raises: FolderError, IndexUnavailableError.
        """
        try:
            base = await self._in_writer(partial(KnowledgeBase, self._settings.knowledge))
            self._base = base
            self._watcher = Watcher(self._settings.knowledge, self._scan)
            watching = asyncio.create_task(self._watcher.run())
            try:
                yield
            finally:
                base.ingester.stop()
                watching.cancel()
                await asyncio.gather(watching, return_exceptions=True)
                self._base = None
                await asyncio.to_thread(self._queries.shutdown)
                await self._in_writer(base.close)
        finally:
            self._queries.shutdown(wait=False, cancel_futures=True)
            self._writer.shutdown(wait=False)

    async def query(self, work: Callable[[KnowledgeBase], _Result]) -> _Result:
        """Run a question in a thread and return its result.

        Raises: NotReadyError, OverloadedError, TimeoutError.
        """
        base = self.base
        if self._waiting >= _MOST_WAITING:
            raise OverloadedError
        future = asyncio.get_running_loop().run_in_executor(self._queries, work, base)
        self._waiting += 1
        future.add_done_callback(lambda _: self._answered(future))
        async with asyncio.timeout(self._settings.query_seconds):
            return await asyncio.shield(future)

    def reindex(self) -> None:
        """Ask for a full scan that also tries failed files again; raises NotReadyError."""
        if self._watcher is None:
            raise NotReadyError
        self._watcher.request()

    async def _scan(self, retry_failed: bool) -> ScanReport:
        return await self._in_writer(partial(self.base.scan, retry_failed=retry_failed))

    async def _in_writer(self, work: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._writer, work)

    def _answered(self, future: asyncio.Future[_Result]) -> None:
        self._waiting -= 1
        if not future.cancelled():
            future.exception()  # a question given up after its time-out may still fail; nobody is left to hear it

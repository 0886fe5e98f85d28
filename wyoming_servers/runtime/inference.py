"""The bounded queue between the event loop and an engine: blocking work runs in its own few threads."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from time import perf_counter
from typing import ParamSpec, TypeVar

from . import metrics
from .errors import BusyError

P = ParamSpec("P")
T = TypeVar("T")


class InferenceQueue:
    """Runs blocking functions of one engine off the event loop, in order, never more than `limit` at a time."""

    def __init__(self, name: str, *, workers: int = 1, limit: int = 16) -> None:
        self._name = name
        self._limit = limit
        self._pending = 0
        self._executor = ThreadPoolExecutor(max_workers=workers, thread_name_prefix=name)
        self._waiting = metrics.INFERENCE_PENDING.labels(name)
        self._seconds = metrics.INFERENCE_SECONDS.labels(name)

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return the function's result; a cancelled caller's work is dropped if it has not begun.

        Raises: BusyError when the queue is full, whatever the function raises.
        """
        return await asyncio.wrap_future(self._submit(lambda: function(*args, **kwargs)))

    def close(self) -> None:
        """Stop taking work and let what runs finish in its thread."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _submit(self, work: Callable[[], T]) -> Future[T]:
        if self._pending >= self._limit:
            metrics.BUSY.labels(self._name).inc()
            raise BusyError(self._name, self._limit)
        loop = asyncio.get_running_loop()
        future = self._executor.submit(self._timed, work)
        self._count(1)
        future.add_done_callback(lambda _: _call_on(loop, self._count, -1))
        return future

    def _timed(self, work: Callable[[], T]) -> T:
        started = perf_counter()
        try:
            return work()
        finally:
            self._seconds.observe(perf_counter() - started)

    def _count(self, change: int) -> None:
        self._pending += change
        self._waiting.set(self._pending)


def _call_on(loop: asyncio.AbstractEventLoop, function: Callable[[int], None], change: int) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(function, change)

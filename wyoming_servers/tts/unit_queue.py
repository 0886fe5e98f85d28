"""Who is synthesised next: first units of answers before later ones, so that nobody waits for another's long answer.

Each answer asks for one unit at a time; among later units that makes turns.
"""

import asyncio
import heapq
import itertools
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import Protocol

from wyoming_servers.runtime import metrics
from wyoming_servers.runtime.errors import EngineError


class Blocks(Protocol):
    """Audio that is computed while it is iterated over. Blocking."""

    def __iter__(self) -> Iterator[bytes]:
        """Return the blocks."""

    def close(self) -> None:
        """Stop; called in any thread, returns at once."""


class UnitQueue:
    """Runs an engine in its own thread, a unit at a time; a client that reads slowly never holds it."""

    def __init__(self, name: str, patience_seconds: float) -> None:
        """An engine may take `patience_seconds` for a block."""
        self._name = name
        self._patience_seconds = patience_seconds
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"tts {name}")
        self._is_free = True
        self._numbers = itertools.count()
        self._waiting: list[tuple[bool, int, asyncio.Future[None]]] = []
        self._pending = metrics.INFERENCE_PENDING.labels(f"tts {name}")

    async def stream(self, produce: Callable[[], Blocks], *, is_first: bool) -> AsyncGenerator[bytes]:
        """Yield the blocks as soon as they are computed; closing this generator stops the work.

        What is computed waits here without bound: a unit is short. Raises: EngineError, whatever the blocks raise.
        """
        async with self._counted():
            await self._turn(is_first)
            work = _Work(produce, asyncio.get_running_loop())
            future = self._executor.submit(work.run)
            future.add_done_callback(self._hand_on(asyncio.get_running_loop()))
            try:
                while (block := await self._next(work)) is not None:
                    yield block
                await asyncio.wrap_future(future)
            finally:
                work.stop()

    def close(self) -> None:
        """Take no more work."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def _next(self, work: "_Work") -> bytes | None:
        try:
            async with asyncio.timeout(self._patience_seconds):
                return await work.blocks.get()
        except TimeoutError as err:
            raise EngineError(f"{self._name} gave no audio for {self._patience_seconds:g} s.") from err

    @asynccontextmanager
    async def _counted(self) -> AsyncIterator[None]:
        self._pending.inc()
        try:
            yield
        finally:
            self._pending.dec()

    async def _turn(self, is_first: bool) -> None:
        """Return when the engine is the caller's."""
        if self._is_free:
            self._is_free = False
            return
        turn = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (not is_first, next(self._numbers), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # the turn came together with the cancellation
                self._pass_on()
            raise

    def _hand_on(self, loop: asyncio.AbstractEventLoop) -> Callable[[Future[None]], None]:
        """Return what gives the engine to the next one, called in its thread when the work is done."""

        def hand_on(_: Future[None]) -> None:
            with suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(self._pass_on)

        return hand_on

    def _pass_on(self) -> None:
        while self._waiting:
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                return
        self._is_free = True


class _Work:
    """One unit in the engine's thread."""

    def __init__(self, produce: Callable[[], Blocks], loop: asyncio.AbstractEventLoop) -> None:
        self.blocks: asyncio.Queue[bytes | None] = asyncio.Queue()
        """None at the end."""

        self._produce = produce
        self._loop = loop
        self._produced: Blocks | None = None
        self._is_stopped = threading.Event()

    def run(self) -> None:
        """Compute. In the engine's thread."""
        try:
            if self._is_stopped.is_set():
                return
            self._produced = produced = self._produce()
            for block in produced if not self._is_stopped.is_set() else ():
                self._give(block)
                if self._is_stopped.is_set():
                    return
        finally:
            self.stop()
            self._give(None)

    def stop(self) -> None:
        """Let `run` end soon. In any thread."""
        self._is_stopped.set()
        if self._produced is not None:
            self._produced.close()

    def _give(self, block: bytes | None) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(self.blocks.put_nowait, block)

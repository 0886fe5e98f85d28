"""The engine's thread and those who wait for it, a unit of an answer at a time."""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Protocol

from wyoming_servers.runtime import metrics
from wyoming_servers.runtime.errors import EngineError

from .urgency import Claim, most_urgent

_UNITS_REMEMBERED = 16
"""What three of four of them took at most is what a unit is expected to take: one that was held up says little."""


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
        self._waiting: dict[asyncio.Future[None], Claim] = {}
        self._given_at = 0.0
        """When the engine was given to whoever has it; the loop's clock."""

        self._unit_seconds = deque([0.0], _UNITS_REMEMBERED)
        self._pending = metrics.INFERENCE_PENDING.labels(f"tts {name}")

    async def stream(self, produce: Callable[[], Blocks], claim: Claim) -> AsyncGenerator[bytes]:
        """Yield the blocks as soon as they are computed; closing this generator stops the work.

        What is computed waits here without bound: a unit is short. Raises: EngineError, whatever the blocks raise.
        """
        async with self._counted():
            await self._turn(claim)
            work = _Work(produce, asyncio.get_running_loop())
            future = self._executor.submit(work.run)
            try:
                while (block := await self._next(work)) is not None:
                    yield block
                await asyncio.wrap_future(future)
            finally:
                work.stop()
                # Only now: an answer that goes straight on claims its next unit before the engine is given away.
                future.add_done_callback(partial(self._hand_on, asyncio.get_running_loop()))

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

    async def _turn(self, claim: Claim) -> None:
        """Return when the engine is the caller's."""
        turn = asyncio.get_running_loop().create_future()
        self._waiting[turn] = claim
        if self._is_free:
            self._pass_on()
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # the turn came together with the cancellation
                self._pass_on()
            raise
        finally:
            del self._waiting[turn]

    def _hand_on(self, loop: asyncio.AbstractEventLoop, _: Future[None]) -> None:
        """Give the engine to the next one. In any thread, when the work is done."""
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(self._note_and_pass_on, loop.time() - self._given_at)

    def _note_and_pass_on(self, unit_seconds: float) -> None:
        self._unit_seconds.append(unit_seconds)
        self._pass_on()

    def _pass_on(self) -> None:
        turns = {claim: turn for turn, claim in self._waiting.items() if not turn.done()}
        self._is_free = not turns
        if turns:
            self._given_at = asyncio.get_running_loop().time()
            expected = sorted(self._unit_seconds)[len(self._unit_seconds) * 3 // 4]
            turns[most_urgent(turns, self._given_at, expected)].set_result(None)


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

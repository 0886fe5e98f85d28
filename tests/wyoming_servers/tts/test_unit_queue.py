"""Whose unit is synthesised next, and how it is stopped."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager

import pytest

from tests.waiting import PATIENCE_SECONDS
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.tts.unit_queue import UnitQueue
from wyoming_servers.tts.urgency import Claim

ONE, TWO = Claim(1), Claim(2)


class Blocks:
    """Blocks that come when the gate is open."""

    def __init__(self, *blocks: bytes, failure: Exception | None = None) -> None:
        self.gate = threading.Event()
        self.begun = threading.Event()
        self.is_closed = False
        self.thread = 0
        self._blocks = blocks
        self._failure = failure

    def __iter__(self) -> Iterator[bytes]:
        self.thread = threading.get_ident()
        self.begun.set()
        self.gate.wait(PATIENCE_SECONDS)
        for block in self._blocks:
            if self.is_closed:
                return
            yield block
        if self._failure is not None:
            raise self._failure

    def close(self) -> None:
        self.is_closed = True
        self.gate.set()


@asynccontextmanager
async def queue_of(patience_seconds: float = PATIENCE_SECONDS) -> AsyncIterator[UnitQueue]:
    queue = UnitQueue("test", patience_seconds)
    try:
        yield queue
    finally:
        queue.close()


def ready(*blocks: bytes, failure: Exception | None = None) -> Blocks:
    made = Blocks(*blocks, failure=failure)
    made.gate.set()
    return made


async def taken(queue: UnitQueue, blocks: Blocks, claim: Claim = ONE) -> list[bytes]:
    return [block async for block in queue.stream(lambda: blocks, claim)]


async def test_blocks_come_in_order_from_another_thread() -> None:
    blocks = ready(b"1", b"2", b"3")
    async with queue_of() as queue:
        assert await taken(queue, blocks) == [b"1", b"2", b"3"]
    assert blocks.thread != threading.get_ident()


async def test_a_failure_comes_after_its_blocks_and_the_queue_goes_on() -> None:
    async with queue_of() as queue:
        stream = queue.stream(lambda: ready(b"1", failure=LookupError("half way")), ONE)
        assert await anext(stream) == b"1"
        with pytest.raises(LookupError, match="half way"):
            await anext(stream)
        assert await taken(queue, ready(b"2")) == [b"2"]


async def test_who_waits_in_silence_goes_first_then_in_the_order_of_arrival() -> None:
    order: list[str] = []
    gate = Blocks(b"1")
    far = asyncio.get_running_loop().time() + 1_000_000
    claims = {"heard 3": Claim(3, far), "heard 2": Claim(2, far), "silent 5": Claim(5), "silent 4": Claim(4)}

    async def speak(queue: UnitQueue, name: str, claim: Claim) -> None:
        async for _ in queue.stream(lambda: order.append(name) or ready(b"1"), claim):
            pass

    async with queue_of() as queue:
        running = asyncio.create_task(taken(queue, gate))
        await asyncio.to_thread(gate.begun.wait, PATIENCE_SECONDS)
        waiting = [asyncio.create_task(speak(queue, *each)) for each in claims.items()]
        await asyncio.sleep(0)
        gate.gate.set()
        await asyncio.gather(running, *waiting)
    assert order == ["silent 4", "silent 5", "heard 2", "heard 3"]


async def test_an_answer_goes_straight_on_while_the_other_listener_has_enough() -> None:
    order: list[int] = []
    gate = Blocks(b"1")
    far = asyncio.get_running_loop().time() + 1_000_000

    async def speak(queue: UnitQueue, number: int) -> None:
        for _ in range(3):
            async for _ in queue.stream(lambda: order.append(number) or ready(b"1"), Claim(number, far)):
                pass

    async with queue_of() as queue:
        running = asyncio.create_task(taken(queue, gate))
        await asyncio.to_thread(gate.begun.wait, PATIENCE_SECONDS)
        answers = [asyncio.create_task(speak(queue, number)) for number in (1, 2)]
        await asyncio.sleep(0)
        gate.gate.set()
        await asyncio.gather(running, *answers)
    assert order == [1, 1, 1, 2, 2, 2]


async def test_who_leaves_in_mid_unit_stops_the_engine_and_the_next_is_served() -> None:
    endless = Blocks(*[b"1"] * 1_000_000)
    endless.gate.set()
    async with queue_of() as queue:
        async with aclosing(queue.stream(lambda: endless, ONE)) as stream:
            await anext(stream)
        assert endless.is_closed
        assert await taken(queue, ready(b"2")) == [b"2"]


async def test_who_leaves_while_waiting_costs_nobody_a_turn() -> None:
    gate, left = Blocks(b"1"), ready(b"x")
    async with queue_of() as queue:
        running = asyncio.create_task(taken(queue, gate))
        await asyncio.to_thread(gate.begun.wait, PATIENCE_SECONDS)
        leaving = asyncio.create_task(taken(queue, left, TWO))
        staying = asyncio.create_task(taken(queue, ready(b"2")))
        await asyncio.sleep(0)
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        gate.gate.set()
        assert await running == [b"1"]
        assert await staying == [b"2"]
    assert not left.begun.is_set()


async def test_who_leaves_at_the_moment_of_its_turn_passes_it_on() -> None:
    async with queue_of() as queue:
        for _ in range(100):
            gate = Blocks(b"1")
            running = asyncio.create_task(taken(queue, gate))
            await asyncio.to_thread(gate.begun.wait, PATIENCE_SECONDS)
            leaving = asyncio.create_task(taken(queue, ready(b"x")))
            await asyncio.sleep(0)
            gate.gate.set()
            await running
            leaving.cancel()
            await asyncio.gather(leaving, return_exceptions=True)
            assert await taken(queue, ready(b"2")) == [b"2"]


async def test_an_engine_that_gives_nothing_for_too_long_has_failed() -> None:
    silent = Blocks(b"1")
    async with queue_of(patience_seconds=0.05) as queue:
        with pytest.raises(EngineError, match=r"no audio for 0\.05 s"):
            await taken(queue, silent)
        assert silent.is_closed

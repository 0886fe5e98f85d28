"""The queue between the event loop and an engine."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.waiting import PATIENCE_SECONDS
from wyoming_servers.runtime.errors import BusyError
from wyoming_servers.runtime.inference import InferenceQueue


@asynccontextmanager
async def queue_of(limit: int = 16) -> AsyncIterator[InferenceQueue]:
    queue = InferenceQueue("test", limit=limit)
    try:
        yield queue
    finally:
        queue.close()


async def test_work_runs_in_another_thread_and_in_order() -> None:
    seen: list[int] = []
    async with queue_of() as queue:
        threads = await asyncio.gather(
            *(queue.run(lambda n: seen.append(n) or threading.get_ident(), n) for n in range(9))
        )
    assert seen == list(range(9))
    assert set(threads) != {threading.get_ident()}
    assert len(set(threads)) == 1


async def test_an_exception_reaches_the_caller_and_the_queue_goes_on() -> None:
    def fail() -> None:
        raise LookupError("from the thread")

    async with queue_of() as queue:
        with pytest.raises(LookupError, match="from the thread"):
            await queue.run(fail)
        assert await queue.run(lambda: 5) == 5


async def test_beyond_its_limit_the_queue_refuses_and_later_takes_work_again() -> None:
    gate = threading.Event()
    async with queue_of(limit=2) as queue:
        waiting = [asyncio.create_task(queue.run(gate.wait, PATIENCE_SECONDS)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(BusyError, match="already has 2 requests"):
            await queue.run(lambda: None)
        gate.set()
        await asyncio.gather(*waiting)
        assert await queue.run(lambda: 7) == 7


async def test_work_that_is_cancelled_before_it_began_never_runs() -> None:
    gate = threading.Event()
    ran: list[str] = []
    async with queue_of(limit=2) as queue:
        first = asyncio.create_task(queue.run(gate.wait, PATIENCE_SECONDS))
        second = asyncio.create_task(queue.run(ran.append, "second"))
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)
        gate.set()
        await first
        assert await queue.run(lambda: "slot is free") == "slot is free"
    assert ran == []


async def test_no_thread_is_left_when_the_queue_is_closed() -> None:
    async with queue_of() as queue:
        ident = await queue.run(threading.get_ident)
    worker = next((thread for thread in threading.enumerate() if thread.ident == ident), None)
    if worker is not None:
        await asyncio.to_thread(worker.join, 5)
        assert not worker.is_alive()

"""The queue between the event loop and an engine."""

import asyncio
import itertools
import threading
from collections.abc import AsyncIterator, Generator
from contextlib import aclosing, asynccontextmanager

import pytest

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
        waiting = [asyncio.create_task(queue.run(gate.wait, 10)) for _ in range(2)]
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
        first = asyncio.create_task(queue.run(gate.wait, 10))
        second = asyncio.create_task(queue.run(ran.append, "second"))
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)
        gate.set()
        await first
        assert await queue.run(lambda: "slot is free") == "slot is free"
    assert ran == []


async def test_a_stream_hands_over_all_items_in_order() -> None:
    async with queue_of() as queue:
        assert [item async for item in queue.stream(lambda: (n for n in range(50)))] == list(range(50))


async def test_a_streams_exception_comes_after_its_items() -> None:
    def produce() -> Generator[int]:
        yield 1
        raise LookupError("half way")

    async with queue_of() as queue:
        items = queue.stream(produce)
        assert await anext(items) == 1
        with pytest.raises(LookupError, match="half way"):
            await anext(items)


async def test_leaving_a_stream_early_closes_its_generator_in_the_worker_every_time() -> None:
    closed_in: list[int] = []

    def produce() -> Generator[int]:
        try:
            while True:
                yield 1
        finally:
            closed_in.append(threading.get_ident())

    async with queue_of(limit=2) as queue:
        worker = await queue.run(threading.get_ident)
        for round_number in range(200):
            async with aclosing(queue.stream(produce)) as items:
                async for _ in items:
                    break
                for _ in range(round_number % 4):  # leave at different moments of the hand-over
                    await asyncio.sleep(0)
            assert await queue.run(lambda: "free") == "free"
    assert closed_in == [worker] * 200


async def test_a_cancelled_consumer_frees_the_worker_that_waits_for_it() -> None:
    closed, has_many = threading.Event(), threading.Event()

    def produce() -> Generator[int]:
        try:
            for number in itertools.count():
                if number == 5:  # four wait in the hand-over, so that this one blocks the worker
                    has_many.set()
                yield number
        finally:
            closed.set()

    async def consume(queue: InferenceQueue) -> None:
        async with aclosing(queue.stream(produce)) as items:
            async for _ in items:
                await asyncio.sleep(60)

    async with queue_of() as queue:
        consumer = asyncio.create_task(consume(queue))
        assert await asyncio.to_thread(has_many.wait, 10)
        consumer.cancel()
        await asyncio.gather(consumer, return_exceptions=True)
        assert await queue.run(closed.is_set)


async def test_a_stream_that_is_left_before_it_began_is_never_begun() -> None:
    gate = threading.Event()
    begun: list[bool] = []

    def produce() -> Generator[int]:
        begun.append(True)
        yield 1

    async def consume(queue: InferenceQueue) -> None:
        async with aclosing(queue.stream(produce)) as items:
            async for _ in items:
                pass

    async with queue_of() as queue:
        first = asyncio.create_task(queue.run(gate.wait, 10))
        second = asyncio.create_task(consume(queue))
        await asyncio.sleep(0.01)
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)
        gate.set()
        await first
        assert await queue.run(lambda: begun) == []


async def test_no_thread_is_left_when_the_queue_is_closed() -> None:
    async with queue_of() as queue:
        ident = await queue.run(threading.get_ident)
    worker = next((thread for thread in threading.enumerate() if thread.ident == ident), None)
    if worker is not None:
        await asyncio.to_thread(worker.join, 5)
        assert not worker.is_alive()

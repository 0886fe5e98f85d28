"""Windows of many streams on their way to the engine."""

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pytest

from tests.fakes.speech_engines import FakeWakeEngine
from tests.waiting import PATIENCE_SECONDS
from wyoming_servers.runtime.inference import InferenceQueue
from wyoming_servers.wake.batching import Batcher, Feed, Window
from wyoming_servers.wake.engine import Heard

QUIET = np.zeros(1280, np.int16)


class Room:
    """A stream that notes which of its windows have been heard."""

    def __init__(self, batcher: Batcher, engine: FakeWakeEngine) -> None:
        self.batcher = batcher
        self.heard: list[int] = []
        self.failures = 0
        self.feed = Feed(engine.open(["loud"]), self.receive)
        batcher.add(self.feed)

    def receive(self, window: Window, heard: Heard) -> None:
        self.heard.append(window.position)
        self.failures += heard.failure is not None

    def says(self, *positions: int) -> None:
        now = asyncio.get_running_loop().time()
        self.feed.windows.extend(Window(QUIET, position, now) for position in positions)
        self.batcher.notice()


async def until(*rooms: Room, windows: int) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while any(len(room.heard) < windows for room in rooms):
            await asyncio.sleep(0.001)


@pytest.fixture
async def batcher(wake_engine: FakeWakeEngine) -> AsyncIterator[Batcher]:
    queue = InferenceQueue("wake-test")
    batcher = Batcher(wake_engine, queue, gather_seconds=0.02)
    yield batcher
    await batcher.close()
    queue.close()


async def test_windows_that_are_due_together_are_one_batch(batcher: Batcher, wake_engine: FakeWakeEngine) -> None:
    rooms = [Room(batcher, wake_engine) for _ in range(8)]
    for room in rooms:
        room.says(1)
        await asyncio.sleep(0)
    await until(*rooms, windows=1)
    assert wake_engine.batches == [8]


async def test_nobody_waits_for_a_stream_that_sleeps(batcher: Batcher, wake_engine: FakeWakeEngine) -> None:
    batcher._gather_seconds = 100
    awake, asleep = Room(batcher, wake_engine), Room(batcher, wake_engine)
    asleep.feed.is_awaited = False
    awake.says(1)
    await until(awake, windows=1)
    assert wake_engine.batches == [1]


async def test_a_window_waits_no_longer_than_it_may(batcher: Batcher, wake_engine: FakeWakeEngine) -> None:
    talking, late = Room(batcher, wake_engine), Room(batcher, wake_engine)
    talking.says(1)
    await until(talking, windows=1)
    late.says(1)
    await until(late, windows=1)
    assert wake_engine.batches == [1, 1]


async def test_a_stream_with_much_to_say_is_not_served_before_others(
    batcher: Batcher, wake_engine: FakeWakeEngine
) -> None:
    fast, live = Room(batcher, wake_engine), Room(batcher, wake_engine)
    fast.says(*range(50))
    live.says(1)
    await until(live, windows=1)
    assert len(fast.heard) <= 2
    await until(fast, windows=50)
    assert fast.heard == list(range(50))


async def test_a_bug_in_one_batch_does_not_end_the_hearing(batcher: Batcher, wake_engine: FakeWakeEngine) -> None:
    room = Room(batcher, wake_engine)
    wake_engine.failure = ZeroDivisionError("a bug")
    room.says(1)
    await until(room, windows=1)
    wake_engine.failure = None
    room.says(2)
    await until(room, windows=2)
    assert room.failures == 1


async def test_what_waits_of_a_stream_that_is_forgotten_is_not_heard(
    batcher: Batcher, wake_engine: FakeWakeEngine
) -> None:
    gone, here = Room(batcher, wake_engine), Room(batcher, wake_engine)
    gone.says(1, 2)
    batcher.remove(gone.feed)
    here.says(1)
    await until(here, windows=1)
    assert gone.heard == []
    assert batcher.streams == 1

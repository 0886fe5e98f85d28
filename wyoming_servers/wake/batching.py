"""The windows of all streams on their way to the engine: those that are due at the same time go together."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from wyoming_servers.runtime import metrics
from wyoming_servers.runtime.audio import Samples
from wyoming_servers.runtime.errors import ServerError
from wyoming_servers.runtime.inference import InferenceQueue

from .engine import Due, Heard, WakeEngine, WakeStream

_LOGGER = logging.getLogger(__name__)
_PACE_BATCHES = 9
"""The median of so many is no lie when the machine has stood still during a few of them."""


@dataclass(frozen=True, slots=True)
class Window:
    """A piece of a stream that the engine should hear."""

    samples: Samples
    position: int
    """Where it ends, in samples since the stream began."""

    arrived: float
    """When, by the loop's clock."""

    is_repeated: bool = False
    """Whether it was silent and is only heard for the sake of those after it."""


class Feed:
    """One stream's windows that wait for the engine."""

    def __init__(self, stream: WakeStream, receive: Callable[[Window, Heard], None]) -> None:
        """`receive` is told of each window in order, on the loop and before the stream's next window is computed."""
        self.stream = stream
        self.receive = receive
        self.windows: deque[Window] = deque()
        self.is_in_engine = False
        """Whether one of them is being computed."""

        self.is_awaited = True
        """Whether more windows are to come soon; no batch waits for a stream that sleeps or has ended."""


class Batcher:
    """Takes one window of each stream that has one, the oldest first, and gives them to the engine as one batch.

    While a batch is computed the next one gathers: with more streams batches grow, and none is served before others.
    """

    def __init__(self, engine: WakeEngine, queue: InferenceQueue, gather_seconds: float) -> None:
        self._engine = engine
        self._queue = queue
        self._gather_seconds = gather_seconds
        self._feeds: list[Feed] = []
        self._durations: deque[float] = deque([0.0], maxlen=_PACE_BATCHES)
        self._has_due = asyncio.Event()
        self._clock = asyncio.get_running_loop().time
        self._task = asyncio.create_task(self._work(), name="wake word batches")

    @property
    def streams(self) -> int:
        """How many are listened to."""
        return len(self._feeds)

    @property
    def batch_seconds(self) -> float:
        """How long the engine needs for a batch, thus for one window of each stream: the median of the last ones."""
        return median(self._durations)

    def add(self, feed: Feed) -> None:
        """Listen to a stream from now on."""
        self._feeds.append(feed)
        metrics.WAKE_STREAMS.set(len(self._feeds))

    def remove(self, feed: Feed) -> None:
        """Forget a stream; what waits of it is dropped."""
        feed.windows.clear()
        if feed in self._feeds:
            self._feeds.remove(feed)
        metrics.WAKE_STREAMS.set(len(self._feeds))

    def notice(self) -> None:
        """Look for windows: some feed has a new one."""
        self._has_due.set()

    async def close(self) -> None:
        """Stop."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            await self._has_due.wait()
            await self._gather()
            batch = [(feed, feed.windows.popleft()) for feed in self._feeds if feed.windows]
            if batch:
                await self._process(batch)
            else:
                self._has_due.clear()

    async def _gather(self) -> None:
        """Wait for windows of other streams, unless all have one or the first has waited for long enough."""
        due = [feed.windows[0].arrived for feed in self._feeds if feed.windows]
        if due and any(feed.is_awaited and not feed.windows for feed in self._feeds):
            await asyncio.sleep(min(due) + self._gather_seconds - self._clock())

    async def _process(self, batch: Sequence[tuple[Feed, Window]]) -> None:
        metrics.WAKE_BATCH_STREAMS.observe(len(batch))
        due = []
        for feed, window in batch:
            feed.is_in_engine = True
            due.append(Due(feed.stream, window.samples))
        began = self._clock()
        try:
            heard = await self._queue.run(self._engine.process, due)
        except Exception:
            # A bug in one batch must not end the hearing of all: those in it are told, the others go on.
            _LOGGER.exception("Unexpected failure in the wake word engine")
            failure = ServerError("Something went wrong inside the server; its log has the details.")
            heard = [Heard(failure=failure)] * len(batch)
        self._durations.append(self._clock() - began)
        metrics.WAKE_LAG_SECONDS.observe(self._clock() - min(window.arrived for _, window in batch))
        for (feed, window), result in zip(batch, heard, strict=True):
            feed.is_in_engine = False
            feed.receive(window, result)

"""Loading an engine in the background while the server already answers, and letting it go when nobody needs it."""

import asyncio
import itertools
import logging
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from time import perf_counter
from typing import Generic, TypeVar

from . import metrics
from .errors import EngineError, NotReadyError

_LOGGER = logging.getLogger(__name__)
T = TypeVar("T")
V = TypeVar("V")


class LoadState(StrEnum):
    """Where an engine stands."""

    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"
    """It will be tried again."""

    UNLOADED = "unloaded"
    """Nobody has needed it for a while; the next request loads it."""


@dataclass(frozen=True, slots=True)
class LoadSettings:
    """When an engine is loaded and let go."""

    patience_seconds: float = 20.0
    """How long a request waits for an engine that loads."""

    idle_seconds: float | None = None
    """An engine that nobody has used for so long is let go. None keeps it."""

    retry_seconds: Sequence[float] = (5.0, 15.0, 60.0, 300.0, 600.0)
    """Waits before each new try after a failure; the last one is repeated."""


class EngineLoader(Generic[T]):
    """Loads one engine in a thread, once for all who ask; requests that come early wait for it for a while."""

    def __init__(
        self,
        name: str,
        load: Callable[[], T],
        *,
        unload: Callable[[], None] = lambda: None,
        is_alive: Callable[[], bool] = lambda: True,
        settings: LoadSettings = LoadSettings(),
    ) -> None:
        """`unload` gives back what `load` took and stops one under way; `is_alive` tells of a loaded engine."""
        self.name = name
        self.state = LoadState.LOADING
        self.failure: str | None = None
        """What went wrong, for people. None unless `state` is FAILED."""

        self.engine: T | None = None
        """None unless `state` is READY."""

        self._load = load
        self._unload = unload
        self._is_alive = is_alive
        self._settings = settings
        self._users = 0
        self._task: asyncio.Task[None] | None = None
        self._settled = asyncio.Event()
        """Set while the outcome of a load is known."""

        self._timer: asyncio.TimerHandle | None = None
        self._unloading: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to load; returns at once."""
        self.state, self.engine = LoadState.LOADING, None
        self._settled.clear()
        self._task = asyncio.create_task(self._run(), name=f"load {self.name}")

    def ensure(self) -> None:
        """Begin to load what was let go or has ended by itself, for a request that will come; returns at once."""
        if self.state is LoadState.READY and not self._is_alive():
            _LOGGER.warning("%s has ended by itself; it is started anew", self.name)
            metrics.ENGINE_LOST.labels(self.name).inc()
            self.start()
        elif self.state is LoadState.UNLOADED:
            self.start()
        self._rest()

    async def get(self) -> T:
        """Return the loaded engine.

        Raises: NotReadyError when it takes longer than the patience, EngineError when it could not be loaded.
        """
        if self._task is None:
            raise NotReadyError(self.name)
        self.ensure()
        try:
            async with asyncio.timeout(self._settings.patience_seconds):
                await self._settled.wait()
        except TimeoutError as err:
            raise NotReadyError(self.name) from err
        if self.engine is None:
            raise EngineError(f"{self.name} could not be loaded: {self.failure}")
        return self.engine

    @asynccontextmanager
    async def using(self) -> AsyncIterator[T]:
        """Yield the loaded engine, which stays loaded meanwhile. Raises: as `get`."""
        self._users += 1
        try:
            yield await self.get()
        finally:
            self._users -= 1
            self._rest()

    async def stop(self) -> None:
        """Let the engine go; a load under way that can't be stopped does not hold up the process's end."""
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._unloading is not None:
            await self._unloading
        await asyncio.to_thread(self._unload)

    def _rest(self) -> None:
        """Let the engine go in a while, counted from now."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._settings.idle_seconds is not None and not self._users:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._settings.idle_seconds, self._let_go)

    def _let_go(self) -> None:
        if self.state is not LoadState.READY or self._users:
            return
        _LOGGER.info("%s is unloaded: nobody has used it for %g s", self.name, self._settings.idle_seconds)
        self.state, self.engine = LoadState.UNLOADED, None
        self._unloading = asyncio.create_task(asyncio.to_thread(self._unload), name=f"unload {self.name}")

    async def _run(self) -> None:
        """Load, and try again until it succeeds."""
        if self._unloading is not None:
            await self._unloading
        waits = self._settings.retry_seconds
        for wait in itertools.chain(waits, itertools.repeat(waits[-1])):
            if await self._try():
                return
            _LOGGER.info("%s is tried again in %g s", self.name, wait)
            await asyncio.sleep(wait)

    async def _try(self) -> bool:
        started = perf_counter()
        try:
            engine = await _in_thread_of_its_own(self._load, self.name)
        except (EngineError, ImportError, OSError) as err:
            _LOGGER.error("%s could not be loaded: %s", self.name, err)  # noqa: TRY400 (the cause is the message)
            self._settle(LoadState.FAILED, failure=err)
        except Exception as err:
            # Whatever a library raises, the state must not stay at "loading" for ever.
            _LOGGER.exception("%s could not be loaded", self.name)
            self._settle(LoadState.FAILED, failure=err)
        else:
            seconds = perf_counter() - started
            metrics.ENGINE_LOAD_SECONDS.labels(self.name).set(seconds)
            _LOGGER.info("%s ready in %.2f s", self.name, seconds)
            self._settle(LoadState.READY, engine)
        return self.state is LoadState.READY

    def _settle(self, state: LoadState, engine: T | None = None, failure: Exception | None = None) -> None:
        self.state, self.engine = state, engine
        self.failure = f"{type(failure).__name__}: {failure}" if failure else None
        self._settled.set()
        self._rest()


async def _in_thread_of_its_own(function: Callable[[], T], name: str) -> T:
    """Return the function's result. Unlike one of a pool the thread may be left behind: a download takes minutes."""
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[T] = loop.create_future()

    def work() -> None:
        try:
            _hand_over(loop, outcome, outcome.set_result, function())
        except BaseException as err:  # noqa: BLE001 (carried to whoever waits)
            _hand_over(loop, outcome, outcome.set_exception, err)

    threading.Thread(target=work, name=f"load {name}", daemon=True).start()
    return await outcome


def _hand_over(
    loop: asyncio.AbstractEventLoop, outcome: asyncio.Future[T], settle: Callable[[V], None], value: V
) -> None:
    with suppress(RuntimeError):  # the loop is closed: nobody waits any more
        loop.call_soon_threadsafe(lambda: None if outcome.done() else settle(value))

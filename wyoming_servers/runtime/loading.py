"""Loading an engine in the background, once, while the server already answers."""

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
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


class EngineLoader(Generic[T]):
    """Loads one engine in a thread; requests that come early wait for it for a while."""

    def __init__(self, name: str, load: Callable[[], T], *, patience_seconds: float = 20.0) -> None:
        self.name = name
        self.state = LoadState.LOADING
        self.failure: str | None = None
        """What went wrong, for people. None unless `state` is FAILED."""

        self.engine: T | None = None
        """None unless `state` is READY."""

        self._load = load
        self._patience_seconds = patience_seconds
        self._task: asyncio.Task[T] | None = None

    def start(self) -> None:
        """Begin to load; returns at once."""
        self._task = asyncio.create_task(self._run(), name=f"load {self.name}")
        self._task.add_done_callback(_retrieve)

    async def get(self) -> T:
        """Return the loaded engine.

        Raises: NotReadyError when it takes longer than the patience, EngineError when it could not be loaded.
        """
        if self._task is None:
            raise NotReadyError(self.name)
        try:
            async with asyncio.timeout(self._patience_seconds):
                return await asyncio.shield(self._task)
        except TimeoutError as err:
            raise NotReadyError(self.name) from err

    async def stop(self) -> None:
        """Forget the engine; a load under way goes on in its thread, which does not hold up the process's end."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> T:
        started = perf_counter()
        try:
            engine = await _in_thread_of_its_own(self._load, self.name)
        except (EngineError, ImportError, OSError) as err:
            _LOGGER.error("%s could not be loaded: %s", self.name, err)  # noqa: TRY400 (the cause is the message)
            raise self._failed(err) from err
        except Exception as err:
            # Whatever a library raises, the state must not stay at "loading" for ever.
            _LOGGER.exception("%s could not be loaded", self.name)
            raise self._failed(err) from err
        seconds = perf_counter() - started
        self.engine, self.state = engine, LoadState.READY
        metrics.ENGINE_LOAD_SECONDS.labels(self.name).set(seconds)
        _LOGGER.info("%s ready in %.2f s", self.name, seconds)
        return engine

    def _failed(self, err: Exception) -> EngineError:
        self.state, self.failure = LoadState.FAILED, f"{type(err).__name__}: {err}"
        return EngineError(f"{self.name} could not be loaded: {err}")


async def _in_thread_of_its_own(function: Callable[[], T], name: str) -> T:
    """Return the function's result. Unlike one of a pool the thread may be left behind: a download takes minutes."""
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[T] = loop.create_future()

    def work() -> None:
        try:
            _settle(loop, outcome, outcome.set_result, function())
        except BaseException as err:  # noqa: BLE001 (carried to whoever waits)
            _settle(loop, outcome, outcome.set_exception, err)

    threading.Thread(target=work, name=f"load {name}", daemon=True).start()
    return await outcome


def _settle(loop: asyncio.AbstractEventLoop, outcome: asyncio.Future[T], settle: Callable[[V], None], value: V) -> None:
    with suppress(RuntimeError):  # the loop is closed: nobody waits any more
        loop.call_soon_threadsafe(lambda: None if outcome.done() else settle(value))


def _retrieve(task: asyncio.Task[T]) -> None:
    """Mark the outcome as seen: it is logged above, and raised again to each caller of `get`."""
    if not task.cancelled():
        task.exception()

"""When an engine is loaded, let go, and tried again."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from tests.waiting import PATIENCE_SECONDS, until
from wyoming_servers.runtime.errors import EngineError, NotReadyError
from wyoming_servers.runtime.loading import EngineLoader, LoadSettings, LoadState


@dataclass
class Loads:
    """Counts loads and unloads; a load waits for the gate and may fail."""

    failures: list[Exception] = field(default_factory=list)
    """Of the next loads, one each."""

    gate: threading.Event = field(default_factory=threading.Event)
    begun: int = 0
    unloaded: int = 0
    is_alive: bool = True

    def __post_init__(self) -> None:
        self.gate.set()

    def load(self) -> int:
        self.begun += 1
        self.gate.wait(PATIENCE_SECONDS)
        if self.failures:
            raise self.failures.pop(0)
        self.is_alive = True
        return self.begun

    def unload(self) -> None:
        self.unloaded += 1


@asynccontextmanager
async def loader_of(loads: Loads, **settings: object) -> AsyncIterator[EngineLoader[int]]:
    loader = EngineLoader(
        "test", loads.load, unload=loads.unload, is_alive=lambda: loads.is_alive, settings=LoadSettings(**settings)
    )
    try:
        yield loader
    finally:
        loads.gate.set()
        await loader.stop()


async def test_all_who_come_early_get_the_engine_of_one_load() -> None:
    loads = Loads()
    loads.gate.clear()
    async with loader_of(loads) as loader:
        with pytest.raises(NotReadyError):
            await loader.get()
        loader.start()
        waiting = [asyncio.create_task(loader.get()) for _ in range(5)]
        await asyncio.sleep(0)
        loads.gate.set()
        assert await asyncio.gather(*waiting) == [1] * 5


async def test_who_waits_too_long_is_told_and_the_load_goes_on() -> None:
    loads = Loads()
    loads.gate.clear()
    async with loader_of(loads, patience_seconds=0.05) as loader:
        loader.start()
        with pytest.raises(NotReadyError):
            await loader.get()
        loads.gate.set()
        await until(lambda: loader.state is LoadState.READY)
        assert (await loader.get(), loads.begun) == (1, 1)


async def test_a_failed_load_is_told_at_once_and_tried_again_until_it_succeeds() -> None:
    loads = Loads(failures=[EngineError("no network"), KeyError("a bug"), OSError("no disk")])
    async with loader_of(loads, retry_seconds=(0.0, 0.05)) as loader:
        loader.start()
        with pytest.raises(EngineError, match="no network"):
            await loader.get()
        assert loader.state is LoadState.FAILED
        await until(lambda: loader.state is LoadState.READY)
        assert (await loader.get(), loader.failure) == (4, None)


async def test_an_engine_that_nobody_uses_is_let_go_and_loaded_again_for_the_next() -> None:
    loads = Loads()
    async with loader_of(loads, idle_seconds=0.05) as loader:
        loader.start()
        await until(lambda: loader.state is LoadState.UNLOADED)
        assert loader.engine is None
        async with loader.using() as engine:
            assert engine == 2
        assert loads.unloaded == 1


async def test_an_engine_in_use_is_not_let_go() -> None:
    loads = Loads()
    async with loader_of(loads, idle_seconds=0.05) as loader:
        loader.start()
        async with loader.using():
            async with loader.using():
                pass
            await asyncio.sleep(0.15)
            assert (loader.state, loads.unloaded) == (LoadState.READY, 0)
        await until(lambda: loader.state is LoadState.UNLOADED)


async def test_who_is_expected_to_need_it_finds_it_loading() -> None:
    loads = Loads()
    async with loader_of(loads, idle_seconds=0.05) as loader:
        loader.start()
        await until(lambda: loader.state is LoadState.UNLOADED)
        loads.gate.clear()
        loader.ensure()
        loader.ensure()
        await until(lambda: loads.begun == 2)
        assert loader.state is LoadState.LOADING
        loads.gate.set()
        assert await loader.get() == 2


async def test_an_engine_that_ended_by_itself_is_started_anew_for_the_next() -> None:
    loads = Loads()
    async with loader_of(loads) as loader:
        loader.start()
        assert await loader.get() == 1
        loads.is_alive = False
        assert await loader.get() == 2


async def test_without_a_time_to_unload_the_engine_stays() -> None:
    loads = Loads()
    async with loader_of(loads) as loader:
        loader.start()
        async with loader.using():
            pass
        assert loader._timer is None
    assert loads.unloaded == 1

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from knowledge import ServiceSettings
from tests.knowledge.service.running import TOKEN, Client, house, started


@pytest.fixture
def settings(tmp_path: Path, probed: Path) -> ServiceSettings:
    return house(tmp_path / "house", probed)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory, probed: Path) -> AsyncIterator[Client]:
    """A service for all tests that only ask."""
    async with started(house(tmp_path_factory.mktemp("asked"), probed)) as client:
        await client.until_indexed(1)
        yield client


@pytest_asyncio.fixture(loop_scope="module")
async def own(settings: ServiceSettings) -> AsyncIterator[Client]:
    """A service for a test that changes the files."""
    async with started(settings) as client:
        await client.until_indexed(1)
        yield client


@pytest_asyncio.fixture(loop_scope="module")
async def guarded(settings: ServiceSettings) -> AsyncIterator[Client]:
    async with started(dataclasses.replace(settings, token=TOKEN)) as client:
        yield client

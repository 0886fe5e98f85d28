from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests.fakes.lecture_service import LectureService
from tests.knowledge.service.browsing import CHROMIUM
from tests.knowledge.service.running import TOKEN, Client, house, started

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser

    from knowledge import ServiceSettings


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


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    playwright = pytest.importorskip("playwright.async_api", reason="the package playwright is not installed")
    async with playwright.async_playwright() as driver:
        # Without a sandbox: in a container it needs rights that a test should not have.
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def service(tmp_path: Path) -> AsyncIterator[LectureService]:
    async with LectureService(tmp_path) as service:
        yield service

"""A knowledge folder that is away, closed, empty or read-only: the service runs on and says so."""

import asyncio
import dataclasses
from pathlib import Path

import pytest

from knowledge import ServiceSettings
from knowledge.errors import FolderError
from tests.knowledge.service.running import Client, started

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def until_problem(client: Client, problem: str | None) -> None:
    async with asyncio.timeout(30):
        while (await client.get("/health"))[1].get("folder_problem", "") != problem:
            await asyncio.sleep(0.05)


async def test_a_folder_that_goes_away_is_told_of_until_it_is_back(own: Client, tmp_path: Path) -> None:
    await until_problem(own, None)
    own.folder.rename(tmp_path / "elsewhere")
    async with own.session.post("/reindex") as response:
        assert response.status == 202
    await until_problem(own, "missing")
    _, answer = await own.post("/ask", {"question": "How do I bleed a radiator?"})
    assert answer["found"]
    (tmp_path / "elsewhere").rename(own.folder)
    await until_problem(own, None)


async def test_a_service_starts_without_a_folder_that_it_has_read_before(settings: ServiceSettings) -> None:
    folder = settings.knowledge.folder
    async with started(settings) as client:
        await client.until_indexed(1)
    folder.rename(folder.with_name("unplugged"))
    async with started(settings) as client:
        await until_problem(client, "missing")
        assert (await client.post("/ask", {"question": "How do I bleed a radiator?"}))[1]["found"]
        folder.with_name("unplugged").rename(folder)
        await until_problem(client, None)
        (folder / "documents" / "pump.md").write_text("# Pump\nThe pump is behind the shed.")
        await client.until_indexed(2)


async def test_a_folder_with_nothing_to_read_is_told_of_until_something_comes(settings: ServiceSettings) -> None:
    documents = settings.knowledge.folder / "documents"
    (documents / "house-manual.md").unlink()
    (documents / "cat.jpg").write_bytes(b"x")
    async with started(settings) as client:
        await until_problem(client, "empty")
        (documents / "pump.md").write_text("# Pump\nThe pump is behind the shed.")
        await until_problem(client, None)


async def test_a_folder_of_another_path_that_was_never_there_prevents_the_start(
    settings: ServiceSettings, tmp_path: Path
) -> None:
    knowledge = dataclasses.replace(settings.knowledge, folder=tmp_path / "typo")
    with pytest.raises(FolderError, match="does not exist"):
        async with started(dataclasses.replace(settings, knowledge=knowledge)):
            pass

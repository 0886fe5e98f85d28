"""A knowledge folder that is away, closed, empty or read-only: the service runs on and says so."""

import asyncio
import dataclasses
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge import ServiceSettings
from knowledge.errors import FolderError
from tests.knowledge.service.running import Client, started
from tests.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def other_disk() -> Iterator[Path]:
    """A folder of another file system than that of temporary files."""
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == Path(tempfile.gettempdir()).stat().st_dev:
        pytest.skip("there is only one file system")
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


async def until_problem(client: Client, problem: str | None) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
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


async def test_the_empty_folder_that_a_disk_leaves_behind_makes_nothing_forgotten(
    settings: ServiceSettings, other_disk: Path
) -> None:
    folder = settings.knowledge.folder
    shutil.copytree(folder, other_disk / "files")
    shutil.rmtree(folder)
    folder.symlink_to(other_disk / "files")
    async with started(settings) as client:
        await client.until_indexed(1)
        await until_problem(client, None)
        folder.unlink()
        folder.mkdir()
        async with client.session.post("/reindex"):
            await until_problem(client, "missing")
        assert (await client.post("/ask", {"question": "How do I bleed a radiator?"}))[1]["found"]
        folder.rmdir()
        folder.symlink_to(other_disk / "files")
        await until_problem(client, None)


async def test_files_that_are_deleted_on_their_own_disk_are_forgotten(own: Client) -> None:
    (own.folder / "documents" / "house-manual.md").unlink()
    await until_problem(own, "empty")
    assert (await own.get("/health"))[1]["documents"] == 0

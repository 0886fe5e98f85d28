"""Who polls the health sees there whether it is worth to ask for the lectures."""

import asyncio

import pytest

from tests.knowledge.service.running import Client
from tests.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.asyncio(loop_scope="module")

SAID = "1\n00:00:01,000 --> 00:00:05,000\nГрадиентный спуск ищет минимум функции.\n"


async def version(client: Client) -> str:
    return str((await client.get("/health"))[1]["lectures_version"])


async def test_the_version_changes_with_the_lectures_and_only_with_them(own: Client) -> None:
    without = await version(own)
    (own.folder / "documents" / "pump.md").write_text("# Pump\nThe pump is behind the shed.")
    await own.until_indexed(2)
    assert await version(own) == without
    (own.folder / "lectures").mkdir()
    (own.folder / "lectures" / "gradient.srt").write_text(SAID, encoding="utf-8")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while [lecture["state"] for lecture in (await own.get("/lectures"))[1]["lectures"]] != ["ready"]:
            await asyncio.sleep(0.05)
    ready = await version(own)
    assert ready != without
    (own.folder / "lectures" / "gradient.srt").unlink()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await version(own) == ready:
            await asyncio.sleep(0.05)

"""A service on a socket of its own, and what the wire has to look like."""

import asyncio
import json
import shutil
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiohttp

from knowledge import KnowledgeBase, KnowledgeSettings, ServiceSettings
from knowledge.service.app import serve
from knowledge.settings import IngestSettings
from tests.waiting import PATIENCE_SECONDS

ROOT = Path(__file__).parents[3]
CONTRACT = ROOT / "tests" / "contract" / "knowledge"
MANUAL = "# House manual\n## Bleeding a radiator\nTurn the bleed screw half a turn and close it when water comes.\n"
TOKEN = "s3cret"
INGEST = IngestSettings(settle_seconds=0.2, poll_seconds=0.5)


def contract(name: str) -> Any:
    return json.loads((CONTRACT / f"{name}.json").read_text(encoding="utf-8"))


def shape(value: Any) -> Any:
    """The keys and types of a message; a list has the shape of its first item."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value[:1]]
    return type(value).__name__


def without_score(hits: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: value for key, value in hit.items() if key != "score"} for hit in hits]


class Client:
    def __init__(self, session: aiohttp.ClientSession, folder: Path, url: str) -> None:
        self.session, self.folder, self.url = session, folder, url

    async def get(self, path: str, **kwargs: Any) -> tuple[int, Any]:
        async with self.session.get(path, **kwargs) as response:
            return response.status, await response.json()

    async def post(self, path: str, body: Any = None, **kwargs: Any) -> tuple[int, Any]:
        async with self.session.post(path, json=body, **kwargs) as response:
            return response.status, await response.json()

    async def until_indexed(self, documents: int) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                status, health = await self.get("/health")
                if status == 200 and health["documents"] == documents:
                    return dict(health)
                await asyncio.sleep(0.05)

    async def until_ready(self, lectures: int) -> list[str]:
        """Wait until so many lectures are ready; return their ids, the newest first."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                status, body = await self.get("/lectures")
                ids = [one["id"] for one in body.get("lectures", []) if one["state"] == "ready"]
                if status == 200 and len(ids) == lectures:
                    return ids
                await asyncio.sleep(0.05)


@asynccontextmanager
async def started(
    settings: ServiceSettings, open_base: Callable[[KnowledgeSettings], KnowledgeBase] = KnowledgeBase
) -> AsyncIterator[Client]:
    stop = asyncio.Event()
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    service = asyncio.create_task(serve(settings, stop, ready.set_result, open_base))
    try:
        await asyncio.wait([service, ready], return_when=asyncio.FIRST_COMPLETED)
        if service.done():
            await service
        async with aiohttp.ClientSession(ready.result()) as session:
            yield Client(session, settings.knowledge.folder, ready.result())
    finally:
        stop.set()
        await service


def house(root: Path, probed: Path) -> ServiceSettings:
    folder, data = root / "knowledge", root / "data"
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "house-manual.md").write_text(MANUAL)
    shutil.copytree(probed, data)
    return ServiceSettings(KnowledgeSettings(folder, data, INGEST), port=0)


@contextmanager
def served_in_thread(
    settings: ServiceSettings, open_base: Callable[[KnowledgeSettings], KnowledgeBase] = KnowledgeBase
) -> Iterator[str]:
    """Run a service for a test that is not asynchronous, and yield its address."""
    ready, addresses = threading.Event(), list[str]()
    loop, stop = asyncio.new_event_loop(), asyncio.Event()

    def run() -> None:
        on_ready = lambda address: (addresses.append(address), ready.set())[1]  # noqa: E731
        loop.run_until_complete(serve(settings, stop, on_ready, open_base))

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(PATIENCE_SECONDS)
    try:
        yield addresses[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(PATIENCE_SECONDS)
        loop.close()

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from knowledge import ServiceSettings
from knowledge.events import IngestEvent, Stage
from knowledge.service.news import News, Step
from tests.knowledge.service.running import Client, contract, shape, started, without_score
from tests.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVENTS = {"Accept": "text/event-stream"}


async def events(response: aiohttp.ClientResponse) -> AsyncIterator[tuple[str, Any]]:
    name = ""
    async for raw in response.content:
        field, _, value = raw.decode().rstrip("\n").partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, json.loads(value)


async def test_an_answer_comes_in_the_events_of_the_contract(client: Client) -> None:
    async with client.session.post("/ask", json=contract("ask_request"), headers=EVENTS) as response:
        assert (response.status, response.content_type) == (200, "text/event-stream")
        got = [{"event": name, "data": data} async for name, data in events(response)]
    expected = contract("ask_events")
    assert shape(got) == shape(expected)
    assert [one["event"] for one in got] == [one["event"] for one in expected]
    assert got[1] == expected[1]
    assert without_score(got[2]["data"].pop("sources")) == without_score(expected[2]["data"].pop("sources"))
    assert got[2] == expected[2]


async def test_a_question_without_sense_is_refused_before_the_stream(client: Client) -> None:
    async with client.session.post("/ask", json={"question": ""}, headers=EVENTS) as response:
        assert (response.status, shape(await response.json())) == (400, shape(contract("error")))


async def test_a_file_is_followed_from_its_arrival_to_its_end(own: Client) -> None:
    note = own.folder / "documents" / "note.txt"
    expected = {one["event"]: shape(one["data"]) for one in contract("events")}
    async with own.session.get("/events") as response, asyncio.timeout(PATIENCE_SECONDS):
        heard = events(response)
        name, data = await anext(heard)
        assert (name, data["path"]) == ("progress", "")
        note.write_text("Ключ висит у двери.")
        async for name, data in heard:
            assert shape(data) == expected[name]
            if name == "document":
                assert (data["path"], data["status"]) == ("documents/note.txt", "indexed")
                note.unlink()
            if name == "removed":
                assert data == {"path": "documents/note.txt"}
                break


async def test_a_reason_is_told_in_the_listeners_language(own: Client) -> None:
    async with (
        own.session.get("/events", headers={"Accept-Language": "ru-RU,ru;q=0.9,en;q=0.8"}) as response,
        asyncio.timeout(PATIENCE_SECONDS),
    ):
        heard = events(response)
        await anext(heard)
        (own.folder / "documents" / "empty.txt").write_text("")
        async for name, data in heard:
            if name == "document":
                assert (data["status"], data["reason"]) == ("failed", "Файл пуст.")
                break


async def test_a_listener_that_leaves_is_no_failure(own: Client, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        response = await own.session.get("/events")
        response.close()
    (own.folder / "documents" / "note.txt").write_text("A note of some words.")
    await own.until_indexed(2)
    assert "Error" not in caplog.text


async def test_listeners_are_let_go_when_the_service_stops(settings: ServiceSettings) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        async with aiohttp.ClientSession() as session:
            async with started(settings) as client:
                response = await session.get(f"{client.url}/events")
                heard = events(response)
                assert (await anext(heard))[0] == "progress"
            assert [event async for event in heard] == []


async def test_who_listens_too_slowly_loses_the_oldest_news() -> None:
    news = News()
    with news.heard() as slow:
        for number in range(600):
            news.publish(Step(IngestEvent(Stage.READING, str(number)), None))
        first = await slow.get()
    assert first is not None
    assert first.event.path == "100"

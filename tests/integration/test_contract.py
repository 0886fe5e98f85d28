"""Both sides of the wire use the same files."""

import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import aiohttp
import pytest

from custom_components.voice_rag import payloads
from custom_components.voice_rag.api import KnowledgeClient
from custom_components.voice_rag.lectures import details_as_dict
from custom_components.voice_rag.models import (
    Chapter,
    Health,
    Hit,
    KnowledgeVocabulary,
    Lecture,
    SearchFilters,
    Term,
)
from custom_components.voice_rag.vocabulary import House, SpokenName, build_vocabulary
from tests.fakes.knowledge_server import KnowledgeServer, contract

RADIATOR = Hit(
    number=1,
    document="documents/house-manual.md",
    kind="document",
    title="House manual",
    place="Bleeding a radiator",
    language="en",
    text="Turn the bleed screw half a turn and close it when water comes.",
    score=9.41,
)

GRADIENT = Lecture(
    id="9f2c41d07ab35e18",
    path="lectures/Физика/2026-11-18 Градиентный спуск.mp3",
    title="Градиентный спуск",
    held_on=date(2026, 11, 18),
    duration=5412.4,
    state="ready",
    problem="",
    ready_at=datetime(2026, 11, 21, 10, 15, tzinfo=UTC),
    terms=12,
    summary_by="model",
    link="#lectures/9f2c41d07ab35e18",
)


@pytest.fixture
async def client(knowledge: KnowledgeServer) -> AsyncGenerator[KnowledgeClient]:
    async with aiohttp.ClientSession() as session:
        yield KnowledgeClient(session, knowledge.url)


async def test_the_health_is_read(client: KnowledgeClient) -> None:
    assert await client.async_get_health() == Health(
        status="ok",
        version="0.1.0",
        index="lancedb",
        documents=4,
        passages=37,
        pending=0,
        failed=1,
        vocabulary_version="3f2c9a1b",
        last_indexed=datetime(2026, 11, 20, 18, 4, 11, tzinfo=UTC),
        lectures_version="8c41d0aa",
    )


async def test_the_vocabulary_is_read(client: KnowledgeClient) -> None:
    assert await client.async_get_vocabulary() == KnowledgeVocabulary(
        version="3f2c9a1b", topics=("Bleeding a radiator", "Boiler pressure"), titles=("Solaris", "Солярис")
    )


async def test_a_question_is_sent_and_its_answer_read(client: KnowledgeClient, knowledge: KnowledgeServer) -> None:
    answer = await client.async_ask("How do I bleed a radiator?", "en")
    assert knowledge.requests == [("/ask", contract("ask_request"))]
    assert answer.found
    assert answer.spoken == contract("ask_response")["spoken"]
    assert answer.written == contract("ask_response")["written"]
    assert answer.sources == (RADIATOR,)


async def test_an_answer_that_was_not_found_is_read(client: KnowledgeClient) -> None:
    answer = await client.async_ask("Сколько лет слону?", "ru")
    assert not answer.found
    assert answer.spoken == "В ваших документах я этого не нашёл."
    assert answer.sources == ()


async def test_a_search_is_sent_and_its_passages_read(client: KnowledgeClient, knowledge: KnowledgeServer) -> None:
    result = await client.async_search("how do I bleed a radiator", 5)
    assert knowledge.requests == [("/search", contract("search_request"))]
    assert result.relevant
    assert result.hits == (RADIATOR,)


async def test_a_narrowed_search_is_sent(client: KnowledgeClient, knowledge: KnowledgeServer) -> None:
    await client.async_search("how do I bleed a radiator", 6, SearchFilters(("document",), "manual", "en"))
    assert knowledge.requests == [("/search", contract("search_filtered_request"))]


async def test_a_document_is_added_and_removed(client: KnowledgeClient, knowledge: KnowledgeServer) -> None:
    note = contract("add_document_request")
    path = await client.async_add_document(note["name"], note["text"])
    await client.async_remove_document(path)
    assert knowledge.requests == [("/documents", note), ("/documents", contract("remove_document_request"))]


async def test_a_new_look_at_all_files_is_asked_for(client: KnowledgeClient, knowledge: KnowledgeServer) -> None:
    await client.async_reindex()
    assert knowledge.requests == [("/reindex", None)]


async def test_the_lectures_are_read(client: KnowledgeClient) -> None:
    under_way, ready, broken = await client.async_get_lectures("ru")
    assert ready == replace(GRADIENT, link=f"{client.url}/{GRADIENT.link}")
    assert (under_way.state, under_way.ready_at) == ("transcribing", None)
    assert broken.problem == "The file has no audio track. Save it again in another program."


async def test_the_links_of_an_app_lead_into_its_panel_by_their_path(knowledge: KnowledgeServer) -> None:
    async with aiohttp.ClientSession() as session:
        client = KnowledgeClient(session, knowledge.url, page="/app/a0d7b954_voice_rag")
        _, ready, _ = await client.async_get_lectures("ru")
        details = details_as_dict(await client.async_get_lecture(GRADIENT.id))
    assert ready.link == f"/app/a0d7b954_voice_rag/lectures/{GRADIENT.id}"
    assert [chapter["link"] for chapter in details["chapters"]] == [f"{ready.link}/0"]
    found = contract("search_response")
    found["hits"][0]["link"] = "#lectures/9f2c?t=725"
    link = payloads.read_search(found, "/app/a0d7b954_voice_rag").hits[0].link
    assert link == "/app/a0d7b954_voice_rag/lectures/9f2c/725"


async def test_a_lecture_is_read_with_what_was_made_of_it(client: KnowledgeClient) -> None:
    details = await client.async_get_lecture(GRADIENT.id)
    assert details.lecture == replace(GRADIENT, link=f"{client.url}/{GRADIENT.link}")
    assert details.chapters == (Chapter("Что такое градиент", 0.0, 612.5),)
    assert details.summary.startswith("## Коротко")
    assert details.glossary[0] == Term(
        "градиентный спуск", "способ найти минимум функции, шагая против градиента", 6.9, is_supported=True
    )


def test_the_vocabulary_for_the_speech_server_is_what_it_expects() -> None:
    expected = json.loads((Path(__file__).parent.parent / "contract/speech/vocabulary.json").read_text("utf-8"))
    house = House(
        names=(SpokenName("kitchen light", "light"), SpokenName("Свет на кухне", "light")),
        areas=("Kitchen", "Living room"),
        floors=("Ground floor",),
    )
    known = KnowledgeVocabulary("1", topics=("Bleeding a radiator", "Boiler pressure"), titles=("Solaris",))
    assert build_vocabulary(house, known).as_dict() == expected

"""The knowledge client when the service misbehaves."""

from collections.abc import AsyncGenerator

import aiohttp
import pytest

from custom_components.voice_rag.api import KnowledgeClient
from custom_components.voice_rag.errors import (
    KnowledgeAuthError,
    KnowledgeConnectionError,
    KnowledgeError,
    KnowledgeResponseError,
)
from tests.fakes.knowledge_server import Fault, KnowledgeServer, contract


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        (Fault.SERVER_ERROR, KnowledgeResponseError, "answered 500: The index is broken"),
        (Fault.NOT_READY, KnowledgeConnectionError, "not ready"),
        (Fault.NOT_JSON, KnowledgeResponseError, "not JSON"),
        (Fault.WRONG_SHAPE, KnowledgeResponseError, "no valid 'found'"),
        (Fault.HANGS, KnowledgeConnectionError, "within 0.2 s"),
    ],
)
async def test_each_fault_has_its_error(
    session: aiohttp.ClientSession, knowledge: KnowledgeServer, fault: Fault, error: type[KnowledgeError], words: str
) -> None:
    knowledge.faults["/ask"] = fault
    client = KnowledgeClient(session, knowledge.url, timeout_seconds=0.2)
    with pytest.raises(error, match=words):
        await client.async_ask("How?", "en")


async def test_a_service_that_is_away_is_a_connection_error(
    session: aiohttp.ClientSession, knowledge: KnowledgeServer
) -> None:
    await knowledge.stop()
    with pytest.raises(KnowledgeConnectionError, match="cannot be reached"):
        await KnowledgeClient(session, knowledge.url).async_get_health()


@pytest.mark.parametrize("token", [None, "wrong"])
async def test_a_missing_or_wrong_token_is_an_auth_error(
    session: aiohttp.ClientSession, knowledge: KnowledgeServer, token: str | None
) -> None:
    knowledge.token = "right"
    with pytest.raises(KnowledgeAuthError):
        await KnowledgeClient(session, knowledge.url, token).async_get_vocabulary()


async def test_the_right_token_is_sent(session: aiohttp.ClientSession, knowledge: KnowledgeServer) -> None:
    knowledge.token = "right"
    vocabulary = await KnowledgeClient(session, knowledge.url, "right").async_get_vocabulary()
    assert vocabulary.version == "3f2c9a1b"


async def test_another_service_is_not_taken_for_ours(
    session: aiohttp.ClientSession, knowledge: KnowledgeServer
) -> None:
    knowledge.replies["/health"] = {"service": "printer", "status": "ok"}
    with pytest.raises(KnowledgeResponseError, match="not a Voice RAG knowledge service"):
        await KnowledgeClient(session, knowledge.url).async_get_health()


@pytest.mark.parametrize(("name", "value"), [("documents", True), ("documents", "4"), ("status", None)])
async def test_a_field_of_the_wrong_type_is_named(
    session: aiohttp.ClientSession, knowledge: KnowledgeServer, name: str, value: object
) -> None:
    knowledge.replies["/health"] = contract("health") | {name: value}
    with pytest.raises(KnowledgeResponseError, match=f"'{name}'"):
        await KnowledgeClient(session, knowledge.url).async_get_health()


HIT = contract("search_response")["hits"][0]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ({"hits": ["a passage"]}, "no valid 'hits'"),
        ({"hits": [HIT | {"score": "high"}]}, "no valid 'score'"),
        ({"hits": [HIT | {"number": True}]}, "no valid 'number'"),
        ({"relevant": "yes"}, "no valid 'relevant'"),
    ],
)
async def test_passages_of_another_shape_are_refused(
    session: aiohttp.ClientSession, knowledge: KnowledgeServer, reply: dict[str, object], words: str
) -> None:
    knowledge.replies["/search"] = contract("search_response") | reply
    with pytest.raises(KnowledgeResponseError, match=words):
        await KnowledgeClient(session, knowledge.url).async_search("radiator", 3)


async def test_a_time_that_is_none_is_named(session: aiohttp.ClientSession, knowledge: KnowledgeServer) -> None:
    knowledge.replies["/health"] = contract("health") | {"last_indexed": "yesterday"}
    with pytest.raises(KnowledgeResponseError, match="'last_indexed'"):
        await KnowledgeClient(session, knowledge.url).async_get_health()

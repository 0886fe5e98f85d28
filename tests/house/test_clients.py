"""How the demo reads what servers say of themselves, with small servers in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientSession, web

from demo.errors import UnhealthyError
from demo.knowledge import Knowledge, KnowledgeError
from demo.ollama import reason_not_to_use
from demo.ports import free_ports
from demo.servers import home_assistant_answers, is_healthy, knows_vocabulary

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from aiohttp.test_utils import TestServer

    Serve = Callable[[str, Any, int], Awaitable[str]]

HIT = {"number": 1, "document": "a.md", "title": "A", "text": "Turn it.", "kind": "document", "score": 1.0}


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.fixture
def serve(aiohttp_server: Callable[[web.Application], Awaitable[TestServer]]) -> Serve:
    """Return a function that answers every method at a path with one JSON body, and returns the server's address."""

    async def start(path: str, body: Any, status: int = 200) -> str:
        app = web.Application()

        async def answer(_: web.Request) -> web.Response:
            return web.json_response(body, status=status)

        app.router.add_route("*", path, answer)
        server = await aiohttp_server(app)
        return str(server.make_url("")).rstrip("/")

    return start


@pytest.mark.parametrize(
    ("body", "status", "healthy"),
    [
        ({"status": "ok", "service": "speech"}, 200, True),
        ({"status": "loading", "service": "speech"}, 200, False),
        ({"error": {"code": "starting", "message": "Opening the index."}}, 503, False),
        ([], 200, False),
    ],
)
async def test_a_server_is_waited_for_until_it_says_that_it_is_well(
    session: ClientSession, serve: Serve, body: Any, status: int, healthy: bool
) -> None:
    assert await is_healthy(session, await serve("/health", body, status)) is healthy


@pytest.mark.parametrize(("state", "status"), [("failed", 503), ("degraded", 200)])
async def test_a_server_that_has_given_up_is_not_waited_for(
    session: ClientSession, serve: Serve, state: str, status: int
) -> None:
    body = {"status": state, "service": "speech", "failure": "no model"}
    with pytest.raises(UnhealthyError, match="no model"):
        await is_healthy(session, await serve("/health", body, status))


async def test_a_port_where_nobody_listens_is_not_ready_and_no_error(session: ClientSession) -> None:
    (port,) = free_ports(1)
    assert not await is_healthy(session, f"http://127.0.0.1:{port}")
    assert not await home_assistant_answers(session, f"http://127.0.0.1:{port}")


@pytest.mark.parametrize(
    ("vocabulary", "complete"),
    [
        ({"names": 8, "topics": 20, "titles": 10}, True),
        ({"names": 8, "topics": 0, "titles": 10}, False),
        ({"names": 0, "topics": 0, "titles": 0}, False),
    ],
)
async def test_the_speech_server_knows_the_house_once_it_has_names_topics_and_titles(
    session: ClientSession, serve: Serve, vocabulary: dict[str, int], complete: bool
) -> None:
    body = {"status": "ok", "services": {"stt": {"vocabulary": vocabulary}}}
    assert await knows_vocabulary(session, await serve("/health", body, 200)) is complete


@pytest.mark.parametrize(
    ("installed", "reason"),
    [(["t-lite:q4"], None), (["other:latest"], "does not have the model t-lite:q4"), ([], "ollama pull t-lite:q4")],
)
async def test_a_language_model_is_used_only_if_it_is_there(
    session: ClientSession, serve: Serve, installed: list[str], reason: str | None
) -> None:
    url = await serve("/api/tags", {"models": [{"name": name} for name in installed]}, 200)
    found = await reason_not_to_use(session, url, "t-lite:q4")
    assert found is None if reason is None else reason in str(found)


async def test_a_language_model_that_does_not_answer_is_not_used(session: ClientSession) -> None:
    (port,) = free_ports(1)
    assert "does not answer" in str(await reason_not_to_use(session, f"http://127.0.0.1:{port}", "t-lite:q4"))


async def test_a_search_returns_the_passages_of_the_index(session: ClientSession, serve: Serve) -> None:
    knowledge = Knowledge(session, await serve("/search", {"hits": [HIT]}, 200), "token")
    (hit,) = await knowledge.search("how do I turn it")
    assert (hit.document, hit.title, hit.text) == ("a.md", "A", "Turn it.")


@pytest.mark.parametrize(
    ("states", "are_read"), [([], False), (["ready", "writing"], False), (["ready", "ready"], True)]
)
async def test_lectures_are_read_when_there_are_some_and_all_are_ready(
    session: ClientSession, serve: Serve, states: list[str], are_read: bool
) -> None:
    body = {"lectures": [{"state": state} for state in states]}
    knowledge = Knowledge(session, await serve("/lectures", body, 200), "token")
    assert await knowledge.has_read_lectures() is are_read


async def test_a_refused_search_is_an_error_with_the_services_words(session: ClientSession, serve: Serve) -> None:
    body = {"error": {"code": "unauthorized", "message": "Send the token."}}
    with pytest.raises(KnowledgeError, match="Send the token"):
        await Knowledge(session, await serve("/search", body, 401), "wrong").search("anything")

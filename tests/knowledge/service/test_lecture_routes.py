"""Lectures over HTTP: as the contract has them, whoever keeps them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest
import pytest_asyncio
from mcp.client.session import ClientSession
from mcp.client.streamable_http import streamable_http_client

from knowledge import KnowledgeBase, ServiceSettings
from knowledge.lectures.models import LectureState, Progress
from knowledge.lectures.protocols import Lectures
from knowledge.service.throttle import PROGRESS_SECONDS, Throttle
from tests.fakes.lectures import BROKEN, CELLS, GRADIENT, FakeLectures
from tests.knowledge.service.running import Client, contract, shape, started
from tests.knowledge.service.test_events import events
from tests.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.asyncio(loop_scope="module")

RUSSIAN = {"Accept-Language": "ru-RU,ru;q=0.9"}
GRADIENT_ADDRESS = f"/lectures/{GRADIENT.id}"


@pytest.fixture
def lectures() -> FakeLectures:
    return FakeLectures()


@pytest_asyncio.fixture(loop_scope="module")
async def asked(settings: ServiceSettings, lectures: FakeLectures) -> AsyncIterator[Client]:
    class Base(KnowledgeBase):
        @property
        def lectures(self) -> Lectures:
            return lectures

    async with started(settings, Base) as client:
        yield client


async def put(client: Client, path: str, body: Any) -> tuple[int, Any]:
    async with client.session.put(path, json=body) as response:
        return response.status, await response.json()


async def test_lectures_are_listed_as_the_contract_has_them(asked: Client) -> None:
    status, found = await asked.get("/lectures", headers=RUSSIAN)
    expected = contract("lectures")
    problem = "Файл повреждён или его имя не соответствует содержимому. Откройте его, сохраните заново или замените."
    expected["lectures"][1] |= {"terms": 2}
    expected["lectures"][2] |= {"problem": problem}
    assert (status, found) == (200, expected)


async def test_a_lecture_comes_with_all_that_is_known_of_it(asked: Client) -> None:
    expected = contract("lecture")
    expected["lecture"] |= {"terms": 2}
    assert await asked.get(GRADIENT_ADDRESS) == (200, expected)
    status, young = await asked.get(f"/lectures/{CELLS.id}")
    assert (status, young["chapters"], young["summary"], young["glossary"]) == (200, [], None, [])


@pytest.mark.parametrize(
    ("id_", "action", "state"),
    [
        (CELLS.id, "pause", "paused"),
        (CELLS.id, "cancel", "cancelled"),
        (BROKEN.id, "retry", "waiting"),
    ],
)
async def test_a_lecture_does_what_it_is_told(asked: Client, id_: str, action: str, state: str) -> None:
    status, answer = await asked.post(f"/lectures/{id_}/{action}")
    assert (status, answer["lecture"]["state"]) == (200, state)
    assert answer["lecture"].keys() == contract("lecture_response")["lecture"].keys()
    if action != "retry":
        assert (await asked.post(f"/lectures/{id_}/resume"))[1]["lecture"]["state"] == "transcribing"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", f"{GRADIENT_ADDRESS}/pause", None, 409, "not_possible"),
        ("POST", f"{GRADIENT_ADDRESS}/summary", {"template": "haiku"}, 404, "not_found"),
        ("POST", f"{GRADIENT_ADDRESS}/summary", {"template": ""}, 400, "bad_request"),
        ("POST", f"{GRADIENT_ADDRESS}/summary", [], 400, "bad_request"),
        ("GET", "/lectures/none", None, 404, "not_found"),
        ("POST", "/lectures/none/retry", None, 404, "not_found"),
        ("GET", "/lectures/none/export?format=md", None, 404, "not_found"),
        ("GET", f"{GRADIENT_ADDRESS}/export?format=exe", None, 400, "bad_request"),
        ("GET", f"{GRADIENT_ADDRESS}/export", None, 400, "bad_request"),
        ("GET", f"/lectures/{CELLS.id}/export?format=md", None, 409, "not_possible"),
        ("PUT", f"{GRADIENT_ADDRESS}/transcript", {"version": 4, "segments": []}, 400, "bad_request"),
        ("PUT", f"{GRADIENT_ADDRESS}/transcript", {"version": True, "segments": [{}]}, 400, "bad_request"),
        (
            "PUT",
            f"{GRADIENT_ADDRESS}/transcript",
            {"version": 4, "segments": [{"number": -1, "text": ""}]},
            400,
            "bad_request",
        ),
        (
            "PUT",
            f"{GRADIENT_ADDRESS}/transcript",
            {"version": 4, "segments": [{"number": 2, "text": ""}]},
            400,
            "bad_request",
        ),
        (
            "PUT",
            f"{GRADIENT_ADDRESS}/transcript",
            {"version": 3, "segments": [{"number": 1, "text": "x"}]},
            409,
            "changed",
        ),
    ],
)
async def test_what_cannot_be_done_is_refused_with_a_reason(
    asked: Client, method: str, path: str, body: Any, status: int, code: str
) -> None:
    async with asked.session.request(method, path, json=body) as response:
        answer = await response.json()
        assert (response.status, answer["error"]["code"]) == (status, code)
        assert shape(answer) == shape(contract("error"))


async def test_a_correction_is_taken_once(asked: Client) -> None:
    request = contract("lecture_transcript_request")
    status, answer = await put(asked, f"{GRADIENT_ADDRESS}/transcript", request)
    assert (status, answer["lecture"]["version"]) == (200, 5)
    segments = (await asked.get(GRADIENT_ADDRESS))[1]["chapters"][0]["paragraphs"][0]["segments"]
    assert segments[1]["text"] == request["segments"][0]["text"]
    assert (await put(asked, f"{GRADIENT_ADDRESS}/transcript", request))[0] == 409


async def test_a_summary_is_written_anew_by_another_template(asked: Client) -> None:
    status, answer = await asked.post(f"{GRADIENT_ADDRESS}/summary", contract("lecture_summary_request"))
    assert (status, answer["lecture"]["state"]) == (200, "writing")


@pytest.mark.parametrize(
    ("format_", "content_type", "name"),
    [
        ("md", "text/markdown", "Градиентный спуск.md"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Градиентный спуск.docx"),
        ("srt", "application/x-subrip", "Градиентный спуск.srt"),
        ("vtt", "text/vtt", "Градиентный спуск.vtt"),
        ("json", "application/json", "Градиентный спуск.json"),
        ("anki", "text/csv", "Градиентный спуск.csv"),
    ],
)
async def test_an_export_is_a_download_by_the_lecture_s_title(
    asked: Client, format_: str, content_type: str, name: str
) -> None:
    async with asked.session.get(f"{GRADIENT_ADDRESS}/export", params={"format": format_}) as response:
        assert (response.status, response.content_type) == (200, content_type)
        disposition = response.headers["Content-Disposition"]
        assert disposition.startswith("attachment; ")
        assert unquote(disposition.partition("filename*=UTF-8''")[2]) == name
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert await response.read()


async def test_listeners_hear_of_lectures_as_the_contract_has_it(asked: Client, lectures: FakeLectures) -> None:
    (expected,) = contract("lecture_event")
    async with asked.session.get("/events") as response, asyncio.timeout(PATIENCE_SECONDS):
        heard = events(response)
        assert (await anext(heard))[0] == "progress"
        lectures.change(CELLS)
        assert await anext(heard) == (expected["event"], expected["data"])
        lectures.change(replace(CELLS, state=LectureState.FAILED, progress=None, problem=BROKEN.problem))
        name, data = await anext(heard)
        assert (name, data["lecture"]["state"]) == ("lecture", "failed")
        assert data["lecture"]["problem"].startswith("The file is damaged")


async def test_assistants_are_told_of_lectures_without_their_words(asked: Client) -> None:
    async with streamable_http_client(url=f"{asked.url}/mcp") as streams, ClientSession(*streams) as session:
        await session.initialize()
        listed = (await session.call_tool("lectures", {})).structured_content
        assert listed is not None
        assert [one["title"] for one in listed["lectures"]] == ["cells", "Градиентный спуск", "broken"]
        outline = (await session.call_tool("lecture", {"lecture": "градиентного спуска"})).structured_content
        assert outline is not None
        assert (outline["id"], outline["held_on"]) == (GRADIENT.id, "2026-11-18")
        assert outline["chapters"] == [{"title": "Что такое градиент", "place": "0:00"}]
        assert [(one["term"], one["is_supported"]) for one in outline["glossary"]] == [
            ("градиентный спуск", True),
            ("овраг", False),
        ]
        refused = await session.call_tool("lecture", {"lecture": "nothing like it"})
        assert refused.is_error


async def test_progress_is_told_once_a_second_and_all_else_at_once() -> None:
    throttle = Throttle()
    later = replace(CELLS, progress=Progress(930.0, 3600.0, 400.0), version=3)
    assert throttle.lets_through(CELLS, 10.0)
    assert not throttle.lets_through(later, 10.5)
    assert throttle.lets_through(replace(later, id="another"), 10.5)
    assert throttle.lets_through(replace(later, problem=BROKEN.problem), 10.6)
    assert throttle.lets_through(later, 10.6 + PROGRESS_SECONDS)
    done = replace(later, state=LectureState.READY, progress=None)
    assert throttle.lets_through(done, 11.7)
    assert not throttle.lets_through(done, 11.8)
    assert throttle.lets_through(replace(done, version=4), 11.8)


async def test_without_the_token_nothing_of_a_lecture_is_told(guarded: Client) -> None:
    for path in ("/lectures", GRADIENT_ADDRESS, f"{GRADIENT_ADDRESS}/export?format=md"):
        assert (await guarded.get(path))[0] == 401
    assert (await put(guarded, f"{GRADIENT_ADDRESS}/transcript", {}))[0] == 401

"""Recordings as files: how they come in, become lectures, and are played."""

import asyncio
import errno
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import pytest_asyncio

from demo.sample_pdf import pdf_bytes
from knowledge import KnowledgeBase, ServiceSettings
from knowledge.lectures.files import RECORDINGS
from knowledge.lectures.writing.kept_answers import KeptAnswers
from knowledge.service import media
from knowledge.settings import LectureSettings
from tests.fakes.lecture_work import Oracle, ScriptedRecordings, recording
from tests.knowledge.service.running import Client, contract, started
from tests.knowledge.service.test_events import events
from tests.knowledge.service.test_files import form, sent, until_known
from tests.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.asyncio(loop_scope="module")

SAID = [
    "Сегодня мы говорим о насосах.",
    "Насос — это машина для подъёма воды.",
    "",
    "Его включают красной кнопкой в подвале.",
]
PATH = "lectures/uploads/Дача/2026-11-18 Насосы.mp3"


@pytest_asyncio.fixture(loop_scope="module")
async def listening(settings: ServiceSettings) -> AsyncIterator[Client]:
    """A service that knows what recordings say."""
    recordings = ScriptedRecordings()
    base = partial(KnowledgeBase, recordings=recordings, transcriber=Oracle(recordings))
    async with started(settings, base) as client:
        yield client


async def until_ready(client: Client) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            lectures = (await client.get("/lectures"))[1]["lectures"]
            if lectures and lectures[0]["state"] == "ready":
                return dict(lectures[0])
            await asyncio.sleep(0.05)


async def test_a_recording_that_is_sent_becomes_a_lecture_that_can_be_asked(listening: Client) -> None:
    async with listening.session.get("/events") as response, asyncio.timeout(PATIENCE_SECONDS):
        heard = events(response)
        assert (await anext(heard))[0] == "progress"
        status, answer = await sent(
            listening, "2026-11-18 Насосы.mp3", recording(SAID), kind="lecture", collection="Дача"
        )
        assert (status, answer["documents"][0]["path"]) == (201, PATH)
        async for name, data in heard:
            if name == "lecture":
                assert data["lecture"].keys() == contract("lecture_event")[0]["data"]["lecture"].keys()
                if data["lecture"]["state"] == "ready":
                    break
    lecture = await until_ready(listening)
    assert (lecture["title"], lecture["held_on"], lecture["transcriber"]) == ("Насосы", "2026-11-18", "oracle")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (found := (await listening.post("/search", {"query": "красная кнопка в подвале"}))[1])["hits"]:
            await asyncio.sleep(0.05)
    assert found["hits"][0]["link"].startswith(f"#lectures/{lecture['id']}?t=")
    assert (await listening.post("/search", {"query": "radiator"}))[1]["hits"][0].get("link") is None


async def test_a_correction_is_searched_for_in_place_of_what_was_heard(listening: Client) -> None:
    await sent(listening, "2026-11-18 Насосы.mp3", recording(SAID), kind="lecture", collection="Дача")
    lecture = await until_ready(listening)
    correction = {"version": lecture["version"], "segments": [{"number": 2, "text": "Его включают зелёным рычагом."}]}
    async with listening.session.put(f"/lectures/{lecture['id']}/transcript", json=correction) as response:
        assert response.status == 200
        assert (await response.json())["lecture"]["version"] > lecture["version"]
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (await listening.post("/search", {"query": "зелёный рычаг"}))[1]["relevant"]:
            await asyncio.sleep(0.05)
    async with listening.session.get(f"/lectures/{lecture['id']}/export?format=srt") as response:
        assert "Его включают зелёным рычагом." in await response.text()


async def test_a_lecture_that_is_deleted_leaves_no_word_of_it(listening: Client, settings: ServiceSettings) -> None:
    await sent(listening, "Насосы.mp3", recording(SAID), kind="lecture")
    id_ = (await until_ready(listening))["id"]
    lectures = settings.knowledge.data / "lectures"
    kept = KeptAnswers(lectures / "answers.sqlite")
    kept.put("key", SAID[0])
    assert SAID[0].encode() in words_in(lectures)
    beside = listening.folder / "lectures/uploads/Насосы.ru.srt"
    beside.write_text("0:00:00,000 --> 0:00:04,000\nПоливаем огород.\n")
    async with listening.session.delete(f"/documents/{quote('lectures/uploads/Насосы.mp3')}") as response:
        assert response.status == 200
    assert (await listening.get(f"/lectures/{id_}"))[0] == 404
    assert [sentence for sentence in SAID if sentence and sentence.encode() in words_in(lectures)] == []
    assert kept.get("key") is None
    assert not beside.exists()
    assert (await sent(listening, "Насосы.mp3", recording(SAID), kind="lecture"))[0] == 201
    assert (await until_ready(listening))["path"] == "lectures/uploads/Насосы.mp3"


def words_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def test_a_transcript_that_another_recording_needs_is_not_deleted(listening: Client) -> None:
    for name in ("Насосы.mp3", "Насосы.mp4"):
        await sent(listening, name, recording([name]), kind="lecture")
    beside = listening.folder / "lectures/uploads/Насосы.srt"
    beside.write_text("0:00:00,000 --> 0:00:04,000\nПоливаем огород.\n")
    async with listening.session.delete(f"/documents/{quote('lectures/uploads/Насосы.mp3')}") as response:
        assert response.status == 200
    assert beside.exists()


async def test_slides_of_the_same_name_belong_to_a_lecture_as_long_as_they_are_there(listening: Client) -> None:
    await sent(listening, "Насосы.mp3", recording(SAID), kind="lecture")
    address = f"/lectures/{(await until_ready(listening))['id']}"
    assert (await listening.get(address))[1]["slides"] is None
    path = "lectures/uploads/Насосы.pdf"
    await sent(listening, "Насосы.pdf", pdf_bytes(["A piston pump"]), kind="lecture")
    assert (await until_known(listening, path))["document"]["kind"] == "document"
    assert (await listening.get(address))[1]["slides"] == path
    async with listening.session.get(f"{address}/export?format=md") as response:
        assert "Слайды: Насосы.pdf" in await response.text()
    async with listening.session.get(f"/sources/{quote(path)}") as response:
        assert response.content_type == "application/pdf"
    assert (await listening.post("/search", {"query": "piston"}))[1]["hits"][0]["document"] == path
    async with listening.session.delete(f"/documents/{quote(path)}") as response:
        assert response.status == 200
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await listening.get(address))[1]["slides"] is not None:
            await asyncio.sleep(0.05)


async def test_a_recording_is_played_in_ranges_and_nothing_in_it_runs(listening: Client) -> None:
    content = recording(SAID)
    await sent(listening, "2026-11-18 Насосы.mp3", content, kind="lecture", collection="Дача")
    await until_known(listening, PATH)
    address = f"/sources/{quote(PATH)}"
    async with listening.session.get(address, headers={"Range": "bytes=10-19"}) as response:
        assert (response.status, await response.read()) == (206, content[10:20])
        assert response.headers["Content-Range"] == f"bytes 10-19/{len(content)}"
        assert response.headers["Accept-Ranges"] == "bytes"
        assert (response.content_type, response.headers["X-Content-Type-Options"]) == ("audio/mpeg", "nosniff")
        assert response.headers["Content-Disposition"].startswith("inline")
        policy = response.headers["Content-Security-Policy"]
        assert "media-src 'self'" in policy
        assert "script" not in policy
    async with listening.session.get(address, headers={"Range": "bytes=99999-"}) as response:
        assert response.status == 416
    async with listening.session.get("/") as response:
        assert "media-src 'self'" in response.headers["Content-Security-Policy"]


async def test_every_recording_is_sent_as_sound_or_film() -> None:
    for suffix in RECORDINGS:
        assert media.content_type(f"a{suffix}").startswith(("audio/", "video/")), suffix
    for name in ("a.html", "a.svg", "a.xml", "a.js", "a", "a.mp3.html"):
        assert media.disposition(name) == "attachment", name


async def test_a_recording_among_documents_is_told_where_it_belongs(listening: Client) -> None:
    status, answer = await sent(listening, "a.mp3", b"sound", kind="document")
    assert (status, "kind 'lecture'" in answer["error"]["message"]) == (415, True)
    for name in ("a.exe", "a.docx"):
        status, answer = await sent(listening, name, b"MZ", kind="lecture")
        assert status == 415
        assert "sound (.mp3, .m4a" in answer["error"]["message"]
        assert "Word" not in answer["error"]["message"]
    assert (await sent(listening, "a.mp3", b"sound", kind="summary"))[0] == 400


async def test_a_recording_has_a_limit_of_its_own(settings: ServiceSettings) -> None:
    knowledge = settings.knowledge
    small = replace(
        knowledge,
        ingest=replace(knowledge.ingest, max_file_bytes=10 << 10),
        lectures=LectureSettings(max_file_bytes=1 << 20),
    )
    async with started(replace(settings, knowledge=small)) as client:
        assert (await sent(client, "notes.txt", b"word " * (4 << 10), kind="lecture"))[0] == 413
        assert (await sent(client, "talk.mp3", bytes(20 << 10), kind="lecture"))[0] == 201
        assert (await sent(client, "long.mp3", bytes((1 << 20) + 1), kind="lecture"))[0] == 413
        assert [path.name for path in (client.folder / "lectures").rglob("*") if path.is_file()] == ["talk.mp3"]


async def test_a_client_that_leaves_in_the_middle_leaves_nothing(listening: Client) -> None:
    async def half() -> AsyncIterator[bytes]:
        yield bytes(1 << 20)
        begun.set()
        await asyncio.Event().wait()

    begun = asyncio.Event()
    data = form("talk.mp3", b"", kind="lecture")
    data._fields.pop()
    data.add_field("file", half(), filename="talk.mp3", content_type="application/octet-stream")
    sending = asyncio.create_task(listening.session.post("/documents", data=data))
    folder = listening.folder / "lectures" / "uploads"
    async with asyncio.timeout(PATIENCE_SECONDS):
        await begun.wait()
        while not list(folder.glob(".*.part")):
            await asyncio.sleep(0.02)
        sending.cancel()
        while list(folder.iterdir()):
            await asyncio.sleep(0.02)


async def test_a_full_disk_is_told_as_such(listening: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("knowledge.files.uploads.os.fsync", full)
    status, answer = await sent(listening, "talk.mp3", b"sound", kind="lecture")
    assert (status, answer["error"]["code"]) == (507, "no_room")
    assert "Free some, then add it again" in answer["error"]["message"]
    assert not list((listening.folder / "lectures" / "uploads").iterdir())


async def test_what_a_killed_service_left_of_an_upload_is_gone_when_it_starts_again(settings: ServiceSettings) -> None:
    folder = settings.knowledge.folder / "lectures" / "uploads" / "Physics"
    folder.mkdir(parents=True)
    (folder / ".0123456789abcdef.part").write_bytes(b"half a recording")
    (folder / ".mine.part").write_bytes(b"somebody else's")
    async with started(settings):
        assert [path.name for path in folder.iterdir()] == [".mine.part"]


async def test_words_without_stops_are_shown_as_sentences(listening: Client) -> None:
    about = "сегодня мы говорим о насосах" + " о том как они качают воду из скважины и отчего гудят" * 5
    said = [about, "", "его включают красной кнопкой" + " и ждут пока вода не пойдёт ровно и без воздуха" * 5]
    await sent(listening, "talk.mp3", recording(said), kind="lecture")
    lecture = await until_ready(listening)
    whole = (await listening.get(f"/lectures/{lecture['id']}"))[1]
    paragraphs = [paragraph for chapter in whole["chapters"] for paragraph in chapter["paragraphs"]]
    segments = [segment["text"] for paragraph in paragraphs for segment in paragraph["segments"]]
    assert segments == [f"{text[0].upper()}{text[1:]}." for text in said if text]


async def test_without_a_transcriber_a_recording_says_what_to_do(own: Client) -> None:
    path = own.folder / "lectures" / "talk.mp3"
    path.parent.mkdir()
    Path(path).write_bytes(recording(SAID))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (lectures := (await own.get("/lectures"))[1]["lectures"]):
            await asyncio.sleep(0.05)
    assert lectures[0]["problem"]

"""A household's transcript, read from its folder, and a model that comes and goes."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from knowledge import KnowledgeBase, KnowledgeSettings, ModelSettings
from knowledge.lectures import jobs
from knowledge.lectures.models import Content, Maker
from knowledge.models import Filters, Kind
from knowledge.search.retrieval import Query
from knowledge.settings import LectureSettings
from tests.fakes.ollama_server import OllamaServer
from tests.knowledge.conftest import AT_ONCE
from tests.knowledge.lectures.said import DESCENT, transcript
from tests.knowledge.lectures.test_content import FIRST, SECOND, WHOLE, scripted
from tests.waiting import PATIENCE_SECONDS, wait_until


@pytest_asyncio.fixture
async def ollama() -> AsyncIterator[OllamaServer]:
    async with OllamaServer(answer=["{}"]) as server:
        yield server


@pytest.fixture
def base(folder: Path, data: Path, ollama: OllamaServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[KnowledgeBase]:
    monkeypatch.setattr(jobs, "_MODEL_SECONDS", 0.1)
    with KnowledgeBase(patient(folder, data, ollama.url)) as base:
        yield base


def patient(folder: Path, data: Path, url: str) -> KnowledgeSettings:
    """Put a lecture into the folder, and return settings under which nobody has to be quick."""
    (folder / "lectures").mkdir()
    said = transcript(DESCENT).segments
    cues = ({"start": one.start, "end": one.end, "text": one.text} for one in said)
    (folder / "lectures" / "descent.json").write_text(json.dumps({"segments": list(cues)}))
    model = ModelSettings(url=url, rephrase_seconds=PATIENCE_SECONDS)
    return KnowledgeSettings(folder, data, AT_ONCE, lectures=LectureSettings(quiet_seconds=0.0), model=model)


def summed_up(base: KnowledgeBase, by: Maker) -> Content:
    """Return the content of the only lecture once somebody has written its summary."""
    (lecture,) = base.lectures.all()
    wait_until(lambda: (found := base.lectures.content(lecture.id).summary) is not None and found.by is by)
    return base.lectures.content(lecture.id)


async def test_a_lecture_is_written_without_the_model_and_completed_when_it_is_back(
    base: KnowledgeBase, ollama: OllamaServer
) -> None:
    ollama.script = scripted(FIRST, SECOND, WHOLE)
    await ollama.stop()
    await asyncio.to_thread(base.scan)
    alone = await asyncio.to_thread(summed_up, base, Maker.EXTRACT)
    assert "овраг" in [term.term for term in alone.glossary]
    await ollama.start()
    written = await asyncio.to_thread(summed_up, base, Maker.MODEL)
    assert [chapter.title for chapter in written.chapters] == [FIRST["title"], SECOND["title"]]
    await asyncio.to_thread(base.scan)
    hits = base.search(Query("что такое овраг", filters=Filters(kinds=frozenset({Kind.LECTURE})))).hits
    assert "функция меняется быстро" in hits[0].passage.text
    assert hits[0].passage.start_seconds == int(written.glossary[-1].start)


async def test_a_lecture_is_completed_once_the_model_has_answered_somebody(
    folder: Path, data: Path, ollama: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_MODEL_SECONDS", 3600.0)
    ollama.script = scripted({"queries": []}, FIRST, SECOND, WHOLE)
    await ollama.stop()
    with KnowledgeBase(patient(folder, data, ollama.url)) as base:
        await asyncio.to_thread(base.scan)
        await asyncio.to_thread(summed_up, base, Maker.EXTRACT)
        await asyncio.to_thread(wait_until, lambda: base._lectures._jobs._model_away)
        await ollama.start()
        assert await asyncio.to_thread(base.rephrase, "что такое овраг") == ()
        await asyncio.to_thread(summed_up, base, Maker.MODEL)

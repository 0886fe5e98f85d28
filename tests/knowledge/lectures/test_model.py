"""A language model answers from the summary of a lecture, and is looked for before it is asked to write one."""

import asyncio
import json
import shutil
from datetime import date, timedelta
from pathlib import Path

from knowledge import KnowledgeBase, KnowledgeSettings, ModelSettings
from knowledge.lectures.models import Content, Maker, Summary
from knowledge.lectures.store import LectureStore
from knowledge.llm.ollama import Ollama
from knowledge.settings import IngestSettings
from tests.fakes.ollama_server import OllamaServer
from tests.waiting import wait_until

AT_ONCE = IngestSettings(settle_seconds=0.0)
YESTERDAY = date.today() - timedelta(1)  # noqa: DTZ011  as the household's calendar has it
SRT = """1
00:00:01,000 --> 00:00:06,000
Сегодня тема лекции — деление клетки.

2
00:01:10,000 --> 00:01:20,000
Митоз — это деление клетки, при котором хромосомы расходятся поровну.
"""
SAID = "Лекция была о том, как делится клетка [1]."


def filled(root: Path, probed: Path) -> KnowledgeSettings:
    """A household with a lecture that a model has written about."""
    shutil.copytree(probed, root / "data")
    (root / "knowledge" / "lectures").mkdir(parents=True)
    (root / "knowledge" / "lectures" / f"{YESTERDAY} Клетка.srt").write_text(SRT)
    settings = KnowledgeSettings(root / "knowledge", root / "data", AT_ONCE)
    with KnowledgeBase(settings) as base:
        base.scan()
        wait_until(lambda: base.lectures.all()[0].state == "ready")
    store = LectureStore(settings.data / "lectures" / "lectures.sqlite")
    (entry,) = store.all()
    summary = Summary("short", "Лекция о том, как делится клетка.", Maker.MODEL)
    assert store.put_content(entry.id, Content(summary=summary), entry.version)
    store.close()
    return settings


async def test_the_summary_is_what_a_model_reads(tmp_path: Path, probed: Path) -> None:
    settings = await asyncio.to_thread(filled, tmp_path, probed)
    async with OllamaServer(answer=[SAID]) as ollama:
        model = ModelSettings(url=ollama.url, first_seconds=5, answer_seconds=10)
        with KnowledgeBase(KnowledgeSettings(settings.folder, settings.data, AT_ONCE, model=model)) as base:
            question = "О чём была вчерашняя лекция?"
            await asyncio.to_thread(base.scan)
            answer = await asyncio.to_thread(base.ask, question)
            read = [json.loads(body)["messages"][-1]["content"] for body in ollama.bodies]
    (message,) = read
    assert question in message
    assert "Лекция о том, как делится клетка." in message
    assert answer.written == SAID
    assert answer.spoken.endswith("Это из конспекта лекции «Клетка».")


async def test_a_model_that_is_away_is_seen_to_be(tmp_path: Path) -> None:
    async with OllamaServer() as ollama:
        settings = ModelSettings(url=ollama.url)
        assert await asyncio.to_thread(Ollama(settings).is_there)
        other = ModelSettings(url=ollama.url, model="of-nobody")
        assert not await asyncio.to_thread(Ollama(other).is_there)
    assert not await asyncio.to_thread(Ollama(settings).is_there)

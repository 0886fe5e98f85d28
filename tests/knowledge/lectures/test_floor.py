"""People go first: what a model writes of a lecture gives way to whoever asks the same model something."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from knowledge import KnowledgeBase, KnowledgeSettings, ModelSettings
from knowledge.errors import ModelAnswerError, ModelError
from knowledge.floor import Floor
from knowledge.lectures.models import Content, Maker
from knowledge.lectures.writing.content import write_content
from knowledge.lectures.writing.note_taker import Author
from knowledge.lectures.writing.polite_model import PoliteModel
from knowledge.lectures.writing.templates import Templates
from knowledge.llm.ollama import Ollama
from knowledge.remote.rest import Rest
from knowledge.search.retrieval import Query
from knowledge.settings import IngestSettings, LectureSettings
from tests.fakes.ollama_server import OllamaFault, OllamaServer, Scripted
from tests.knowledge.lectures.said import DESCENT, transcript
from tests.waiting import wait_until

CHAPTER = {
    "title": "Градиентный спуск",
    "gist": "Градиентный спуск ищет минимум функции, шагая против градиента.",
    "terms": [],
}
WHOLE = {"gist": "Лекция о том, как градиентный спуск ищет минимум функции."}
MANUAL = "# Дом\n## Котёл\nДавление в холодном котле должно быть от 1,2 до 1,5 бара.\n"
QUESTION = "Какое давление должно быть в котле?"
SRT = """1
00:00:01,000 --> 00:00:06,000
Градиентный спуск — это способ найти минимум функции, шагая против градиента.

2
00:01:10,000 --> 00:01:20,000
Если скорость обучения слишком велика, спуск перескакивает минимум и расходится.
"""


@pytest_asyncio.fixture
async def ollama() -> AsyncIterator[OllamaServer]:
    async with OllamaServer() as server:
        yield server


async def happens(condition: Callable[[], object]) -> None:
    await asyncio.to_thread(wait_until, condition)


def written(model: PoliteModel, should_stop: Callable[[], bool] = lambda: False) -> Content:
    """Return what the model writes of a lecture with one chapter."""
    return write_content(
        transcript("\n".join(DESCENT.strip().splitlines()[:4])),
        "Спуск",
        Author(model),
        Templates().get("short"),
        report=lambda *_: None,
        should_stop=should_stop,
    )


def test_the_floor_is_taken_until_a_while_after_the_last_question() -> None:
    now = 100.0
    floor = Floor(60.0, clock=lambda: now)
    assert floor.is_free
    with floor.taken():
        now += 1000.0
        assert not floor.is_free
        with floor.taken():
            pass
        now += 61.0
        assert not floor.is_free
    now += 59.0
    assert not floor.is_free
    now += 1.0
    assert floor.is_free


async def test_who_asks_has_the_model_and_the_chapter_is_written_afterwards(ollama: OllamaServer) -> None:
    ollama.fault = OllamaFault.THINKS
    settings, floor = ModelSettings(url=ollama.url), Floor(0.0)
    model = PoliteModel(Ollama(settings, Rest(0.0)), floor)
    writing = asyncio.create_task(asyncio.to_thread(written, model))
    await happens(lambda: ollama.bodies)
    with floor.taken():
        await happens(lambda: ollama.hung_up)
        ollama.fault = None
        said = [piece async for piece in Ollama(settings).written("system", "asked")]
        assert said == ollama.answer
        assert len(ollama.bodies) == 2
        ollama.script = [Scripted(json.dumps(one)) for one in (CHAPTER, WHOLE)]
    content = await writing
    assert content.is_complete
    assert content.summary is not None
    assert content.summary.by is Maker.MODEL
    assert ollama.bodies[2] == ollama.bodies[0]


async def test_nothing_is_asked_while_somebody_asks_and_a_pause_ends_the_wait(ollama: OllamaServer) -> None:
    floor = Floor(0.0)
    model = PoliteModel(Ollama(ModelSettings(url=ollama.url), Rest(0.0)), floor)
    looks = iter([False] * 4)
    with floor.taken():
        content = await asyncio.to_thread(written, model, lambda: next(looks, True))
    assert ollama.bodies == []
    assert not content.is_complete


class Disturbed:
    """A model that people come to each time it is asked, before it writes for the lecture."""

    name, context_tokens = "disturbed", 8_192

    def __init__(self, floor: Floor, disturbances: list[ModelError]) -> None:
        self.asked = 0
        self._floor = floor
        self._disturbances = disturbances

    def filled(
        self,
        system: str,
        asked: str,
        schema: dict[str, Any],
        seconds: float,
        most_tokens: int,
        should_stop: Callable[[], bool],
    ) -> Any:
        self.asked += 1
        if self._disturbances:
            with self._floor.taken():
                assert should_stop()
            raise self._disturbances.pop()
        return next(one for one in (CHAPTER, WHOLE) if set(one) == set(schema["properties"]))


def test_no_number_of_questions_counts_as_a_failure_of_the_model() -> None:
    floor = Floor(0.05)
    model = Disturbed(floor, [ModelError("hung up")] * 10)
    assert written(PoliteModel(model, floor)).is_complete
    assert model.asked == 12


def test_an_answer_of_no_use_is_one_also_while_somebody_asks() -> None:
    floor = Floor(60.0)
    model = PoliteModel(Disturbed(floor, [ModelAnswerError("It is no JSON.")]), floor)
    with pytest.raises(ModelAnswerError):
        model.filled("system", "asked", {}, 5.0, 100, lambda: False)


async def test_a_model_that_is_away_is_away_when_nobody_asks(ollama: OllamaServer) -> None:
    await ollama.stop()
    model = PoliteModel(Ollama(ModelSettings(url=ollama.url), Rest(0.0)), Floor(0.0))
    with pytest.raises(ModelError, match="cannot be reached"):
        await asyncio.to_thread(model.filled, "system", "asked", {}, 5.0, 100, lambda: False)


def asked(base: KnowledgeBase) -> str:
    return base.ask(QUESTION).written


def asked_in_pieces(base: KnowledgeBase) -> str:
    async def last() -> str:
        async with aclosing(base.ask_stream(QUESTION)) as events:
            return str([event async for event in events][-1])

    return asyncio.run(last())


def searched(base: KnowledgeBase) -> str:
    return base.search(Query(QUESTION)).hits[0].passage.text


def rephrased(base: KnowledgeBase) -> str:
    return " ".join(base.rephrase(QUESTION))


@pytest.mark.parametrize(
    ("ask", "answers"),
    [
        (asked, ["От 1,2 до 1,5 бара [1]."]),
        (asked_in_pieces, ["От 1,2 до 1,5 бара [1]."]),
        (searched, []),
        (rephrased, ['{"queries": ["от 1,2 до 1,5 бара"]}']),
    ],
)
async def test_a_house_asks_while_a_chapter_is_written(
    tmp_path: Path,
    probed: Path,
    ollama: OllamaServer,
    ask: Callable[[KnowledgeBase], str],
    answers: list[str],
) -> None:
    shutil.copytree(probed, tmp_path / "data")
    (tmp_path / "house" / "lectures").mkdir(parents=True)
    (tmp_path / "house" / "lectures" / "Спуск.srt").write_text(SRT)
    (tmp_path / "house" / "house.md").write_text(MANUAL)
    settings = KnowledgeSettings(
        tmp_path / "house",
        tmp_path / "data",
        IngestSettings(settle_seconds=0.0),
        LectureSettings(quiet_seconds=0.5),
        model=ModelSettings(url=ollama.url),
    )
    ollama.fault = OllamaFault.THINKS
    ollama.script = [Scripted(one) for one in (*answers, json.dumps(CHAPTER), json.dumps(WHOLE))]
    with KnowledgeBase(settings) as base:
        await asyncio.to_thread(base.scan)
        await happens(lambda: ollama.bodies)
        ollama.fault = None
        assert "1,2 до 1,5 бара" in await asyncio.to_thread(ask, base)
        await happens(lambda: base.lectures.all()[0].state == "ready")
        content = base.lectures.content(base.lectures.all()[0].id)
    assert ollama.hung_up == 1
    assert content.is_complete
    assert content.summary is not None
    assert content.summary.by is Maker.MODEL
    assert ollama.bodies[1 + len(answers)] == ollama.bodies[0]

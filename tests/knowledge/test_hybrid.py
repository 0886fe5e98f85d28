"""Words and vectors together, and what a search can be narrowed to."""

import asyncio
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from knowledge import EmbedderSettings, Filters, KnowledgeBase, KnowledgeSettings, Query
from knowledge.models import EmbeddingState, Hit, Kind, Language
from knowledge.search import self_test
from knowledge.search.retrieval import Stages, search
from tests.fakes.embedders import meaning
from tests.fakes.ollama_server import OllamaServer
from tests.knowledge.conftest import AT_ONCE
from tests.waiting import PATIENCE_SECONDS

FILMS = """\
title,year,directors,actors,synopsis
Солярис,1972,Андрей Тарковский,Донатас Банионис,Психолог прилетает на станцию у далёкой планеты.
Сталкер,1979,Андрей Тарковский,Александр Кайдановский,Двое идут в запретную зону к комнате желаний.
Брат,1997,Алексей Балабанов,Сергей Бодров,Герой приезжает к брату на станцию метро в Петербурге.
"""


async def test_a_question_in_other_words_finds_its_passage_once_an_embedder_has_passed(
    folder: Path, data: Path
) -> None:
    understands = meaning(*Language)
    topics = self_test.items(Language.RUSSIAN)[:8]
    for number, item in enumerate(topics):
        (folder / f"{number}.txt").write_text(item.passage)
    asked = topics[0]
    passages = {f"{number}\n{item.passage}": item.passage for number, item in enumerate(topics)}

    def embed(text: str) -> list[float]:
        return [float(value) for value in understands(passages.get(text, text))]

    async with OllamaServer(models=["bge-m3"], embed=embed) as ollama:
        settings = KnowledgeSettings(folder, data, AT_ONCE, embedder=EmbedderSettings("ollama", "bge-m3", ollama.url))
        with await asyncio.to_thread(KnowledgeBase, settings) as base:
            await asyncio.to_thread(base.scan)
            async with asyncio.timeout(PATIENCE_SECONDS):
                while base.embedding().state is not EmbeddingState.READY:
                    await asyncio.sleep(0.05)
            result = await asyncio.to_thread(base.search, Query(asked.paraphrased))
            status = base.embedding()
    assert result.hits[0].passage.text == asked.passage
    assert result.relevant
    assert (status.embedded, status.passages, status.serving) == (8, 8, "bge-m3")
    assert status.report is not None
    assert set(status.report.accepted()) == set(Language)


@pytest.fixture
def base(folder: Path, data: Path) -> KnowledgeBase:
    (folder / "films").mkdir()
    (folder / "films" / "list.csv").write_text(FILMS)
    for name, text in (("documents/Дача/насос.md", "Станция насоса в колодце."), ("new.md", "Станция метро рядом.")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    os.utime(folder / "new.md", (1_700_000_000, 1_700_000_000))  # 14 November 2023
    base = KnowledgeBase(KnowledgeSettings(folder, data, AT_ONCE))
    base.scan()
    return base


def test_a_search_is_narrowed_to_what_is_known_of_files_and_films(base: KnowledgeBase) -> None:
    def found(filters: Filters) -> set[str]:
        return {hit.passage.title for hit in base.search(Query("станция", limit=10, filters=filters)).hits}

    with base:
        assert found(Filters()) == {"насос", "new", "Солярис", "Брат"}
        assert found(Filters(kinds=frozenset({Kind.DOCUMENT}))) == {"насос", "new"}
        assert found(Filters(collection="Дача")) == {"насос"}
        assert found(Filters(years=(1990, None))) == {"Брат"}
        assert found(Filters(years=(None, 1980))) == {"Солярис"}
        assert found(Filters(person="Тарковского")) == {"Солярис"}
        assert found(Filters(person="Тарковский", years=(1990, 2000))) == set()
        assert found(Filters(dates=(date(2023, 11, 14), date(2023, 11, 14)))) == {"new"}
        assert found(Filters(dates=(date(2024, 1, 1), None))) == {"насос", "Солярис", "Брат"}
        assert found(Filters(dates=(None, date(2024, 1, 1)), years=(1990, None))) == set()


def test_a_reranker_in_time_decides_the_order_and_a_late_one_changes_nothing(base: KnowledgeBase) -> None:
    def backwards(question: str, texts: Sequence[str]) -> list[float]:
        return [float(place) for place in range(len(texts))]

    def documents(stages: Stages) -> list[str]:
        return [hit.passage.title for hit in search(base._library, Query("станция метро"), stages).hits]

    with base:
        plain = documents(Stages())
        assert documents(Stages(rerank=lambda question, texts: None)) == plain
        assert documents(Stages(rerank=backwards)) != plain


def test_other_words_are_asked_for_only_where_these_find_nothing(base: KnowledgeBase) -> None:
    asked: list[str] = []

    def rephrase(question: str, language: Language) -> tuple[str, ...]:
        asked.append(question)
        return ("станция насоса",)

    def hits(text: str, *, may_rephrase: bool) -> tuple[Hit, ...]:
        return search(base._library, Query(text, may_rephrase=may_rephrase), Stages(rephrase=rephrase)).hits

    with base:
        assert hits("станция метро", may_rephrase=True)
        assert not hits("помпа", may_rephrase=False)
        assert asked == []
        assert hits("помпа", may_rephrase=True)[0].document == "documents/Дача/насос.md"
        assert asked == ["помпа"]


def test_what_a_document_repeats_is_no_more_votes_for_it(folder: Path, data: Path) -> None:
    entry = "## Запись\nБатарею проверили, воздух не спускали.\n"
    (folder / "Журнал.md").write_text("# Журнал\n" + entry * 40)
    (folder / "Инструкция.md").write_text("# Инструкция\nЧтобы спустить воздух из радиатора, поверните ключ.\n")
    with KnowledgeBase(KnowledgeSettings(folder, data, AT_ONCE)) as base:
        base.scan()
        result = base.search(Query("Как спустить воздух из радиатора?"))
    assert result.hits[0].document == "Инструкция.md"
    assert result.relevant

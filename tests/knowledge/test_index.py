from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.errors import IndexDamagedError
from knowledge.models import EVERYTHING, Filters, Kind, Language, Passage, Sentiment
from knowledge.store.lancedb_index import PassageIndex
from knowledge.store.tantivy_index import TantivyIndex
from knowledge.store.text_index import TextIndex
from knowledge.text import analyzer

INDEXES = pytest.mark.parametrize("make", [PassageIndex, TantivyIndex])
Make = Callable[[Path], TextIndex]


def passage(text: str, kind: Kind = Kind.DOCUMENT) -> Passage:
    terms = " ".join(analyzer.terms(text))
    return Passage(kind, "Manual", ("Water", "Valve"), 3, Language.RUSSIAN, text, terms, entry=2)


def found(index: TextIndex, question: str, filters: Filters = EVERYTHING) -> list[str]:
    return [hit.document for hit, _ in index.search(analyzer.question_terms(question), 10, filters)]


@INDEXES
def test_a_passage_comes_back_as_it_went_in(make: Make, tmp_path: Path) -> None:
    index = make(tmp_path)
    written = passage("Кран в подвале")
    index.add("a.md", 7, [written])
    ((hit, generation),) = index.search(["кран"], 10)
    assert (hit.passage, hit.document, generation) == (written, "a.md", 7)
    assert hit.score > 0


@INDEXES
def test_inflected_russian_and_chinese_are_found_before_and_after_optimising(make: Make, tmp_path: Path) -> None:
    index = make(tmp_path)
    index.add("a.md", 1, [passage("Радиаторы в гостиной")])
    index.add("b.md", 2, [passage("锅炉的压力")])
    for _ in range(2):
        assert found(index, "радиатора") == ["a.md"]
        assert found(index, "锅炉压力") == ["b.md"]
        index.optimise()


@INDEXES
def test_more_of_the_question_ranks_higher(make: Make, tmp_path: Path) -> None:
    index = make(tmp_path)
    index.add("a.md", 1, [passage("boiler in the cellar"), passage("boiler pressure"), passage("tea in the cellar")])
    texts = [hit.passage.text for hit, _ in index.search(["boiler", "pressur"], 10)]
    assert texts == ["boiler pressure", "boiler in the cellar"]


@INDEXES
@pytest.mark.parametrize(
    ("filters", "documents"),
    [
        (Filters(kinds=frozenset({Kind.FILM})), ["f.csv"]),
        (Filters(kinds=frozenset(Kind)), ["Дача/a.md", "f.csv"]),
        (Filters(document="дача"), ["Дача/a.md"]),
        (Filters(document="MANUAL"), ["Дача/a.md", "f.csv"]),
        (Filters(document="' OR true --"), []),
        (Filters(language=Language.ENGLISH), []),
        (Filters(document="a.m"), ["Дача/a.md"]),
        (Filters(document="a?m"), []),
        (Filters(collection="Дача"), ["Дача/a.md"]),
        (Filters(collection="Дач"), []),
        (Filters(sentiment=Sentiment.POSITIVE), []),
        (Filters(within={"f.csv": None}), ["f.csv"]),
        (Filters(within={"f.csv": frozenset({2}), "Дача/a.md": frozenset({1})}), ["f.csv"]),
        (Filters(within={}), []),
        (Filters(frozenset({Kind.FILM}), "manual", Language.RUSSIAN), ["f.csv"]),
    ],
)
def test_only_what_the_filters_let_through_is_found(
    make: Make, tmp_path: Path, filters: Filters, documents: list[str]
) -> None:
    index = make(tmp_path)
    index.add("Дача/a.md", 1, [passage("solaris")])
    index.add("f.csv", 2, [passage("solaris", Kind.FILM)])
    assert sorted(found(index, "solaris", filters)) == sorted(documents)


@INDEXES
def test_old_generations_are_removed_and_quotes_in_names_are_harmless(make: Make, tmp_path: Path) -> None:
    index = make(tmp_path)
    name = "it's; DROP TABLE 'x'.md"
    index.add(name, 1, [passage("valve")])
    index.add(name, 2, [passage("valve")])
    index.add("b.md", 3, [passage("valve")])
    index.remove(name, but=2)
    assert sorted((document, generation) for document, generation, _ in index.texts()) == [("b.md", 3), (name, 2)]
    index.remove(name)
    assert [document for document, _, _ in index.texts()] == ["b.md"]


@INDEXES
def test_an_index_is_there_after_reopening(make: Make, tmp_path: Path) -> None:
    index = make(tmp_path)
    index.add("a.md", 1, [passage("valve")])
    index.close()
    assert found(make(tmp_path), "valve") == ["a.md"]


@INDEXES
def test_an_empty_index_finds_nothing(make: Make, tmp_path: Path) -> None:
    assert found(make(tmp_path), "valve") == []


@INDEXES
def test_passages_come_back_by_their_numbers(make: Make, tmp_path: Path) -> None:
    index = make(tmp_path)
    for generation in (1, 2):
        numbered = [replace(passage(f"text {number}"), number=number) for number in range(5)]
        index.add("a.md", generation, numbered[::-1])
    index.add("b.md", 3, [passage("other")])
    assert [one.text for one in index.passages("a.md", 2)] == [f"text {number}" for number in range(5)]
    assert [one.number for one in index.passages("a.md", 1, 1, 3)] == [1, 2]
    assert index.passages("a.md", 3) == []


@INDEXES
def test_a_cleared_index_is_empty_and_can_be_used(make: Make, tmp_path: Path) -> None:
    index = make(tmp_path)
    index.add("a.md", 1, [passage("valve")])
    index.clear()
    assert found(index, "valve") == []
    index.add("b.md", 2, [passage("valve")])
    index.check()
    assert found(index, "valve") == ["b.md"]


@INDEXES
def test_files_that_are_gone_are_told_as_damage_or_made_anew(make: Make, tmp_path: Path) -> None:
    index = make(tmp_path)
    index.add("a.md", 1, [passage("valve")])
    index.close()
    for file in tmp_path.rglob("*"):
        if file.is_file() and file.suffix in {".lance", ".store", ".term", ".json"}:
            file.write_bytes(b"rubbish")
    reopened = make(tmp_path)
    try:
        reopened.check()
        rows = list(reopened.texts())
    except IndexDamagedError:
        reopened.clear()
        rows = list(reopened.texts())
    assert rows == []
    reopened.add("b.md", 2, [passage("valve")])
    assert found(reopened, "valve") == ["b.md"]

from pathlib import Path

import pytest

from knowledge import analyzer
from knowledge.index import PassageIndex
from knowledge.models import EVERYTHING, Filters, Kind, Language, Passage


def passage(text: str, kind: Kind = Kind.DOCUMENT) -> Passage:
    terms = " ".join(analyzer.terms(text))
    return Passage(kind, "Manual", ("Water", "Valve"), 3, Language.RUSSIAN, text, terms, entry=2)


def found(index: PassageIndex, question: str, filters: Filters = EVERYTHING) -> list[str]:
    return [hit.document for hit, _ in index.search(analyzer.question_terms(question), 10, filters)]


def test_a_passage_comes_back_as_it_went_in(tmp_path: Path) -> None:
    index = PassageIndex(tmp_path)
    written = passage("Кран в подвале")
    index.add("a.md", 7, [written])
    ((hit, generation),) = index.search(["кран"], 10)
    assert (hit.passage, hit.document, generation) == (written, "a.md", 7)
    assert hit.score > 0


def test_inflected_russian_and_chinese_are_found_before_and_after_optimising(tmp_path: Path) -> None:
    index = PassageIndex(tmp_path)
    index.add("a.md", 1, [passage("Радиаторы в гостиной")])
    index.add("b.md", 2, [passage("锅炉的压力")])
    for _ in range(2):
        assert found(index, "радиатора") == ["a.md"]
        assert found(index, "锅炉压力") == ["b.md"]
        index.optimise()


def test_more_of_the_question_ranks_higher(tmp_path: Path) -> None:
    index = PassageIndex(tmp_path)
    index.add("a.md", 1, [passage("boiler in the cellar"), passage("boiler pressure"), passage("tea in the cellar")])
    texts = [hit.passage.text for hit, _ in index.search(["boiler", "pressur"], 10)]
    assert texts == ["boiler pressure", "boiler in the cellar"]


@pytest.mark.parametrize(
    ("filters", "documents"),
    [
        (Filters(kinds=frozenset({Kind.FILM})), ["f.csv"]),
        (Filters(kinds=frozenset(Kind)), ["Дача/a.md", "f.csv"]),
        (Filters(document="дача"), ["Дача/a.md"]),
        (Filters(document="MANUAL"), ["Дача/a.md", "f.csv"]),
        (Filters(document="' OR true --"), []),
        (Filters(language=Language.ENGLISH), []),
        (Filters(frozenset({Kind.FILM}), "manual", Language.RUSSIAN), ["f.csv"]),
    ],
)
def test_only_what_the_filters_let_through_is_found(tmp_path: Path, filters: Filters, documents: list[str]) -> None:
    index = PassageIndex(tmp_path)
    index.add("Дача/a.md", 1, [passage("solaris")])
    index.add("f.csv", 2, [passage("solaris", Kind.FILM)])
    assert sorted(found(index, "solaris", filters)) == sorted(documents)


def test_old_generations_are_removed_and_quotes_in_names_are_harmless(tmp_path: Path) -> None:
    index = PassageIndex(tmp_path)
    name = "it's; DROP TABLE 'x'.md"
    index.add(name, 1, [passage("valve")])
    index.add(name, 2, [passage("valve")])
    index.add("b.md", 3, [passage("valve")])
    index.remove(name, but=2)
    assert sorted((document, generation) for document, generation, _ in index.texts()) == [("b.md", 3), (name, 2)]
    index.remove(name)
    assert [document for document, _, _ in index.texts()] == ["b.md"]


def test_an_index_is_there_after_reopening(tmp_path: Path) -> None:
    PassageIndex(tmp_path).add("a.md", 1, [passage("valve")])
    assert found(PassageIndex(tmp_path), "valve") == ["a.md"]


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    assert found(PassageIndex(tmp_path), "valve") == []

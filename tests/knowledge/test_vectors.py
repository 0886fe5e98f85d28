from pathlib import Path

import numpy as np
import pytest

from knowledge.embedders.embedder import normalised
from knowledge.language import detect
from knowledge.models import EVERYTHING, Filters, Kind, Language, Passage
from knowledge.store import vectors
from knowledge.store.vectors import VectorIndex, drop_others
from knowledge.text import analyzer

DIMENSION = 16


def passage(text: str, *, number: int = 0, kind: Kind = Kind.DOCUMENT, entry: int = 0) -> Passage:
    return Passage(
        kind=kind,
        title="",
        headings=(),
        page=None,
        language=detect(text),
        text=text,
        search_text=" ".join(analyzer.terms(text)),
        entry=entry,
        grams=" ".join(analyzer.grams(text)),
        number=number,
    )


def directions(count: int) -> np.ndarray:
    return normalised(np.random.default_rng(0).standard_normal((count, DIMENSION)).astype(np.float32))


def test_a_passage_comes_back_with_its_cosine(tmp_path: Path) -> None:
    index, rows = VectorIndex(tmp_path, "a", DIMENSION), directions(3)
    written = [passage(f"текст {number}", number=number) for number in range(3)]
    index.add("a.md", 7, written, rows)
    (hit, generation), *others = index.search(rows[1], 3)
    assert (hit.document, generation, hit.passage.text) == ("a.md", 7, "текст 1")
    assert hit.score == pytest.approx(1, abs=0.01)
    assert others[0][0].score == pytest.approx(float(max(rows[1] @ rows[0], rows[1] @ rows[2])), abs=0.01)


def test_a_passage_without_a_vector_is_counted_and_never_found(tmp_path: Path) -> None:
    index, rows = VectorIndex(tmp_path, "a", DIMENSION), directions(2)
    rows[0] = 0
    index.add("a.md", 1, [passage("раз"), passage("два", number=1)], rows)
    assert index.counts() == {("a.md", 1): 2}
    assert [hit.passage.text for hit, _ in index.search(rows[1], 5)] == ["два"]


@pytest.mark.parametrize(
    ("filters", "documents"),
    [
        (EVERYTHING, ["documents/Дача/насос.md", "films/list.csv"]),
        (Filters(kinds=frozenset({Kind.FILM})), ["films/list.csv"]),
        (Filters(collection="Дача"), ["documents/Дача/насос.md"]),
        (Filters(within={"films/list.csv": frozenset({4})}), ["films/list.csv"]),
        (Filters(within={"films/list.csv": frozenset({5})}), []),
        (Filters(within={"films/list.csv": None}), ["films/list.csv"]),
        (Filters(within={}), []),
    ],
)
def test_only_what_the_filters_let_through_is_found(tmp_path: Path, filters: Filters, documents: list[str]) -> None:
    index, rows = VectorIndex(tmp_path, "a", DIMENSION), directions(2)
    index.add("documents/Дача/насос.md", 1, [passage("насос")], rows[:1])
    index.add("films/list.csv", 2, [passage("film", kind=Kind.FILM, entry=4)], rows[1:])
    assert sorted(hit.document for hit, _ in index.search(rows[0], 5, filters)) == documents
    assert [hit.document for hit, _ in index.search(rows[0], 5, languages=[Language.ENGLISH])] == ["films/list.csv"]


def test_beyond_a_number_of_passages_an_index_chooses_and_the_best_is_still_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "MOST_FLAT", 300)
    index, rows = VectorIndex(tmp_path, "a", DIMENSION), directions(600)
    for start in (0, 400):
        end = start + (400 if start == 0 else 200)
        batch = [passage(f"текст {number}", number=number) for number in range(start, end)]
        index.add(f"{start}.md", 1, batch, rows[start:end])
        index.optimise()
        best = [next(index.search(rows[place], 20))[0].passage.number for place in (3, end - 1)]
        assert best == [3, end - 1]
    assert VectorIndex(tmp_path, "a", DIMENSION)._is_indexed


def test_old_generations_and_other_embedders_go(tmp_path: Path) -> None:
    index, rows = VectorIndex(tmp_path, "a", DIMENSION), directions(1)
    VectorIndex(tmp_path, "b", 4)
    for generation in (1, 2):
        index.add("a.md", generation, [passage("раз")], rows)
    index.remove("a.md", but=2)
    assert index.counts() == {("a.md", 2): 1}
    drop_others(tmp_path, "a")
    assert index.counts() == {("a.md", 2): 1}
    assert [path.stem for path in tmp_path.iterdir()] == ["a"]

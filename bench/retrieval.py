"""How well questions find their passages: python -m bench.retrieval [--noise SHARE] [--embedder WHAT] DATA [SET...].

DATA holds one folder per set in the manner of BEIR: corpus.jsonl.xz, queries.jsonl.xz and qrels.jsonl.xz. Prints nDCG
at 10, recall at 5 and MRR at 10 with the interval that 95 % of 1,000 resamples of the questions give; then, for the
decision whether a hit is relevant, how many questions keep their answer and how many are answered although everything
of the same article has been left out. With --noise that share of a question's words has one letter wrong, missing or
too many, as a recogniser errs.

With --embedder the same by words and vectors, and the difference. WHAT is an engine, its model and perhaps its
address, as in ollama:bge-m3@http://127.0.0.1:11434, and is tested first as before use; or a stand-in: "noise" and
"letters" understand nothing but chance and spelling, "meaning:SHARE" knows the passage of each question as if that
share of its vector were noise, and takes passages of one article for related. What fails the self-test is not searched
with, as in the service; --force does it nevertheless.
"""

from __future__ import annotations

import argparse
import json
import lzma
import math
import random
import re
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.stand_ins import embedder_of, is_accepted
from knowledge.language import detect
from knowledge.models import FileRecord, Hit, Kind, Passage, Prepared, Status
from knowledge.search import retrieval
from knowledge.search.retrieval import Query, Stages
from knowledge.store.catalogue import Catalogue
from knowledge.store.lancedb_index import PassageIndex
from knowledge.store.library import Library
from knowledge.text import analyzer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from knowledge.models import Filters, Language

DEPTH = 10
_RESAMPLES = 1_000
_RUSSIAN = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_ENGLISH = "abcdefghijklmnopqrstuvwxyz"
_IS_RUSSIAN = re.compile("[а-яё]", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the passages written for it."""

    text: str
    relevant: frozenset[str]


@dataclass(frozen=True, slots=True)
class Figures:
    """One number per question."""

    ndcg: NDArray[np.float64]
    recall: NDArray[np.float64]
    mrr: NDArray[np.float64]

    def __str__(self) -> str:
        """Give the means with their intervals."""
        named = {"nDCG@10": self.ndcg, "R@5": self.recall, "MRR@10": self.mrr}
        return ", ".join(f"{name} {gains.mean():.3f} [{_interval(gains)}]" for name, gains in named.items())


def main(arguments: Sequence[str]) -> None:
    """Print the lines of each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--noise", type=float, default=0.0)
    parser.add_argument("--embedder")
    parser.add_argument("--force", action="store_true")
    parser.add_argument("data", type=Path)
    parser.add_argument("sets", nargs="*")
    options = parser.parse_args(arguments)
    for name in options.sets or sorted(path.name for path in options.data.iterdir() if path.is_dir()):
        with tempfile.TemporaryDirectory() as folder:
            measure(options.data / name, Path(folder), options)


def measure(data: Path, folder: Path, options: argparse.Namespace) -> None:
    """Print the figures of one set."""
    corpus = {row["_id"]: row for row in _rows(data / "corpus.jsonl.xz")}
    library = _library(corpus, folder)
    questions = [replace(one, text=spoil(one.text, options.noise)) for one in _questions(data)]
    found = [retrieval.find(library, Query(question.text)) for question in questions]
    lexical = _figures(questions, found)
    print(f"{data.name} ({len(questions)} questions): {lexical}; {_relevance(corpus, questions, found)}")
    if options.embedder is None:
        return
    language = detect(questions[0].text)
    if not options.force and not is_accepted(options.embedder, language):
        print(f"{data.name} with {options.embedder}: refused by its self-test for {language}, so the same")
        return
    dense = _Dense(library, corpus, questions, options.embedder)
    found = [retrieval.find(library, Query(question.text), Stages(dense)) for question in questions]
    alone = _figures(questions, [dense(question.text, language, DEPTH, Query("").filters) for question in questions])
    hybrid = _figures(questions, found)
    change = hybrid.ndcg - lexical.ndcg
    print(
        f"{data.name} with {options.embedder}: {hybrid}; "
        f"nDCG@10 {change.mean():+.3f} [{_interval(change)}] against words; vectors alone {alone.ndcg.mean():.3f}"
    )


class _Dense:
    """Vectors of a set, in memory."""

    def __init__(
        self, library: Library, corpus: dict[str, dict[str, Any]], questions: Sequence[Question], name: str
    ) -> None:
        embedder = embedder_of(name, corpus, {one.text: one.relevant for one in questions})
        self._passages = library.passages("corpus")
        self._vectors = embedder.embed_passages([passage.text for passage in self._passages])
        self._questions = {one.text: embedder.embed_query(one.text) for one in questions}
        self._chance = float(np.quantile(np.stack([*self._questions.values()]) @ self._vectors.T, 0.9))

    def __call__(self, question: str, _language: Language, limit: int, _filters: Filters, /) -> list[Hit]:
        similarities = self._vectors @ self._questions[question]
        order = np.argsort(-similarities, kind="stable")[:limit]
        hits = [Hit("corpus", self._passages[place], float(similarities[place])) for place in order]
        return [hit for hit in hits if hit.score > self._chance]


def _figures(questions: Sequence[Question], found: Sequence[Sequence[Hit]]) -> Figures:
    """Return the gains; each passage is a document of its own, so the choice among candidates is left out."""
    ranks = [
        next((rank for rank, hit in enumerate(hits[:DEPTH]) if hit.passage.title in question.relevant), None)
        for question, hits in zip(questions, found, strict=True)
    ]
    return Figures(
        ndcg=np.array([0.0 if rank is None else 1 / math.log2(rank + 2) for rank in ranks]),
        recall=np.array([float(rank is not None and rank < 5) for rank in ranks]),
        mrr=np.array([0.0 if rank is None else 1 / (rank + 1) for rank in ranks]),
    )


def _interval(gains: NDArray[np.float64]) -> str:
    """Return the middle 95 % of the means of resampled questions (the percentile bootstrap)."""
    chance = np.random.default_rng(0)
    means = chance.choice(gains, (_RESAMPLES, len(gains))).mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return f"{low:.3f} {high:.3f}"


def _relevance(corpus: dict[str, dict[str, Any]], questions: Sequence[Question], found: Sequence[Sequence[Hit]]) -> str:
    kept = accepted = 0
    for question, hits in zip(questions, found, strict=True):
        articles = {corpus[one]["title"] for one in question.relevant}
        others = [hit for hit in hits if corpus[hit.passage.title]["title"] not in articles]
        kept += any(map(retrieval.is_relevant, hits[:1]))
        accepted += any(map(retrieval.is_relevant, others[:1]))
    count = len(questions)
    return f"relevant: {kept / count:.3f} kept, {accepted / count:.3f} accepted without their article"


def spoil(text: str, share: float) -> str:
    """Return the text with one letter of this share of its words changed; the same each time."""
    chance = random.Random(text)

    def edit(match: re.Match[str]) -> str:
        word = match[0]
        if len(word) < 3 or chance.random() >= share:
            return word
        place, letter = chance.randrange(len(word)), chance.choice(_RUSSIAN if _IS_RUSSIAN.search(word) else _ENGLISH)
        before, after = word[:place], word[place + 1 :]
        return before + chance.choice((letter, "", letter + word[place])) + after

    return _WORD.sub(edit, text)


def _library(corpus: dict[str, dict[str, Any]], folder: Path) -> Library:
    library = Library(Catalogue(folder / "catalogue.sqlite"), PassageIndex(folder / "index"))
    passages = tuple(
        Passage(
            Kind.DOCUMENT,
            key,
            (),
            None,
            detect(row["text"]),
            row["text"],
            " ".join(analyzer.terms(row["text"])),
            grams=" ".join(analyzer.grams(row["text"])),
            number=number,
        )
        for number, (key, row) in enumerate(corpus.items())
    )
    record = FileRecord("corpus", Kind.DOCUMENT, "", Status.INDEXED, None, len(passages), 0, 0, "", 0, "", None)
    library.put(record, Prepared("", passages))
    library.optimise()
    return library


def _questions(data: Path) -> Iterator[Question]:
    relevant: dict[str, set[str]] = {}
    for row in _rows(data / "qrels.jsonl.xz"):
        relevant.setdefault(row["query-id"], set()).add(row["corpus-id"])
    for row in _rows(data / "queries.jsonl.xz"):
        yield Question(row["text"], frozenset(relevant[row["_id"]]))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


if __name__ == "__main__":
    main(sys.argv[1:])

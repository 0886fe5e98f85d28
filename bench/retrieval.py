"""How well questions find their passages: python -m bench.retrieval [--noise SHARE] DATA [SET...].

DATA holds one folder per set in the manner of BEIR: corpus.jsonl.xz, queries.jsonl.xz and qrels.jsonl.xz. Prints recall
at 5, MRR at 10 and nDCG at 10; then, for the decision whether a hit is relevant, how many questions keep their answer
and how many are answered although everything of the same article has been left out. With --noise that share of a
question's words has one letter wrong, missing or too many, as a recogniser errs.
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

from knowledge import analyzer, retrieval
from knowledge.catalogue import Catalogue
from knowledge.index import PassageIndex
from knowledge.language import detect
from knowledge.library import Library
from knowledge.models import FileRecord, Kind, Passage, Prepared, Status
from knowledge.retrieval import Query

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from knowledge.models import Hit

DEPTH = 10
_RUSSIAN = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_ENGLISH = "abcdefghijklmnopqrstuvwxyz"
_IS_RUSSIAN = re.compile("[а-яё]", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the passages written for it."""

    text: str
    relevant: frozenset[str]


def main(arguments: Sequence[str]) -> None:
    """Print one line per set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--noise", type=float, default=0.0)
    parser.add_argument("data", type=Path)
    parser.add_argument("sets", nargs="*")
    options = parser.parse_args(arguments)
    for name in options.sets or sorted(path.name for path in options.data.iterdir() if path.is_dir()):
        with tempfile.TemporaryDirectory() as folder:
            print(name, measure(options.data / name, Path(folder), options.noise))


def measure(data: Path, folder: Path, noise: float) -> str:
    """Return the figures of one set."""
    corpus = {row["_id"]: row for row in _rows(data / "corpus.jsonl.xz")}
    library = _library(corpus, folder)
    questions = [replace(question, text=spoil(question.text, noise)) for question in _questions(data)]
    found = [[hit.passage.title for hit in _search(library, question)[:DEPTH]] for question in questions]
    ranks = [
        next((rank for rank, one in enumerate(ids) if one in question.relevant), None)
        for question, ids in zip(questions, found, strict=True)
    ]
    kept = accepted = 0
    for question in questions:
        hits = _search(library, question)
        articles = {corpus[one]["title"] for one in question.relevant}
        others = [hit for hit in hits if corpus[hit.passage.title]["title"] not in articles]
        kept += any(map(retrieval.is_relevant, hits[:1]))
        accepted += any(map(retrieval.is_relevant, others[:1]))
    count = len(questions)
    recall = sum(rank is not None and rank < 5 for rank in ranks) / count
    mrr = sum(1 / (rank + 1) for rank in ranks if rank is not None) / count
    ndcg = sum(1 / math.log2(rank + 2) for rank in ranks if rank is not None) / count
    return (
        f"({count} questions) R@5 {recall:.3f}, MRR@10 {mrr:.3f}, nDCG@10 {ndcg:.3f}; "
        f"relevant: {kept / count:.3f} kept, {accepted / count:.3f} accepted without their article"
    )


def _search(library: Library, question: Question) -> list[Hit]:
    """Return what a search ranks before it is thinned out by document: each passage here is a document of its own."""
    return retrieval.find(library, Query(question.text))


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
        )
        for key, row in corpus.items()
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

"""Questions with the documents that answer them, and the usual measures of their ranks."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from knowledge.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the document that answers it."""

    question: str
    document: str
    """Its path, the end of its path, or its title, in any case."""


def read_questions(file: Path) -> list[Question]:
    """Return the questions of a TSV or JSON file.

    Raises: SettingsError for a file that has none or cannot be read.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
        questions = list(_of_json(json.loads(text)) if file.suffix.lower() == ".json" else _of_tsv(text))
    except (OSError, ValueError, KeyError, TypeError) as err:
        raise SettingsError(f"{file} cannot be read as questions: {err}.") from err
    if not questions:
        raise SettingsError(f"{file} has no questions in it.")
    return questions


def rank_of(question: Question, hits: Sequence[Mapping[str, Any]]) -> int | None:
    """Return the place of the expected document among the documents found, counted from 1; None if it is not there."""
    expected = question.document.casefold()
    found = dict.fromkeys((hit["document"].casefold(), hit["title"].casefold()) for hit in hits)
    places = (
        place
        for place, (path, title) in enumerate(found, start=1)
        if expected in (title, path) or path.endswith(f"/{expected}")
    )
    return next(places, None)


def measured(ranks: Sequence[int | None]) -> dict[str, float]:
    """Return R@5, MRR and nDCG@10 of the places of the one document that is right for each question."""
    found = [rank for rank in ranks if rank is not None]
    return {
        "questions": len(ranks),
        "R@5": sum(rank <= 5 for rank in found) / len(ranks),
        "MRR": sum(1 / rank for rank in found) / len(ranks),
        "nDCG@10": sum(1 / math.log2(rank + 1) for rank in found if rank <= 10) / len(ranks),
    }


def _of_tsv(text: str) -> Iterator[Question]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            question, separator, document = line.partition("\t")
            if not separator:
                raise ValueError(f"line {number} has no tab")
            yield Question(question.strip(), document.strip())


def _of_json(rows: Sequence[Mapping[str, str]]) -> Iterator[Question]:
    for row in rows:
        yield Question(row["question"], row["document"])

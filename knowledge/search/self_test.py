"""Whether an embedder understands a language, measured before its vectors are searched.

A wrong one is worse than none: an English MiniLM joined to a good Russian word search took the R@5 of XQuAD from .984
to .683. For each language, questions in the words of their passage and in other words are looked up among passages of
which half have the same words and no answer. Refused is what costs more than .01, and what does not find nine tenths
by itself: simulated embedders that lose so much more of this test cost XQuAD's word search more than .01.
"""

from __future__ import annotations

import math
import tempfile
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from knowledge.models import (
    EVERYTHING,
    FileRecord,
    Hit,
    Kind,
    Language,
    LanguageTest,
    Passage,
    Prepared,
    SelfTestReport,
    Status,
)
from knowledge.search import retrieval
from knowledge.search.retrieval import Query, Stages
from knowledge.store.catalogue import Catalogue
from knowledge.store.lancedb_index import PassageIndex
from knowledge.store.library import Library
from knowledge.text import analyzer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from knowledge.embedders.embedder import Embedder, Vectors
    from knowledge.models import Filters

VERSION = "1"
"""Raise it when the questions or the rule change: every embedder is tested again."""

_DEPTH = 10
_CHANCE = 0.9
_MOST_LOSS = 0.01
_LEAST_ALONE = 0.9


@dataclass(frozen=True, slots=True)
class Item:
    """One topic of the test."""

    plain: str
    """A question in the words of its passage."""
    paraphrased: str
    """The same in other words."""
    passage: str
    near_miss: str
    """A passage of the same words that does not answer."""


def items(language: Language) -> list[Item]:
    """Return the test of a language."""
    text = files("knowledge").joinpath("data", f"self_test_{language}.tsv").read_text(encoding="utf-8")
    return [Item(*line.split("\t")) for line in text.splitlines() if line]


def run(embedder: Embedder) -> SelfTestReport:
    """Return how questions find their passages with an embedder and without; blocking.

    Raises: EmbedderError.
    """
    tests = [_tested(embedder, language) for language in Language]
    return SelfTestReport(embedder.model, VERSION, tuple(tests))


def _tested(embedder: Embedder, language: Language) -> LanguageTest:
    topics = items(language)
    texts = [text for item in topics for text in (item.passage, item.near_miss)]
    passages = embedder.embed_passages(texts)
    questions = [question for item in topics for question in (item.plain, item.paraphrased)]
    vectors = np.stack([embedder.embed_query(question) for question in questions])
    others = _others(vectors @ passages.T)
    chance, floor = float(np.quantile(others, _CHANCE)), float(np.max(others))
    with tempfile.TemporaryDirectory() as folder:
        library = _library(Path(folder), texts, language)
        try:
            dense = _InMemory(library, passages, dict(zip(questions, vectors, strict=True)), chance)
            lexical = _gains(questions, lambda asked: retrieval.find(library, Query(asked)))
            hybrid = _gains(questions, lambda asked: retrieval.find(library, Query(asked), Stages(dense)))
            alone = _gains(questions, lambda asked: dense(asked, language, _DEPTH, EVERYTHING))
        finally:
            library.close()
    test = LanguageTest(
        language=language,
        questions=len(questions),
        lexical=_mean(lexical[0::2]),
        hybrid=_mean(hybrid[0::2]),
        lexical_paraphrased=_mean(lexical[1::2]),
        hybrid_paraphrased=_mean(hybrid[1::2]),
        dense=_mean(alone),
        chance=chance,
        floor=floor,
        is_accepted=False,
    )
    return replace(test, is_accepted=_passes(test))


def _passes(test: LanguageTest) -> bool:
    return test.hybrid >= test.lexical - _MOST_LOSS and test.dense >= _LEAST_ALONE


def _mean(gains: Sequence[float]) -> float:
    return sum(gains) / len(gains)


def _gains(questions: Sequence[str], find: Callable[[str], Sequence[Hit]]) -> list[float]:
    """Return the nDCG at 10 of each question, of which each topic has two."""
    return [_gain(find(question), place // 2) for place, question in enumerate(questions)]


def _gain(hits: Sequence[Hit], topic: int) -> float:
    """Return a question's nDCG at 10; only its passage is relevant, which has the number of its topic doubled."""
    ranks = (rank for rank, hit in enumerate(hits[:_DEPTH]) if hit.passage.number == 2 * topic)
    return next((1 / math.log2(rank + 2) for rank in ranks), 0.0)


def _others(similarities: Vectors) -> Vectors:
    """Return the similarities of questions and passages of other topics, from those of all (questions, passages)."""
    questions, passages = similarities.shape
    topics = np.arange(questions)[:, None] // 2 != np.arange(passages)[None, :] // 2
    others: Vectors = similarities[topics]
    return others


def _library(folder: Path, texts: Sequence[str], language: Language) -> Library:
    library = Library(Catalogue(folder / "catalogue.sqlite"), PassageIndex(folder / "index"))
    passages = tuple(
        Passage(
            kind=Kind.DOCUMENT,
            title="",
            headings=(),
            page=None,
            language=language,
            text=text,
            search_text=" ".join(analyzer.terms(text)),
            grams=" ".join(analyzer.grams(text)),
            number=number,
        )
        for number, text in enumerate(texts)
    )
    record = FileRecord("test", Kind.DOCUMENT, "", Status.INDEXED, None, len(passages), 0, 0, "", 0, "", None)
    library.put(record, Prepared("", passages))
    return library


class _InMemory:
    """The test's passages by their vectors."""

    def __init__(self, library: Library, vectors: Vectors, questions: dict[str, Vectors], chance: float) -> None:
        self._passages = library.passages("test")
        self._vectors = vectors
        self._questions = questions
        self._chance = chance

    def __call__(self, question: str, _language: Language, limit: int, _filters: Filters) -> list[Hit]:
        """Return hits best first; see retrieval.DenseSearch."""
        similarities = self._vectors @ self._questions[question]
        order = np.argsort(-similarities, kind="stable")[:limit]
        hits = [Hit("test", self._passages[place], float(similarities[place])) for place in order]
        return [hit for hit in hits if hit.score > self._chance]

"""A question to passages, and the decision whether they are about it at all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from knowledge import analyzer
from knowledge.language import question_language
from knowledge.models import EVERYTHING, Filters, Language, SearchResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from knowledge.library import Library
    from knowledge.models import Hit

DEFAULT_LIMIT = 5
_CANDIDATES = 50
_PER_DOCUMENT = 3
_RANK_CONSTANT = 60
_GRAMS_FOR_UNKNOWN = 10
"""How much more groups of letters count when no passage has the question's words; see the noisy sets of the bench."""
# The share of a question's informative weight that a passage must hold. By bench/retrieval.py these keep 81 % (ru),
# 89 % (en), 85 % (zh) of the answerable long questions of XQuAD and let through 6, 9 and 5 % of those whose article
# is missing. Chinese terms are characters and pairs, of which a paraphrase shares fewer.
_RELEVANT_COVERAGE = {Language.RUSSIAN: 0.51, Language.ENGLISH: 0.51, Language.CHINESE: 0.45}


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it came in."""

    text: str
    limit: int = DEFAULT_LIMIT
    filters: Filters = EVERYTHING
    language: str | None = None
    """A hint, as "ru" or "ru-RU"; None to tell it from the script."""


def search(library: Library, query: Query) -> SearchResult:
    """Return the passages that match a question, best first, and whether they are relevant to it."""
    language = question_language(query.text, query.language)
    candidates = find(library, query)
    hits = list(_diverse(_own_language_first(candidates, language)))[: query.limit]
    return SearchResult(query.text, language, relevant=any(map(is_relevant, hits[:1])), hits=tuple(hits))


def find(library: Library, query: Query) -> list[Hit]:
    """Return the candidates for a question, best first, as they are before the choice among them."""
    terms, grams = analyzer.question_terms(query.text), analyzer.question_grams(query.text)
    by_terms = library.judged(library.search(terms, _CANDIDATES, query.filters), terms)
    by_grams = library.judged(library.search_grams(grams, _CANDIDATES, query.filters), terms)
    unknown = sum(map(library.statistics.is_unknown, terms)) / (len(terms) or 1)
    # Letters alone are no reason: "word 1" and "word 2" have most of them in common.
    alike = [hit for hit in by_grams if hit.coverage > 0]
    return fused(ranked(by_terms), alike, 1 + _GRAMS_FOR_UNKNOWN * unknown)


def is_relevant(hit: Hit) -> bool:
    """Say whether a passage is about the question, and does not merely share a word with it."""
    return hit.coverage >= _RELEVANT_COVERAGE[hit.passage.language]


def ranked(hits: Iterable[Hit]) -> list[Hit]:
    """Order by BM25, ahead those that hold more of the question, and most of all those whose heading says it."""
    return sorted(hits, key=lambda hit: hit.score * (1 + hit.coverage + hit.heading_coverage), reverse=True)


def fused(by_terms: list[Hit], by_grams: list[Hit], weight: float) -> list[Hit]:
    """Join two rankings by reciprocal rank (Cormack, Clarke and Büttcher 2009), the second with a weight.

    Scores of the second are brought to the scale of the first.
    """
    scale = by_terms[0].score / by_grams[0].score if by_terms and by_grams else 1.0
    hits = {_key(hit): replace(hit, score=hit.score * scale) for hit in by_grams} | {_key(hit): hit for hit in by_terms}
    points: Counter[tuple[str, int, str, str]] = Counter()
    for hits_of_one, share in ((by_terms, 1.0), (by_grams, weight)):
        for rank, hit in enumerate(hits_of_one, start=1):
            points[_key(hit)] += share / (_RANK_CONSTANT + rank)  # type: ignore[assignment]  # points are fractions
    return [hits[key] for key, _ in points.most_common()]


def _key(hit: Hit) -> tuple[str, int, str, str]:
    return hit.document, hit.passage.entry, hit.passage.title, hit.passage.text


def _own_language_first(hits: list[Hit], language: Language) -> list[Hit]:
    """Put the question's own language first if it has an answer; a house keeps the same manual in two languages."""
    own = [hit for hit in hits if hit.passage.language is language]
    if not any(map(is_relevant, own[:1])):
        return hits
    return own + [hit for hit in hits if hit.passage.language is not language]


def _diverse(hits: list[Hit]) -> Iterator[Hit]:
    """Yield the hits without copies of the same text and without more than a few of one document."""
    texts: set[str] = set()
    per_document: Counter[tuple[str, int]] = Counter()
    for hit in hits:
        document = (hit.document, hit.passage.entry)
        if hit.passage.text not in texts and per_document[document] < _PER_DOCUMENT:
            texts.add(hit.passage.text)
            per_document[document] += 1
            yield hit

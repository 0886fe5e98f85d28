"""A question to passages, and the decision whether they are about it at all.

Words and groups of letters are always searched. What a model adds is optional, and each stage may give up at any time:
vectors, other ways to ask, reading question and passage together.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeAlias

from knowledge.language import question_language
from knowledge.models import EVERYTHING, OF_LECTURES, Filters, Kind, Language, SearchResult
from knowledge.text import analyzer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from knowledge.models import Hit
    from knowledge.store.library import Library

_Key: TypeAlias = tuple[str, int, str, str]

DEFAULT_LIMIT = 5
_CANDIDATES = 50
_RERANKED = 20
_PER_DOCUMENT = 3
_RANK_CONSTANT = 60
_GRAMS_FOR_UNKNOWN = 10
"""How much more groups of letters count when no passage has the question's words; see the noisy sets of the bench."""
# The share of a question's informative weight that a passage must hold. By bench/retrieval.py these keep 81 % (ru),
# 89 % (en), 85 % (zh) of the answerable long questions of XQuAD and let through 6, 9 and 5 % of those whose article
# is missing. Chinese terms are characters and pairs, of which a paraphrase shares fewer.
_RELEVANT_COVERAGE = {Language.RUSSIAN: 0.51, Language.ENGLISH: 0.51, Language.CHINESE: 0.45}


_ASKS_WHAT_IT_IS = re.compile(
    r"\bчто\s+(?:это\s+)?так\w+|\bчто\s+(?:значит|означает)|\bопределени\w+|\bwhat(?:\s+is|\s+are|\s+does|'s)\b|\bdefin\w+|"
    r"什么是|是什么|什么意思|定义",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it came in."""

    text: str
    limit: int = DEFAULT_LIMIT
    filters: Filters = EVERYTHING
    language: str | None = None
    """A hint, as "ru" or "ru-RU"; None to tell it from the script."""
    may_rephrase: bool = False
    """Whether the language model may be asked for other words when these find nothing."""


class DenseSearch(Protocol):
    """Finds passages by what they mean."""

    def __call__(self, question: str, language: Language, limit: int, filters: Filters, /) -> list[Hit]:
        """Return hits best first; none where there is no embedder for the language, or it is away."""
        ...


class Rephrasing(Protocol):
    """Says a question in other words."""

    def __call__(self, question: str, language: Language, /) -> tuple[str, ...]:
        """Return the other ways; none where there is no model, or it is late."""
        ...


class Reranking(Protocol):
    """Reads question and passages together."""

    def __call__(self, question: str, texts: Sequence[str], /) -> list[float] | None:
        """Return a score for each text; None where there is no reranker, or it is late."""
        ...


@dataclass(frozen=True, slots=True)
class Stages:
    """What models add to a search."""

    dense: DenseSearch | None = None
    rephrase: Rephrasing | None = None
    rerank: Reranking | None = None


WORDS_ALONE = Stages()


def search(library: Library, query: Query, stages: Stages = WORDS_ALONE) -> SearchResult:
    """Return the passages that match a question, best first, and whether they are relevant to it."""
    language = question_language(query.text, query.language)
    candidates = find(library, query, stages)
    if query.may_rephrase and stages.rephrase is not None and not any(map(is_relevant, candidates[:1])):
        others = [find(library, replace(query, text=text), stages) for text in stages.rephrase(query.text, language)]
        candidates = fused([(candidates, 1.0), *((hits, 1.0) for hits in others)])
    candidates = _own_language_first(_reranked(query.text, candidates, stages), language)
    candidates = _explained_first(query.text, _speech_first(candidates))
    hits = list(_diverse(candidates))[: query.limit]
    return SearchResult(query.text, language, relevant=any(map(is_relevant, hits[:1])), hits=tuple(hits))


def find(library: Library, query: Query, stages: Stages = WORDS_ALONE) -> list[Hit]:
    """Return the candidates for a question, best first, as they are before the choice among them."""
    query = replace(query, filters=_widened(query.filters))
    terms, grams = analyzer.question_terms(query.text), analyzer.question_grams(query.text)
    by_terms = library.judged(library.search(terms, _CANDIDATES, query.filters), terms)
    by_grams = library.judged(library.search_grams(grams, _CANDIDATES, query.filters), terms)
    unknown = sum(map(library.statistics.is_unknown, terms)) / (len(terms) or 1)
    # Letters alone are no reason: "word 1" and "word 2" have most of them in common.
    alike = [hit for hit in by_grams if hit.coverage > 0]
    rankings = [(ranked(by_terms), 1.0), (alike, 1 + _GRAMS_FOR_UNKNOWN * unknown)]
    if stages.dense is not None and terms:
        language = question_language(query.text, query.language)
        similar = stages.dense(query.text, language, _CANDIDATES, query.filters)
        # A third of all votes on a question in the words of its passage, more than half on one whose words nobody has.
        votes = sum(weight for hits, weight in rankings if hits) or 1.0
        rankings.append((library.judged(similar, terms), votes * (0.5 + unknown)))
    return fused(rankings)


def _widened(filters: Filters) -> Filters:
    """Find what is written about lectures where lectures are looked for."""
    if Kind.LECTURE not in filters.kinds:
        return filters
    return replace(filters, kinds=filters.kinds | OF_LECTURES)


def is_relevant(hit: Hit) -> bool:
    """Say whether a passage is about the question, and does not merely share a word with it."""
    return hit.is_similar or hit.coverage >= _RELEVANT_COVERAGE[hit.passage.language]


def ranked(hits: Iterable[Hit]) -> list[Hit]:
    """Order by BM25, ahead those that hold more of the question, and most of all those whose heading says it."""
    return sorted(hits, key=lambda hit: hit.score * (1 + hit.coverage + hit.heading_coverage), reverse=True)


def fused(rankings: Sequence[tuple[list[Hit], float]]) -> list[Hit]:
    """Join rankings by reciprocal rank (Cormack, Clarke and Büttcher 2009), each with its weight.

    Scores come to the scale of the first ranking that found anything, as if the best of each were equally good.
    """
    best = next((hits[0].score for hits, _ in rankings if hits), 0.0)
    hits: dict[_Key, Hit] = {}
    points: defaultdict[_Key, float] = defaultdict(float)
    for of_one, weight in rankings:
        scale = best / of_one[0].score if of_one and of_one[0].score else 1.0
        for rank, (key, hit) in enumerate(_distinct(of_one).items(), start=1):
            points[key] += weight / (_RANK_CONSTANT + rank)
            known = hits.setdefault(key, replace(hit, score=hit.score * scale))
            if hit.is_similar and not known.is_similar:
                hits[key] = replace(known, is_similar=True)
    return [hits[key] for key in sorted(hits, key=points.__getitem__, reverse=True)]


def _distinct(hits: list[Hit]) -> dict[_Key, Hit]:
    """Return the hits in their order, of what a document repeats the first one only: the others are no more votes."""
    found: dict[_Key, Hit] = {}
    for hit in hits:
        found.setdefault(_key(hit), hit)
    return found


def _key(hit: Hit) -> _Key:
    return hit.document, hit.passage.entry, hit.passage.title, hit.passage.text


def _reranked(question: str, hits: list[Hit], stages: Stages) -> list[Hit]:
    """Put the best hits in the reranker's order if it is in time."""
    if stages.rerank is None or len(hits) < 2:
        return hits
    best = hits[:_RERANKED]
    scores = stages.rerank(question, [hit.passage.text for hit in best])
    if scores is None:
        return hits
    order = sorted(range(len(best)), key=lambda place: scores[place], reverse=True)
    return [*(best[place] for place in order), *hits[_RERANKED:]]


def _own_language_first(hits: list[Hit], language: Language) -> list[Hit]:
    """Put the question's own language first if it has an answer; a house keeps the same manual in two languages."""
    own = [hit for hit in hits if hit.passage.language is language]
    if not any(map(is_relevant, own[:1])):
        return hits
    return own + [hit for hit in hits if hit.passage.language is not language]


def _speech_first(hits: list[Hit]) -> list[Hit]:
    """Put summaries behind what was said in the lecture, which has its minute, where that holds as much."""
    said: defaultdict[str, float] = defaultdict(float)
    for hit in hits:
        if hit.passage.kind is not Kind.SUMMARY:
            said[hit.document] = max(said[hit.document], hit.coverage)
    return sorted(hits, key=lambda hit: hit.passage.kind is Kind.SUMMARY and hit.coverage <= said[hit.document])


def _explained_first(question: str, hits: list[Hit]) -> list[Hit]:
    """Put a definition first if what is asked is the word that it defines, and nothing besides."""
    if not _ASKS_WHAT_IT_IS.search(question):
        return hits
    terms = set(analyzer.question_terms(question))
    return sorted(hits, key=lambda hit: not (hit.passage.kind is Kind.TERM and terms <= _defined(hit)))


def _defined(hit: Hit) -> set[str]:
    return set(analyzer.terms(hit.passage.text.partition(" — ")[0]))


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

"""The sentences of a passage that answer a question, chosen without a language model."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from knowledge.answers import cues
from knowledge.models import Language
from knowledge.text import analyzer, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from knowledge.models import Hit
    from knowledge.store.statistics import TermStatistics

# Weights set by hand on the questions of tests/knowledge/test_questions.py, in shares of a question's weight.
_CANDIDATES = 3
_CLOSE_SCORE = 0.6  # a passage scored below this share of the best one is about something else
_OTHER_PASSAGE_PENALTY = 0.25
_HEADING_SHARE = 0.4  # a word that stands in the heading says less in a sentence below it
_EXPECTED_BONUS = 0.6
_DENSITY_BONUS = 0.5
_FIRST_BONUS = 0.15
_IN_HEADING = 0.5
_SAME = 0.01
_WHOLE = 0.75  # a sentence that holds less of the question may leave the answer to the next one
_PROCEDURE_CHARACTERS = 250
_SHORT = {Language.RUSSIAN: 30, Language.ENGLISH: 30, Language.CHINESE: 8}


@dataclass(frozen=True, slots=True)
class Extract:
    """Neighbouring sentences of one passage."""

    hit: Hit
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    hit: Hit
    position: int
    coverage: float
    """Share of the question's weight that the sentence holds."""
    score: float


def extract(question: str, hits: Sequence[Hit], statistics: TermStatistics, limit: int) -> Extract:
    """Return the sentences that answer a question from the best of `hits` (at least one), about `limit` characters."""
    terms = analyzer.question_terms(question)
    close = [hit for hit in hits[:_CANDIDATES] if hit.score >= hits[0].score * _CLOSE_SCORE]
    best_of_each = [max(_candidates(question, terms, hit, statistics), key=_score) for hit in close]
    # The first passage has the word, unless a sentence elsewhere says clearly more of the question.
    best = max(best_of_each, key=lambda one: one.coverage - _OTHER_PASSAGE_PENALTY * (one.hit is not hits[0]))
    if _is_headed(question, hits[0], best):
        return Extract(hits[0], _from(sentences.split(hits[0].passage.text), limit))
    texts = sentences.split(best.hit.passage.text)
    if cues.HOW_TO.search(question):
        return Extract(best.hit, _from(texts[best.position :], min(limit, _PROCEDURE_CHARACTERS)))
    missing = set(terms) - set(analyzer.terms(texts[best.position]))
    return Extract(best.hit, _around(texts, best, missing, limit))


def _is_headed(question: str, hit: Hit, best: _Candidate) -> bool:
    """Say whether the heading says what is asked: its text is the answer then, from the start, whatever its words."""
    if hit.heading_coverage < _IN_HEADING:
        return False
    return cues.HOW_TO.search(question) is not None or best.coverage < hit.heading_coverage - _SAME


def _candidates(question: str, terms: Sequence[str], hit: Hit, statistics: TermStatistics) -> Iterator[_Candidate]:
    """Yield each sentence with how much of the question it holds, and whether it looks like the answer."""
    in_heading = set(analyzer.terms(" ".join((hit.passage.title, *hit.passage.headings))))
    expected = [answer for asked, answer in cues.EXPECTED if asked.search(question)]
    for position, sentence in enumerate(sentences.split(hit.passage.text)):
        words = analyzer.terms(sentence)
        held = set(words)
        coverage = statistics.coverage(terms, held)
        score = _HEADING_SHARE * coverage + (1 - _HEADING_SHARE) * statistics.coverage(terms, held - in_heading)
        score += _DENSITY_BONUS * len(held & set(terms)) / (len(words) or 1)
        score += _EXPECTED_BONUS * any(answer.search(sentence) for answer in expected)
        yield _Candidate(hit, position, coverage, score + _FIRST_BONUS * (position == 0))


def _score(candidate: _Candidate) -> float:
    return candidate.score


def _around(texts: Sequence[str], best: _Candidate, missing: AbstractSet[str], limit: int) -> tuple[str, ...]:
    """Return a sentence with the one it leans on before it, and the next where it may not be the whole answer."""
    start, end = best.position, best.position + 1
    if start and cues.LEANS_ON_PREVIOUS.match(texts[start]) and len(texts[start - 1]) + len(texts[start]) < limit:
        start -= 1
    length = sum(map(len, texts[start:end]))
    if end == len(texts) or length + len(texts[end]) >= limit:
        return tuple(texts[start:end])
    is_doubtful = length < _SHORT[best.hit.passage.language] or best.coverage < _WHOLE
    return tuple(texts[start : end + (is_doubtful or not missing.isdisjoint(analyzer.terms(texts[end])))])


def _from(texts: Sequence[str], limit: int) -> tuple[str, ...]:
    """Return as many sentences from the first on as fit, at least one."""
    lengths = accumulate(len(text) + 1 for text in texts)
    return tuple(text for text, length in zip(texts, lengths, strict=True) if length <= limit) or tuple(texts[:1])

"""The sentences of a passage that answer a question, chosen without a language model."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING

from knowledge.answers import cues
from knowledge.models import Language
from knowledge.text import analyzer, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    looks_right: bool
    """Whether it has what is asked for: a number, a time, a place."""


def extract(question: str, hits: Sequence[Hit], statistics: TermStatistics, limit: int) -> Extract:
    """Return the sentences that answer a question from the best of `hits` (at least one), about `limit` characters."""
    terms = analyzer.question_terms(question)
    close = [hit for hit in hits[:_CANDIDATES] if hit.score >= hits[0].score * _CLOSE_SCORE]
    best_of_each = [max(_candidates(question, terms, hit, statistics), key=_score) for hit in close]
    # The first passage has the word, unless a sentence elsewhere says clearly more of the question.
    best = max(best_of_each, key=lambda one: one.coverage - _OTHER_PASSAGE_PENALTY * (one.hit is not hits[0]))
    if _is_headed(question, hits[0], best):
        return Extract(hits[0], _from(_discreet(question, sentences.split(hits[0].passage.text)), limit))
    texts = sentences.split(best.hit.passage.text)
    if cues.HOW_TO.search(question):
        return Extract(best.hit, _from(texts[best.position :], min(limit, _PROCEDURE_CHARACTERS)))
    return Extract(best.hit, _around(question, texts, best, limit))


def _discreet(question: str, texts: Sequence[str]) -> Sequence[str]:
    """Return the sentences before one with a secret that a question for a number or a place does not name."""
    is_precise = any(asked.search(question) for asked, _ in cues.EXPECTED)
    return [texts[0], *takewhile(lambda text: not (is_precise and _is_secret(question, text)), texts[1:])]


def _is_secret(question: str, text: str) -> bool:
    return cues.SECRET.search(text) is not None and cues.SECRET.search(question) is None


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
        looks_right = any(answer.search(sentence) for answer in expected)
        score += _EXPECTED_BONUS * looks_right + _FIRST_BONUS * (position == 0)
        yield _Candidate(hit, position, coverage, score, looks_right)


def _score(candidate: _Candidate) -> float:
    return candidate.score


def _around(question: str, texts: Sequence[str], best: _Candidate, limit: int) -> tuple[str, ...]:
    """Return a sentence with the one it leans on before it, and the next where it may not be the whole answer."""
    start, end = best.position, best.position + 1
    if start and cues.LEANS_ON_PREVIOUS.match(texts[start]) and len(texts[start - 1]) + len(texts[start]) < limit:
        start -= 1
    length = sum(map(len, texts[start:end]))
    if end == len(texts) or length + len(texts[end]) >= limit or _is_secret(question, texts[end]):
        return tuple(texts[start:end])
    is_short = length < _SHORT[best.hit.passage.language]
    is_doubtful = not best.looks_right and (is_short or best.coverage < _WHOLE)
    missing = set(analyzer.question_terms(question)) - set(analyzer.terms(texts[best.position]))
    return tuple(texts[start : end + (is_doubtful or not missing.isdisjoint(analyzer.terms(texts[end])))])


def _from(texts: Sequence[str], limit: int) -> tuple[str, ...]:
    """Return as many sentences from the first on as fit, at least one."""
    lengths = accumulate(len(text) + 1 for text in texts)
    return tuple(text for text, length in zip(texts, lengths, strict=True) if length <= limit) or tuple(texts[:1])

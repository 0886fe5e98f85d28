"""The terms of a lecture without a model: what its sentences define, and what they speak of most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.lectures.models import Maker, Term
from knowledge.lectures.writing.definitions import Definition, definitions, of_sentence
from knowledge.lectures.writing.phrases import phrases
from knowledge.lectures.writing.words import ORDERS
from knowledge.text import analyzer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from knowledge.lectures.writing.phrases import Phrase
    from knowledge.lectures.writing.spoken import Sentence
    from knowledge.models import Language

MOST_TERMS = 40
_MOST_UNDEFINED = 6
_LEAST_SAID = 3
_LEAST_SAID_ALONE = 4
"""Of a single word: most are no terms."""
_UNDEFINED_CONFIDENCE = 0.3
_MENTION_BONUS = 0.05
_MOST_BONUS = 0.1
_SUBJECT_TERMS = 2
"""Of the words that a sentence begins with: they tell what it is about."""
_ONCE = 0.8
"""What a definition is worth whose term is never said again: few terms are explained and left alone."""


def glossary(sentences: Sequence[Sentence], language: Language) -> tuple[Term, ...]:
    """Return the terms in the order of the lecture: those that are defined, and some that are only used."""
    found = phrases(sentences, language)
    defined = merged(_defined(sentences, language))
    known = {key(term.term) for term in defined}
    used = [
        _used(phrase, sentences)
        for phrase in found
        if len(phrase.places) >= (_LEAST_SAID if len(phrase.key) > 1 else _LEAST_SAID_ALONE)
        and not _overlaps(key(phrase.text), known)
    ]
    terms = [*defined[: MOST_TERMS - _MOST_UNDEFINED], *used[:_MOST_UNDEFINED]]
    return tuple(sorted(terms, key=lambda term: term.start))


def merged(terms: Iterable[Term]) -> list[Term]:
    """Return each term once, as it is explained best; the surest first."""
    best: dict[tuple[str, ...], Term] = {}
    for term in terms:
        known = best.get(key(term.term))
        if known is None or (term.is_supported, term.confidence) > (known.is_supported, known.confidence):
            best[key(term.term)] = term
    return sorted(best.values(), key=lambda term: (not term.is_supported, -term.confidence, term.start))


def key(term: str) -> tuple[str, ...]:
    """Return what all forms of a term have in common."""
    return tuple(analyzer.title_terms(term))


def _defined(sentences: Sequence[Sentence], language: Language) -> Iterator[Term]:
    for number, sentence in enumerate(sentences):
        for definition in definitions(sentence.text, language):
            text = definition.text or _said_before(definition, sentences[:number], language)
            mentions = _mentions(key(definition.term), sentences, number)
            confidence = _confidence(definition, mentions) if text else _UNDEFINED_CONFIDENCE
            yield Term(definition.term, text, sentence.start, sentence.said, confidence, True, Maker.EXTRACT)


def _said_before(definition: Definition, before: Sequence[Sentence], language: Language) -> str:
    """Return what the last sentence says of a term that the next one names; empty where it speaks of something else.

    «Эти числа называют весами» points to a sentence about numbers, not to one that merely mentions them.
    """
    if not before or ORDERS.match(before[-1].text):
        return ""
    pointed = set(analyzer.terms(definition.pointer))
    places = [place for place, term in enumerate(before[-1].terms) if term in pointed]
    return "" if places and places[0] >= _SUBJECT_TERMS else of_sentence(before[-1].text, language)


def _confidence(definition: Definition, mentions: int) -> float:
    if not mentions:
        return round(definition.certainty * _ONCE, 2)
    return round(min(definition.certainty + min(mentions * _MENTION_BONUS, _MOST_BONUS), 1.0), 2)


def _mentions(term: tuple[str, ...], sentences: Sequence[Sentence], own: int) -> int:
    """Return how many other sentences hold a term."""
    wanted = set(term)
    return sum(wanted <= set(sentence.terms) for number, sentence in enumerate(sentences) if number != own)


def _used(phrase: Phrase, sentences: Sequence[Sentence]) -> Term:
    first = sentences[phrase.places[0]]
    return Term(phrase.text, "", first.start, first.said, _UNDEFINED_CONFIDENCE, True, Maker.EXTRACT)


def _overlaps(term: tuple[str, ...], known: Iterable[tuple[str, ...]]) -> bool:
    return any(set(term) <= set(other) or set(other) <= set(term) for other in known)

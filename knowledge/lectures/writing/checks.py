"""Whether the lecture says what a model writes about it. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from knowledge.lectures.models import Maker, Term
from knowledge.lectures.writing.contradictions import contradicts, names_another
from knowledge.lectures.writing.quantities import quantities
from knowledge.llm.fence import defused
from knowledge.text import analyzer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.lectures.writing.spoken import Sentence

_MOST_CHARACTERS = 600
_SHARE_OF_WORDS = 0.4
"""Of a sentence's words that the lecture has to have; notes say half of it in other words."""
_SHARE_OF_DEFINITION = 0.5
_SHARE_OF_QUOTE = 0.6
_ALIKE = 0.5
"""Share of a statement's words that two sentences have to hold before it is compared with them."""
_ABOUT_AS_LIKE = 0.1
"""Sentences that are as like a statement as the likest one, but for so much, have a say too."""
_AROUND = 3
"""Sentences before and after the place of a definition that may support it."""
_LITTLE = 0.1
"""Share of a statement's words for which the sentence behind its place is not asked."""
_BESIDE = 1
"""Sentences before and after one with a number, which tell what the number is about."""
_DISTANCE = 0.004
"""What a sentence's distance from the line that was named costs, against the share of the quote that it holds."""
_BEGINS_THERE = 0.05
"""What holding the quote alone is worth against holding it together with the next sentence."""
_UNSUPPORTED = 0.4
"""What the confidence of an unsupported definition is multiplied with."""
_ADDRESS = re.compile(r"(?:\w+://|www\.)\S+")
_MARKUP = re.compile(r"^\s*(?:[#>*+-]+|\d+[.)])\s+|[*_`#|<>\[\]{}\\]+")
_ADDRESSED = re.compile(
    r"\b(?:игнорируй|забудь|отмени)(?:те)?\s+(?:\w+\s+){0,4}(?:инструкци|правил|указани|промпт)\w*|"
    r"\bсистемн\w+\s+(?:инструкци|промпт|указани)\w*|\bты\s+теперь\b|"
    r"\b(?:ignore|disregard|forget|override)\s+(?:\w+\s+){0,4}(?:instruction|rule|prompt|direction)s?\b|"
    r"\bsystem\s+prompts?\b|\byou\s+are\s+now\s+an?\b|"
    r"(?:忽略|无视|忘记|忘掉)\S{0,8}(?:指令|规则|提示|要求)|系统提示|你现在是",
    re.IGNORECASE,
)
_AFTER_ADDRESSED = 2
"""Sentences behind one that is addressed to a model, which say what it is to do."""


class Evidence:
    """What was said in a part of a lecture.

    Sentences that give orders to a model prove nothing: what a model writes in obedience finds no support.
    """

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self._sentences = sentences
        self._texts = [sentence.text for sentence in sentences]
        self._terms = [frozenset(sentence.terms) for sentence in sentences]
        for number, sentence in enumerate(sentences):
            if _ADDRESSED.search(sentence.text):
                for place in range(number, min(number + 1 + _AFTER_ADDRESSED, len(sentences))):
                    self._terms[place], self._texts[place] = frozenset(), ""
        self._all = frozenset().union(*self._terms)

    def supports(self, text: str) -> bool:
        """Say whether the part has enough of a text's words, its numbers beside them, and not its opposite."""
        if _share(_words(text), self._all) < _SHARE_OF_WORDS:
            return False
        everywhere = range(len(self._sentences))
        return self._has_numbers(text, everywhere) and not self._is_denied(text, everywhere)

    def term(self, term: str, definition: str, quote: str, line: int) -> Term | None:
        """Return a term with its place and how sure it is; None for one without words.

        `line` counts the sentences from 1 and may be wrong: the place is where the quote is, or else the definition.
        """
        if not term or not analyzer.terms(term) or not self._sentences:
            return None
        near = min(max(line - 1, 0), len(self._sentences) - 1)
        place, quoted = self._place(quote or definition, near)
        near_place = range(max(place - _AROUND, 0), min(place + _AROUND + 1, len(self._sentences)))
        around = frozenset().union(*self._terms[near_place.start : near_place.stop])
        defined = _share(_words(definition), around | set(analyzer.terms(term)))
        said = set(analyzer.terms(term)) <= around
        is_supported = (
            said
            and quoted >= _SHARE_OF_QUOTE
            and defined >= _SHARE_OF_DEFINITION
            and self._has_numbers(definition, near_place)
            and not self._is_denied(definition, near_place)
        )
        confidence = (0.4 * quoted + 0.6 * defined) * (1.0 if is_supported else _UNSUPPORTED)
        found = self._sentences[place]
        words = found.said if quoted >= _SHARE_OF_QUOTE else ""
        return Term(term, definition, found.start, words, round(confidence, 2), is_supported, Maker.MODEL)

    def _place(self, quote: str, near: int) -> tuple[int, float]:
        """Return the sentence that holds most of a quote, and the share that it and the next one hold."""
        words, everywhere = _words(quote), range(len(self._sentences))
        place = max(everywhere, key=lambda at: self._likeness(words, at) - _DISTANCE * abs(at - near))
        place = place if self._held(words, place) >= _SHARE_OF_QUOTE else near
        return place, self._held(words, place)

    def _likeness(self, words: set[str], place: int) -> float:
        return self._held(words, place) + _BEGINS_THERE * _share(words, self._terms[place])

    def _held(self, words: set[str], place: int) -> float:
        """Return the share of some words that a sentence and the next one hold."""
        return _share(words, self._terms[place] | self._following(place))

    def _following(self, place: int) -> frozenset[str]:
        return self._terms[place + 1] if place + 1 < len(self._terms) else frozenset()

    def _has_numbers(self, text: str, places: range) -> bool:
        """Say whether each number of a text was said at some places, beside a word of the text."""
        wanted = [number for number in quantities(text) if not number.is_ordinary]
        if not wanted:
            return True
        words = _words(text)
        said = [(place, number) for place in places for number in quantities(self._texts[place])]
        return all(
            any(one.agrees(number) and (not words or words & self._beside(place)) for place, number in said)
            for one in wanted
        )

    def _is_denied(self, text: str, places: range) -> bool:
        """Say whether all the sentences that a text is like say something else; where it is like none, nobody knows."""
        words = _words(text)
        likeness = {place: self._likeness(words, place) for place in places if self._held(words, place) >= _ALIKE}
        best = max(likeness.values(), default=0.0)
        alike = [place for place, like in likeness.items() if like >= best - _ABOUT_AS_LIKE]
        return bool(alike) and all(self._says_otherwise(text, place) for place in alike)

    def _says_otherwise(self, text: str, place: int) -> bool:
        said, words = self._texts[place], _words(text)
        is_from_both = self._held(words, place) - _share(words, self._terms[place]) > _LITTLE
        both = f"{said} {self._texts[place + 1]}" if is_from_both else said
        return names_another(text, said) or contradicts(text, both)

    def _beside(self, place: int) -> frozenset[str]:
        return frozenset().union(*self._terms[max(place - _BESIDE, 0) : place + _BESIDE + 1])


def cleaned(text: str) -> str:
    """Return what a model wrote as one line without markup and addresses."""
    whole = text.encode("utf-8", "ignore").decode()  # JSON can hold half a character
    plain = _MARKUP.sub("", _ADDRESS.sub("", defused(whole)))
    return " ".join(plain.split())[:_MOST_CHARACTERS]


def _share(words: set[str], held: frozenset[str] | set[str]) -> float:
    """Return the share of words that are held; 0 without words."""
    return len(words & held) / len(words) if words else 0.0


def _words(text: str) -> set[str]:
    return {term for term in analyzer.terms(text) if not term[0].isdigit()}

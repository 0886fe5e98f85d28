"""Whether the lecture says what a model writes about it. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from knowledge.lectures.models import Maker, Term
from knowledge.llm.fence import defused
from knowledge.text import analyzer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.lectures.spoken import Sentence

_MOST_CHARACTERS = 600
_SHARE_OF_WORDS = 0.4
"""Of a sentence's words that the lecture has to have; notes say half of it in other words."""
_SHARE_OF_DEFINITION = 0.5
_SHARE_OF_QUOTE = 0.6
_AROUND = 3
"""Sentences before and after the place of a definition that may support it."""
_DISTANCE = 0.004
"""What a sentence's distance from the line that was named costs, against the share of the quote that it holds."""
_BEGINS_THERE = 0.05
"""What holding the quote alone is worth against holding it together with the next sentence."""
_UNSUPPORTED = 0.4
"""What the confidence of an unsupported definition is multiplied with."""
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
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

    def __init__(self, sentences: Sequence[Sentence], *, has_digits: bool = True) -> None:
        """Take the sentences, and whether the transcriber writes numbers in digits at all."""
        self._sentences = sentences
        self._terms = [frozenset(sentence.terms) for sentence in sentences]
        for number, sentence in enumerate(sentences):
            if _ADDRESSED.search(sentence.text):
                for place in range(number, min(number + 1 + _AFTER_ADDRESSED, len(sentences))):
                    self._terms[place] = frozenset()
        self._all = frozenset().union(*self._terms)
        self._numbers = {number for sentence in sentences for number in numbers(sentence.text)} if has_digits else None

    def supports(self, text: str) -> bool:
        """Say whether the part has each number of a text, and enough of its words."""
        return self._has_numbers(text) and _share(text, self._all) >= _SHARE_OF_WORDS

    def term(self, term: str, definition: str, quote: str, line: int) -> Term | None:
        """Return a term with its place and how sure it is; None for one without words.

        `line` counts the sentences from 1 and may be wrong: the place is where the quote is, or else the definition.
        """
        if not term or not analyzer.terms(term) or not self._sentences:
            return None
        near = min(max(line - 1, 0), len(self._sentences) - 1)
        place, quoted = self._place(quote or definition, near)
        around = self._around(place)
        defined = _share(definition, around | set(analyzer.terms(term))) if definition else 0.0
        said = set(analyzer.terms(term)) <= around
        is_supported = (
            said and quoted >= _SHARE_OF_QUOTE and defined >= _SHARE_OF_DEFINITION and self._has_numbers(definition)
        )
        confidence = (0.4 * quoted + 0.6 * defined) * (1.0 if is_supported else _UNSUPPORTED)
        found = self._sentences[place]
        words = found.text if quoted >= _SHARE_OF_QUOTE else ""
        return Term(term, definition, found.start, words, round(confidence, 2), is_supported, Maker.MODEL)

    def _place(self, quote: str, near: int) -> tuple[int, float]:
        """Return the sentence that holds most of a quote, and the share that it and the next one hold."""
        shares = [_share(quote, self._terms[place] | self._following(place)) for place in range(len(self._sentences))]
        place = max(
            range(len(shares)),
            key=lambda at: shares[at] - _DISTANCE * abs(at - near) + _BEGINS_THERE * _share(quote, self._terms[at]),
        )
        return (place, shares[place]) if shares[place] >= _SHARE_OF_QUOTE else (near, shares[near])

    def _following(self, place: int) -> frozenset[str]:
        return self._terms[place + 1] if place + 1 < len(self._terms) else frozenset()

    def _around(self, place: int) -> frozenset[str]:
        return frozenset().union(*self._terms[max(place - _AROUND, 0) : place + _AROUND + 1])

    def _has_numbers(self, text: str) -> bool:
        """Say whether all numbers of a text were said; a transcript in words cannot tell."""
        return self._numbers is None or numbers(text) <= self._numbers


def cleaned(text: str) -> str:
    """Return what a model wrote as one line without markup and addresses."""
    whole = text.encode("utf-8", "ignore").decode()  # JSON can hold half a character
    plain = _MARKUP.sub("", _ADDRESS.sub("", defused(whole)))
    return " ".join(plain.split())[:_MOST_CHARACTERS]


def numbers(text: str) -> set[str]:
    """Return the numbers of a text in digits."""
    return {number.replace(",", ".") for number in _NUMBER.findall(text)}


def _share(text: str, held: frozenset[str] | set[str]) -> float:
    """Return the share of a text's words that are held; 0 for a text without words."""
    words = {term for term in analyzer.terms(text) if not term[0].isdigit()}
    return len(words & held) / len(words) if words else 0.0

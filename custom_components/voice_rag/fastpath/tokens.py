"""Sentences to words."""

import re
from collections.abc import Container
from dataclasses import dataclass

from .morphology import Form, fold

_TOKEN = re.compile(r"\d+(?:[.,]\d+)?|%|°|[^\W\d_]+(?:['’-][^\W\d_]+)*|[,;.!?…:，。！？、；：]", re.UNICODE)
_WHOLE = frozenset({"что-то", "как-то", "чего-то", "чуть-чуть"})
_PARTICLES = ("-ка", "-то", "-нибудь", "-либо")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the sentence, or a punctuation mark."""

    text: str
    """In lower case, without ё."""
    lemmas: dict[str, Form]
    keys: frozenset[str]
    """Lemmas and their synonyms: what names are compared by."""
    is_known: bool

    @property
    def keys_in_order(self) -> tuple[str, ...]:
        """Return the lemmas, the likeliest first, then their synonyms: the same in every process."""
        return (*self.lemmas, *sorted(self.keys - self.lemmas.keys()))

    @property
    def number(self) -> float | None:
        """Return the value of digits."""
        return float(self.text.replace(",", ".")) if self.text[0].isdigit() else None

    @property
    def is_mark(self) -> bool:
        """Tell whether this is punctuation."""
        return self.text in MARKS


MARKS = frozenset(",;.!?…:，。！？、；：")
COMMAS = frozenset(",，")


def tokenize(text: str) -> list[str]:
    """Return the words, numbers and marks of a sentence in lower case: "включи-ка" loses its particle."""
    return [_strip_particle(token) for token in _TOKEN.findall(fold(text))]


def segment(text: str, words: Container[str]) -> list[str]:
    """Return the longest known words of a sentence without spaces; an unknown character stands alone."""
    tokens = []
    for run in tokenize(_NUMERALS.sub(lambda match: str(_read_numerals(match[0])), text)):
        start = 0
        while start < len(run):
            length = _longest(run[start:], words)
            tokens.append(run[start : start + length])
            start += length
    return tokens


def _longest(run: str, words: Container[str]) -> int:
    if run.isascii() or run[0].isdigit():
        return len(run)
    return next((length for length in range(min(len(run), _MAX_SEGMENT), 1, -1) if run[:length] in words), 1)


_MAX_SEGMENT = 6
_NUMERALS = re.compile("(?:(?!百分)[零一二两三四五六七八九十百])+(?![点下首曲半些])")
_DIGITS = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"两": 2}


def _read_numerals(text: str) -> int:
    """Return 23 for 二十三, 100 for 一百."""
    total, digit = 0, 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        else:
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
    return total + digit


def _strip_particle(token: str) -> str:
    if token in _WHOLE:
        return token
    for particle in _PARTICLES:
        if token.endswith(particle) and len(token) > len(particle) + 2:
            return token.removesuffix(particle)
    return token

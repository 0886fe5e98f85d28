"""The same word in Cyrillic and in Latin letters: a Russian question may be about an English lecture. Pure."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from knowledge.text import analyzer

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHORTEST = 5
"""Letters of a key; shorter words of two languages are alike by chance."""
_MOST_MORE = 2
_LETTERS = "абвгдежзийклмнопрстуфхцэ"
_SOUNDS = {**dict(zip(_LETTERS, "abvgdejziiklmnoprstufhce", strict=True)), "ы": "i", "ю": "iu", "я": "ia", "ш": "sh"}
_SPELLINGS = (("ph", "f"), ("th", "t"), ("ch", "h"), ("qu", "kv"), ("x", "ks"), ("w", "v"))
_HARD_C = re.compile(r"c(?![eiy])")


def cognates(term: str, known: Iterable[str]) -> list[str]:
    """Return the known terms of the other script that are the same word: "vaccin" for «вакцин»."""
    is_cyrillic, key = analyzer.is_cyrillic(term), _key(term)
    return [other for other in known if analyzer.is_cyrillic(other) != is_cyrillic and _are_alike(key, _key(other))]


def _are_alike(one: str, other: str) -> bool:
    """Say whether one key begins the other: the Russian stemmer takes «хромос» from «хромосомы»."""
    short, long = sorted((one, other), key=len)
    return len(short) >= _SHORTEST and long.startswith(short) and len(long) - len(short) <= _MOST_MORE


def _key(term: str) -> str:
    """Return what a word of Latin or Greek sounds like in both languages, without its ending."""
    if analyzer.is_cyrillic(term):
        sounds = "".join(_SOUNDS.get(letter, "") for letter in term)
    else:
        sounds = term
        for spelling, sound in _SPELLINGS:
            sounds = sounds.replace(spelling, sound)
        sounds = _HARD_C.sub("k", sounds).replace("y", "i")
    return "".join(letter for letter, _ in groupby(sounds)).rstrip("aeiou")

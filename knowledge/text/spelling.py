"""Words that may be meant by one that no document has. Pure."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SHORTEST = 4
"""Letters; shorter words resemble too many others."""

_ALIKE = 0.6

_SHORTEST_ALONE = 6
_LETTERS_PER_ERROR = 4
"""One wrong letter of up to seven, two of up to eleven: pairs alone take «молоко» and «молния» for one word."""


def readings(
    unknown: Iterable[str], known: Iterable[str], *, is_alone: bool = False
) -> Mapping[str, Mapping[str, float]]:
    """Return for each unknown term the known ones that are written alike, with how much alike they are, up to 1.

    Alike is Dice's coefficient of their pairs of letters, the beginning marked: one wrong letter of seven leaves 0.7.
    A term that is alone, without a known one beside it to bear it out, has to be long and nearly right.
    """
    wanted = {term: _pairs(term) for term in unknown if len(term) >= _SHORTEST}
    if not wanted:
        return {}
    candidates = [(term, _pairs(term)) for term in set(known) if len(term) >= _SHORTEST]
    return {
        term: {
            other: alike
            for other, theirs in candidates
            if (alike := _dice(pairs, theirs)) >= _ALIKE and not (is_alone and _is_doubtful(term, other))
        }
        for term, pairs in wanted.items()
    }


def _is_doubtful(term: str, other: str) -> bool:
    return len(term) < _SHORTEST_ALONE or _errors(term, other) > len(term) // _LETTERS_PER_ERROR


def _pairs(term: str) -> frozenset[str]:
    return frozenset(left + right for left, right in pairwise(f"_{term}"))


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))


def _errors(one: str, other: str) -> int:
    """Return how many letters have to be put in, left out or changed (Levenshtein 1966)."""
    before = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        now = [row]
        for column, theirs in enumerate(other, start=1):
            now.append(min(now[-1] + 1, before[column] + 1, before[column - 1] + (letter != theirs)))
        before = now
    return before[-1]

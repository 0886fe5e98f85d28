"""Words that may be meant by one that no document has. Pure."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SHORTEST = 4
"""Letters; shorter words resemble too many others."""

_ALIKE = 0.6


def readings(unknown: Iterable[str], known: Iterable[str]) -> Mapping[str, Mapping[str, float]]:
    """Return for each unknown term the known ones that are written alike, with how much alike they are, up to 1.

    Alike is Dice's coefficient of their pairs of letters, the beginning marked: one wrong letter of seven leaves 0.7.
    """
    wanted = {term: _pairs(term) for term in unknown if len(term) >= _SHORTEST}
    if not wanted:
        return {}
    candidates = [(term, _pairs(term)) for term in set(known) if len(term) >= _SHORTEST]
    return {
        term: {other: alike for other, theirs in candidates if (alike := _dice(pairs, theirs)) >= _ALIKE}
        for term, pairs in wanted.items()
    }


def _pairs(term: str) -> frozenset[str]:
    return frozenset(left + right for left, right in pairwise(f"_{term}"))


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))

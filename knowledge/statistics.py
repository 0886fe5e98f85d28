"""How rare each term is: what makes a word of a question informative."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


class TermStatistics:
    """Counts of the passages that hold each term. One thread writes, any thread reads."""

    def __init__(self) -> None:
        self._passages = 0
        self._with_term: Counter[str] = Counter()

    def add(self, search_text: str) -> None:
        """Count a passage in."""
        self._passages += 1
        self._with_term.update(set(search_text.split()))

    def remove(self, search_text: str) -> None:
        """Count a passage out."""
        self._passages -= 1
        self._with_term.subtract(set(search_text.split()))

    def weight(self, term: str) -> float:
        """Return the inverse document frequency as BM25 has it; a term that no passage holds weighs most."""
        found = self._with_term.get(term, 0)
        return math.log1p((self._passages - found + 0.5) / (found + 0.5))

    def coverage(self, question: Iterable[str], held: Collection[str]) -> float:
        """Return the share of the question's weight that lies in terms of `held`, 0 to 1."""
        total = covered = 0.0
        for term in question:
            weight = self.weight(term)
            total += weight
            covered += weight if term in held else 0.0
        return covered / total if total else 0.0

"""How rare each term is: what makes a word of a question informative."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


class TermStatistics:
    """Counts of the passages that hold each term. One thread writes, any thread reads."""

    def __init__(self) -> None:
        self.passages = 0
        self._with_term: Counter[str] = Counter()

    def add(self, search_text: str) -> None:
        """Count a passage in."""
        self.passages += 1
        self._with_term.update(set(search_text.split()))

    def remove(self, search_text: str) -> None:
        """Count a passage out."""
        self.passages -= 1
        self._with_term.subtract(set(search_text.split()))

    def weight(self, term: str) -> float:
        """Return the inverse document frequency as BM25 has it; a term that no passage holds weighs most."""
        found = self._with_term.get(term, 0)
        return math.log1p((self.passages - found + 0.5) / (found + 0.5))

    def terms(self) -> list[str]:
        """Return the terms that some passage holds."""
        return [term for term in list(self._with_term) if self._with_term[term]]

    def is_unknown(self, term: str) -> bool:
        """Say whether no passage holds a term."""
        return not self._with_term.get(term)

    def coverage(
        self, question: Iterable[str], held: Collection[str], alike: Mapping[str, Mapping[str, float]] | None = None
    ) -> float:
        """Return the share of the question's weight that lies in terms of `held`, 0 to 1.

        `alike` has for some terms those that may stand for them, with the share that they count.
        """
        total = covered = 0.0
        for term in question:
            weight = self.weight(term)
            total += weight
            if term in held:
                covered += weight
            elif alike and (others := alike.get(term)):
                covered += weight * max((share for other, share in others.items() if other in held), default=0.0)
        return covered / total if total else 0.0

"""What a reranker is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


class Reranker(Protocol):
    """Blocking; called in one worker thread."""

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return how well each text answers the question; only their order means something.

        Raises: RerankerError.
        """
        ...

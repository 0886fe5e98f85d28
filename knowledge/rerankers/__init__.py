"""What reads question and passage together: one file each, found by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.engines import Engines
from knowledge.errors import RerankerError

if TYPE_CHECKING:
    from knowledge.rerankers.reranker import Reranker
    from knowledge.settings import RerankerSettings

ENGINES = Engines(__name__, "reranker", frozenset({"reranker"}), RerankerError)


def load(settings: RerankerSettings) -> Reranker:
    """Return the reranker that was chosen; blocking, for as long as its model takes to load.

    Raises: RerankerError.
    """
    reranker: Reranker = ENGINES.module(settings.engine).load(settings)
    return reranker

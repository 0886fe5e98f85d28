"""What reads question and passage together: one file each, found by its name."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING

from knowledge.errors import RerankerError

if TYPE_CHECKING:
    from knowledge.rerankers.reranker import Reranker
    from knowledge.settings import RerankerSettings

_HELPERS = frozenset({"reranker"})


def engines() -> list[str]:
    """Return the names that can be chosen."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name not in _HELPERS)


def load(settings: RerankerSettings) -> Reranker:
    """Return the reranker that was chosen; blocking, for as long as its model takes to load.

    Raises: RerankerError.
    """
    if settings.engine not in engines():
        raise RerankerError(f"There is no reranker '{settings.engine}', only {', '.join(engines())}.")
    try:
        module = import_module(f"{__name__}.{settings.engine}")
    except ImportError as err:
        raise RerankerError(f"A package is missing for the reranker '{settings.engine}': {err}") from err
    reranker: Reranker = module.load(settings)
    return reranker

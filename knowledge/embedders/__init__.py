"""What turns text into vectors: one file each, found by its name."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING

from knowledge.errors import EmbedderError

if TYPE_CHECKING:
    from knowledge.embedders.embedder import Embedder
    from knowledge.settings import EmbedderSettings

_HELPERS = frozenset({"embedder", "families", "remote"})


def engines() -> list[str]:
    """Return the names that can be chosen."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name not in _HELPERS)


def load(settings: EmbedderSettings) -> Embedder:
    """Return the embedder that was chosen, ready to work; blocking, for as long as its model takes to load.

    Raises: EmbedderError.
    """
    if settings.engine not in engines():
        raise EmbedderError(f"There is no embedder '{settings.engine}', only {', '.join(engines())}.")
    try:
        module = import_module(f"{__name__}.{settings.engine}")
    except ImportError as err:
        raise EmbedderError(f"A package is missing for the embedder '{settings.engine}': {err}") from err
    embedder: Embedder = module.load(settings)
    return embedder

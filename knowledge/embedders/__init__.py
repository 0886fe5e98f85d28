"""What turns text into vectors: one file each, found by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.engines import Engines
from knowledge.errors import EmbedderError

if TYPE_CHECKING:
    from knowledge.embedders.embedder import Embedder
    from knowledge.settings import EmbedderSettings

ENGINES = Engines(__name__, "embedder", frozenset({"embedder", "families", "remote"}), EmbedderError)


def load(settings: EmbedderSettings) -> Embedder:
    """Return the embedder that was chosen, ready to work; blocking, for as long as its model takes to load.

    Raises: EmbedderError.
    """
    embedder: Embedder = ENGINES.module(settings.engine).load(settings)
    return embedder

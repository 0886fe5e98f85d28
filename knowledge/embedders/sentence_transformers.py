"""Any model of sentence-transformers: multilingual-e5-large, bge-m3, FRIDA. Needs torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sentence_transformers import SentenceTransformer

from knowledge.embedders.embedder import normalised
from knowledge.embedders.families import family_of
from knowledge.errors import EmbedderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.embedders.embedder import Vectors
    from knowledge.settings import EmbedderSettings

_BATCH = 8


def load(settings: EmbedderSettings) -> SentenceTransformersEmbedder:
    """Return the embedder; a name that is no folder is downloaded by the library. Raises: EmbedderError."""
    try:
        model = SentenceTransformer(settings.model)
    except (OSError, ValueError, RuntimeError) as err:
        raise EmbedderError(f"The model {settings.model} cannot be loaded: {err}") from err
    return SentenceTransformersEmbedder(settings.model, model)


class SentenceTransformersEmbedder:
    """An embedder in this process."""

    def __init__(self, name: str, model: Any) -> None:
        self.model = name
        self._model = model
        self._family = family_of(name)
        self.dimension = self.embed_query("passage").shape[0]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one vector per text; see Embedder."""
        return self._embed(texts, self._family.passage)

    def embed_query(self, text: str) -> Vectors:
        """Return a question's vector; see Embedder."""
        vector: Vectors = self._embed([text], self._family.query)[0]
        return vector

    def _embed(self, texts: Sequence[str], prefix: str) -> Vectors:
        # The prefix is ours: not every model's own settings have it, and it must not come twice.
        try:
            rows = self._model.encode(
                [prefix + text for text in texts],
                prompt="",
                batch_size=_BATCH,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        except (RuntimeError, ValueError) as err:
            raise EmbedderError(f"The model {self.model} fails: {err}") from err
        return normalised(np.asarray(rows, np.float32))

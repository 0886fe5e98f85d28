"""What an embedder is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Vectors: TypeAlias = NDArray[np.float32]


class Embedder(Protocol):
    """Blocking; called in worker threads, in one for passages and in several for questions."""

    @property
    def model(self) -> str:
        """What the vectors depend on: those of two embedders of the same name can be compared."""
        ...

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one vector of length 1 per text, (texts, dimension); zeros for a text that the model fails at.

        Raises: EmbedderError.
        """
        ...

    def embed_query(self, text: str) -> Vectors:
        """Return the vector of a question, (dimension,), of length 1, or zeros.

        Raises: EmbedderError.
        """
        ...


def normalised(vectors: Vectors) -> Vectors:
    """Return vectors of length 1; those with anything but numbers in them become zeros."""
    finite = np.where(np.isfinite(vectors).all(axis=-1, keepdims=True), vectors, 0).astype(np.float32)
    lengths = np.linalg.norm(finite, axis=-1, keepdims=True)
    scaled: Vectors = (finite / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return scaled

"""A model exported to ONNX, in a folder with its tokenizer: onnxruntime and tokenizers, no torch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from knowledge.embedders.embedder import normalised
from knowledge.embedders.families import Pooling, family_of
from knowledge.errors import EmbedderError
from knowledge.onnx_model import OnnxModel, OnnxModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from knowledge.embedders.embedder import Vectors
    from knowledge.settings import EmbedderSettings

_BATCH = 8


def load(settings: EmbedderSettings) -> OnnxEmbedder:
    """Return the embedder of the folder that `model` names; raises EmbedderError."""
    folder = Path(settings.model)
    try:
        return OnnxEmbedder(folder.name, OnnxModel(folder))
    except OnnxModelError as err:
        raise EmbedderError(str(err)) from err


class OnnxEmbedder:
    """An embedder in this process."""

    def __init__(self, name: str, model: OnnxModel) -> None:
        self.model = model.name
        self._model = model
        self._family = family_of(name)
        self.dimension = self.embed_query("passage").shape[0]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one vector per text; see Embedder."""
        prefixed = [self._family.passage + text for text in texts]
        by_length = sorted(range(len(prefixed)), key=lambda place: len(prefixed[place]))  # little padding in a batch
        rows = np.zeros((len(prefixed), self.dimension), np.float32)
        for start in range(0, len(by_length), _BATCH):
            places = by_length[start : start + _BATCH]
            rows[places] = self._embed([prefixed[place] for place in places])
        return rows

    def embed_query(self, text: str) -> Vectors:
        """Return a question's vector; see Embedder."""
        vector: Vectors = self._embed([self._family.query + text])[0]
        return vector

    def _embed(self, texts: Sequence[str]) -> Vectors:
        try:
            states, mask = self._model.run(texts)
        except OnnxModelError as err:
            raise EmbedderError(str(err)) from err
        return normalised(states if states.ndim == 2 else pooled(states, mask, self._family.pooling))


def pooled(states: Vectors, mask: NDArray[np.int64], pooling: Pooling) -> Vectors:
    """Return (texts, dimension) of states (texts, tokens, dimension) and their mask (texts, tokens)."""
    if pooling is Pooling.FIRST:
        return states[:, 0]
    if pooling is Pooling.LAST:
        last: Vectors = states[np.arange(len(states)), mask.sum(axis=1) - 1]
        return last
    weights = mask[:, :, None].astype(np.float32)
    mean: Vectors = (states * weights).sum(axis=1) / weights.sum(axis=1)
    return mean

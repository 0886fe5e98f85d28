"""openWakeWord models in TensorFlow Lite's format."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.wake.settings import WordSettings
from wyoming_servers.wake.tflite import TfliteModel
from wyoming_servers.wake.words import EMBEDDING_SIZE, Embeddings


class TfliteWord:
    """A classifier of one word."""

    def __init__(self, path: Path) -> None:
        self._model = TfliteModel(path)
        shape = self._model.input_shape
        if len(shape) != 3 or shape[2] != EMBEDDING_SIZE:
            raise EngineError(f"The model {path} is not one of openWakeWord: its input has the shape {shape}.")
        if int(np.prod(self._model.output_shape)) != 1:
            raise EngineError(f"The model {path} has more than one output; wake words have one each.")
        self.windows = shape[1]
        self._takes_batches = self._model.resize((2, *shape[1:])) and self._model.output_shape[0] == 2

    def score(self, embeddings: Embeddings) -> NDArray[np.float32]:
        """Return the probability in each stream."""
        if not self._takes_batches:
            return np.concatenate([self._score(one[None]) for one in embeddings])
        return self._score(embeddings)

    def _score(self, embeddings: Embeddings) -> NDArray[np.float32]:
        if self._model.input_shape != embeddings.shape:
            self._model.resize(embeddings.shape)
        return self._model.run(embeddings).ravel()


def settings(path: Path) -> WordSettings:
    """Return nothing: the format has no place for it."""
    del path
    return WordSettings()


def load(path: Path) -> TfliteWord:
    """Return the model. Blocking. Raises: EngineError."""
    return TfliteWord(path)

"""openWakeWord models in ONNX's format, through onnxruntime."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.onnx_session import OnnxSession
from wyoming_servers.wake.settings import WordSettings
from wyoming_servers.wake.words import EMBEDDING_SIZE, Embeddings


class OnnxWord:
    """A classifier of one word."""

    def __init__(self, path: Path) -> None:
        self._session = OnnxSession(path, threads=1)
        shape = self._session.input_shape
        if len(shape) != 3 or shape[2] != EMBEDDING_SIZE or not isinstance(shape[1], int):
            raise EngineError(f"The model {path} is not one of openWakeWord: its input has the shape {list(shape)}.")
        self.windows = shape[1]
        self._takes_batches = not isinstance(shape[0], int)
        if self.score(np.zeros((2, self.windows, EMBEDDING_SIZE), np.float32)).shape != (2,):
            raise EngineError(f"The model {path} has more than one output; wake words have one each.")

    def score(self, embeddings: Embeddings) -> NDArray[np.float32]:
        """Return the probability in each stream."""
        if not self._takes_batches:
            return np.concatenate([self._score(one[None]) for one in embeddings])
        return self._score(embeddings)

    def _score(self, embeddings: Embeddings) -> NDArray[np.float32]:
        return self._session.run({self._session.inputs[0]: embeddings}).ravel()


def settings(path: Path) -> WordSettings:
    """Return nothing: such files say nothing of it."""
    del path
    return WordSettings()


def load(path: Path) -> OnnxWord:
    """Return the model. Blocking. Raises: EngineError."""
    return OnnxWord(path)

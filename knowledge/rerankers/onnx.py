"""A cross-encoder exported to ONNX, in a folder with its tokenizer: onnxruntime and tokenizers, no torch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.errors import RerankerError
from knowledge.onnx_model import OnnxModel, OnnxModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.settings import RerankerSettings


def load(settings: RerankerSettings) -> OnnxReranker:
    """Return the reranker of the folder that `model` names; raises RerankerError."""
    try:
        return OnnxReranker(OnnxModel(Path(settings.model)))
    except OnnxModelError as err:
        raise RerankerError(str(err)) from err


class OnnxReranker:
    """A reranker in this process."""

    def __init__(self, model: OnnxModel) -> None:
        self._model = model

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return how well each text answers the question; raises RerankerError."""
        try:
            logits, _ = self._model.run([(question, text) for text in texts])
        except OnnxModelError as err:
            raise RerankerError(str(err)) from err
        return [float(row[-1]) for row in logits.reshape(len(texts), -1)]

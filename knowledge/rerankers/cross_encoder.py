"""Any cross-encoder of sentence-transformers, as bge-reranker-v2-m3. Needs torch, and a GPU to be in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sentence_transformers import CrossEncoder

from knowledge.errors import RerankerError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.settings import RerankerSettings


def load(settings: RerankerSettings) -> CrossEncoderReranker:
    """Return the reranker; a name that is no folder is downloaded by the library. Raises: RerankerError."""
    try:
        model = CrossEncoder(settings.model)
    except (OSError, ValueError, RuntimeError) as err:
        raise RerankerError(f"The model {settings.model} cannot be loaded: {err}") from err
    return CrossEncoderReranker(model)


class CrossEncoderReranker:
    """A reranker in this process."""

    def __init__(self, model: Any) -> None:
        self._model = model

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return how well each text answers the question; raises RerankerError."""
        try:
            scores = self._model.predict([(question, text) for text in texts], show_progress_bar=False)
        except (RuntimeError, ValueError) as err:
            raise RerankerError(f"The cross-encoder fails: {err}") from err
        return [float(score) for score in scores]

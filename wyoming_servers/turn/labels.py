"""What the numbers of a trained model mean: its labels, and its logits as probabilities."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wyoming_servers.runtime.errors import EngineError

_SPEAK = "speak"


@dataclass(frozen=True, slots=True)
class Labels:
    """The meaning of a model's outputs, and how long its inputs may be."""

    names: tuple[str, ...] = ("wait", _SPEAK)
    """Of each logit; one alone is "speak"."""

    longest: int = 128
    """Tokens of an input, special ones included."""

    def probabilities(self, logits: NDArray[np.floating[Any]]) -> Sequence[float]:
        """Return those of "speak" in logits of shape [pauses, labels]. Raises: EngineError for another shape."""
        scores = self._checked(logits)
        if len(self.names) == 1:  # one logit stands against 0
            scores = np.hstack([scores, np.zeros_like(scores)])
        weights = np.exp(scores - scores.max(axis=1, keepdims=True))
        return [float(value) for value in weights[:, self.names.index(_SPEAK)] / weights.sum(axis=1)]

    def given(self, probabilities: NDArray[np.floating[Any]]) -> Sequence[float]:
        """Return those of "speak" from a model that gives probabilities. Raises: EngineError for another shape."""
        column = self._checked(probabilities)[:, self.names.index(_SPEAK)]
        return [float(value) for value in np.clip(column, 0.0, 1.0)]

    def _checked(self, values: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        if values.ndim != 2 or values.shape[1] != len(self.names) or not np.isfinite(values).all():
            raise EngineError(f"The model's answer has the shape {values.shape}; its labels are {self.names}.")
        return values.astype(np.float64)


def read_labels(path: Path) -> Labels:
    """Return what a `config.json` says: `id2label` as in Hugging Face's, and `turn_max_length`. Raises: EngineError."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        names = data.get("id2label") or dict(enumerate(Labels().names))
        ordered = tuple(str(names[key]).lower() for key in sorted(names, key=int))
        labels = Labels(ordered, int(data.get("turn_max_length", Labels().longest)))
    except (OSError, AttributeError, TypeError, ValueError) as err:
        raise EngineError(f"The configuration {path} can't be used: {err}") from err
    if _SPEAK not in labels.names or labels.longest < 8:
        raise EngineError(f"The configuration {path} needs a label {_SPEAK!r} and a 'turn_max_length' of 8 or more.")
    return labels

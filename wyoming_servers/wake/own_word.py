"""A word that was enrolled: a linear discriminant over the shared embeddings, in one small file."""

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from wyoming_servers.runtime.errors import EngineError

from .settings import WordSettings
from .words import EMBEDDING_SIZE, Embeddings

SUFFIX = ".npz"
STEEPNESS = 10.0
"""From score to probability: a typical utterance of the word scores 1, other speech scatters around 0."""

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class OwnWord:
    """The model, its calibration, and how it came about. It is a `WordModel`."""

    weights: NDArray[np.float32]
    """Shape [windows, EMBEDDING_SIZE]."""

    bias: float
    threshold: float
    """The score that becomes the probability 0.5."""

    phrase: str
    language: str
    facts: Mapping[str, Any]
    """When and from what it was made, and what was measured; for people."""

    @property
    def windows(self) -> int:
        """Embeddings that it looks at."""
        return len(self.weights)

    @property
    def settings(self) -> WordSettings:
        """How the word is shown."""
        return WordSettings(phrase=self.phrase, languages=(self.language,))

    def score(self, embeddings: Embeddings) -> NDArray[np.float32]:
        """Return the probability for each stream; `embeddings` has the shape [streams, windows, EMBEDDING_SIZE]."""
        scores = np.tensordot(embeddings, self.weights, axes=2) + self.bias
        probabilities: NDArray[np.float32] = 1 / (1 + np.exp(-STEEPNESS * (scores - self.threshold)))
        return probabilities.astype(np.float32)

    def write(self, file: IO[bytes]) -> None:
        """Write the model; `read` gives it back."""
        facts = {"format": _FORMAT, "phrase": self.phrase, "language": self.language, **self.facts}
        numbers = np.array([self.bias, self.threshold])
        np.savez_compressed(file, weights=self.weights, numbers=numbers, facts=json.dumps(facts, ensure_ascii=False))


def read(path: Path) -> OwnWord:
    """Return the word that a file holds. Raises: EngineError for a file that is none."""
    try:
        with np.load(path, allow_pickle=False) as content:
            facts = json.loads(str(content["facts"]))
            weights = content["weights"].astype(np.float32)
            bias, threshold = (float(number) for number in content["numbers"])
        if facts.pop("format") != _FORMAT:
            raise EngineError(f"The word {path} was made by a newer version.")
        if (
            weights.ndim != 2
            or weights.shape[1] != EMBEDDING_SIZE
            or not np.isfinite([*weights.flat, bias, threshold]).all()
        ):
            raise EngineError(f"The word {path} is damaged.")
        return OwnWord(weights, bias, threshold, str(facts.pop("phrase")), str(facts.pop("language")), facts)
    except (OSError, EOFError, ValueError, KeyError, AttributeError, zipfile.BadZipFile) as err:
        raise EngineError(f"The word {path} can't be read: {err}") from err

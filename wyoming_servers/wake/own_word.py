"""A word that was enrolled: small networks over the shared embeddings, in one file."""

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
_FORMAT = 1
_STEEPNESS = 2.0
"""From the distance to the threshold to a probability: for a plain utterance of the word this gives 0.9 or more."""

_ARRAYS = ("hidden", "hidden_bias", "output")


@dataclass(frozen=True, slots=True)
class Networks:
    """Networks of one hidden layer whose results are averaged."""

    hidden: NDArray[np.float32]
    """Shape [networks, windows, EMBEDDING_SIZE, units]."""

    hidden_bias: NDArray[np.float32]
    """Shape [networks, units]."""

    output: NDArray[np.float32]
    """Shape [networks, units + 1]; the last one is the bias."""

    def score(self, embeddings: Embeddings) -> NDArray[np.float32]:
        """Return the score of each row; `embeddings` has the shape [rows, windows, EMBEDDING_SIZE]."""
        total = np.zeros(len(embeddings), np.float32)
        for hidden, bias, output in zip(self.hidden, self.hidden_bias, self.output, strict=True):
            units = np.maximum(np.tensordot(embeddings, hidden, axes=2) + bias, 0)
            total += (units @ output[:-1] + output[-1]).astype(np.float32)
        return total / np.float32(len(self.hidden))


@dataclass(frozen=True, slots=True)
class OwnWord:
    """The model, its calibration, and how it came about. It is a `WordModel`."""

    networks: Networks
    threshold: float
    """The score that becomes the probability 0.5."""

    phrase: str
    language: str
    facts: Mapping[str, Any]
    """When and from what it was made, and what was measured; for people."""

    @property
    def windows(self) -> int:
        """Embeddings that it looks at."""
        return int(self.networks.hidden.shape[1])

    @property
    def settings(self) -> WordSettings:
        """How the word is shown."""
        return WordSettings(phrase=self.phrase, languages=(self.language,))

    def score(self, embeddings: Embeddings) -> NDArray[np.float32]:
        """Return the probability for each stream; `embeddings` has the shape [streams, windows, EMBEDDING_SIZE]."""
        distance = np.clip(_STEEPNESS * (self.networks.score(embeddings) - self.threshold), -30, 30)
        return (1 / (1 + np.exp(-distance))).astype(np.float32)

    def write(self, file: IO[bytes]) -> None:
        """Write the model; `read` gives it back, with numbers of half the precision."""
        facts = {"format": _FORMAT, "phrase": self.phrase, "language": self.language, **self.facts}
        arrays = {name: getattr(self.networks, name).astype(np.float16) for name in _ARRAYS}
        np.savez(file, threshold=self.threshold, facts=json.dumps(facts, ensure_ascii=False), **arrays)


def read(path: Path) -> OwnWord:
    """Return the word that a file holds. Raises: EngineError for a file that is none."""
    try:
        with np.load(path, allow_pickle=False) as content:
            facts = json.loads(str(content["facts"]))
            networks = Networks(*(content[name].astype(np.float32) for name in _ARRAYS))
            threshold = float(content["threshold"])
        if facts.pop("format") != _FORMAT:
            raise EngineError(f"The word {path} was made by another version; enroll it anew.")
        phrase, language = str(facts.pop("phrase")), str(facts.pop("language"))
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as err:
        raise EngineError(f"The word {path} can't be read: {err}") from err
    if not _is_whole(networks):
        raise EngineError(f"The word {path} is damaged.")
    return OwnWord(networks, threshold, phrase, language, facts)


def _is_whole(networks: Networks) -> bool:
    if networks.hidden.ndim != 4 or networks.hidden.shape[2] != EMBEDDING_SIZE or not networks.hidden.size:
        return False
    count, _, _, units = networks.hidden.shape
    shapes = (networks.hidden_bias.shape, networks.output.shape)
    values = (networks.hidden, networks.hidden_bias, networks.output)
    return shapes == ((count, units), (count, units + 1)) and all(np.isfinite(value).all() for value in values)

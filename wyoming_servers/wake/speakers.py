"""The speaker check: a word counts only when somebody of the household has said it, not the television.

One small file for each person, made by `voice-rag wake speakers add`; a linear model of `voice_features`.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wyoming_servers.runtime.errors import EngineError

from .voice_features import FEATURES, voice_features
from .words import Evidence

_LOGGER = logging.getLogger(__name__)
FOLDER = "speakers"
"""In the folder of the words."""

SUFFIX = ".json"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class SpeakerModel:
    """One person's voice."""

    name: str
    weights: NDArray[np.float64]
    bias: float
    """The score is above 0 for this person, below for others."""

    facts: Mapping[str, Any]
    """When and from what it was made, and what was measured; for people."""

    def score(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the scores; `features` has the shape [..., features]."""
        scores: NDArray[np.float64] = features @ self.weights + self.bias
        return scores

    def text(self) -> str:
        """Return what `read_speaker` reads."""
        numbers = {"bias": self.bias, "weights": [round(float(weight), 7) for weight in self.weights]}
        return json.dumps({"format": _FORMAT, **numbers, "facts": self.facts}, ensure_ascii=False, indent=1)


def read_speaker(path: Path) -> SpeakerModel:
    """Return the person that a file describes. Raises: EngineError."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != _FORMAT:
            raise EngineError(f"The speaker {path} was made by another version; add the recordings anew.")
        weights = np.array(content["weights"], np.float64)
        model = SpeakerModel(path.stem, weights, float(content["bias"]), dict(content["facts"]))
    except (OSError, ValueError, KeyError, TypeError) as err:
        raise EngineError(f"The speaker {path} can't be read: {err}") from err
    if weights.shape != (FEATURES,) or not np.isfinite([*weights, model.bias]).all():
        raise EngineError(f"The speaker {path} is damaged.")
    return model


class SpeakerVerifier:
    """Objects to words said by nobody of the household; to none while nobody was added. It is a `Verifier`."""

    name = "speaker"

    def __init__(self, folder: Path) -> None:
        """`folder` is looked at anew for each word that is about to be detected."""
        self._folder = folder
        self._known: dict[Path, tuple[float, SpeakerModel | None]] = {}

    def objection(self, evidence: Evidence) -> str | None:
        """Return that the voice is unknown, if it is. Blocking: a few milliseconds."""
        people = self._people()
        if not people:
            return None
        features = voice_features(evidence.samples, evidence.embeddings)
        scores = {person.name: float(person.score(features)) for person in people}
        best = max(scores, key=lambda name: scores[name])
        _LOGGER.debug("The voice is most like %s's (%.2f)", best, scores[best])
        return None if scores[best] > 0 else f"unknown voice, most like {best}'s ({scores[best]:.2f})"

    def _people(self) -> list[SpeakerModel]:
        self._known = {path: self._read(path) for path in sorted(self._folder.glob(f"[!.]*{SUFFIX}"))}
        return [model for _, model in self._known.values() if model is not None]

    def _read(self, path: Path) -> tuple[float, SpeakerModel | None]:
        try:
            changed = path.stat().st_mtime
            if path in self._known and self._known[path][0] == changed:
                return self._known[path]
            return changed, read_speaker(path)
        except (OSError, EngineError) as err:
            _LOGGER.warning("A speaker is left out: %s", err)
            return 0.0, None

"""The model that the package carries: numpy alone, nothing to download."""

import math
from pathlib import Path

from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.turn import ngram
from wyoming_servers.turn.detector import Pause
from wyoming_servers.turn.engine import TurnOptions
from wyoming_servers.turn.text import language_of, normalize

SHIPPED = Path(__file__).parent.parent / "data" / "ngram.npz"

_NOTHING_SAID = -2.0
"""The logit of a pause before which nothing was recognised."""


def load(options: TurnOptions) -> "NgramDetector":
    """Return the model of a file or of a folder with `ngram.npz`; the shipped one by default. Raises: EngineError."""
    path = Path(options.model) if options.model else SHIPPED
    if path.is_dir():
        path /= SHIPPED.name
    try:
        return NgramDetector(ngram.read(path))
    except (OSError, ValueError) as err:
        raise EngineError(f"{path} is no turn model: {err}. Make one with: voice-rag turn train") from err


class NgramDetector:
    """Judges the words before a pause by a small network."""

    def __init__(self, model: ngram.NgramModel) -> None:
        self._model = model

    def completeness(self, pause: Pause) -> float:
        """Return the calibrated probability that the speaker has finished."""
        return 1.0 / (1.0 + math.exp(-self.logit(pause)))

    def logit(self, pause: Pause) -> float:
        """Return the calibrated logit, for fusion with other signals; within ±30."""
        text = normalize(pause.text)
        if not text:
            return _NOTHING_SAID
        language = pause.language if pause.language in self._model.scales else language_of(text)
        logit = self._model.logit(text, [normalize(turn) for turn in pause.context], language)
        return max(-30.0, min(30.0, logit))

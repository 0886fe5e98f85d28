"""smart-turn v3, Daily's detector that listens: intonation and pace instead of words; 23 languages, Russian among them.

The model is 8.7 MB under the BSD-2-Clause licence, https://github.com/pipecat-ai/smart-turn; it comes with the package
`pipecat-ai` or from the model hub. It hears the last 8 seconds and gives a probability.
"""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples
from wyoming_servers.runtime.model_store import ModelFiles, fetch
from wyoming_servers.runtime.onnx_session import OnnxSession
from wyoming_servers.turn.detector import Pause
from wyoming_servers.turn.engine import TurnOptions
from wyoming_servers.turn.log_mel import log_mel

REPOSITORY = "pipecat-ai/smart-turn-v3"
FILE = "smart-turn-v3.2-cpu.onnx"
_IN_PACKAGE = Path("audio/turn/smart_turn/data") / FILE
_LENGTH = 8 * SAMPLE_RATE
_UNHEARD = 0.5


class SmartTurnDetector:
    """Judges the audio before a pause; without any it knows nothing and says 0.5."""

    def __init__(self, session: OnnxSession) -> None:
        self._session = session

    def completeness(self, pause: Pause) -> float:
        """Return the probability that the speaker has finished. Some 60 ms on one core. Raises: EngineError."""
        if pause.audio is None or not len(pause.audio):
            return _UNHEARD
        features = log_mel(window(pause.audio))
        return float(self._session.run({"input_features": features[None]})[0].item())


def load(options: TurnOptions) -> SmartTurnDetector:
    """Return the detector, downloading its model where it is missing. Raises: EngineError."""
    return SmartTurnDetector(OnnxSession(_find(options), threads=1))


def _find(options: TurnOptions) -> Path:
    if options.model is None and (path := _packaged()):
        return path
    model = options.model or REPOSITORY
    if model.endswith(".onnx"):
        return Path(model).expanduser()
    return fetch(ModelFiles(model, (FILE,)), options.models_folder) / FILE


def _packaged() -> Path | None:
    """Return the model in the installed package, which is not imported: it needs much else."""
    package = find_spec("pipecat")
    for folder in (package.submodule_search_locations or ()) if package else ():
        if (path := Path(folder) / _IN_PACKAGE).is_file():
            return path
    return None


def window(samples: Samples) -> NDArray[np.float32]:
    """Return the last 8 seconds, silence before shorter ones, with mean 0 and variance 1."""
    recent = np.divide(samples[-_LENGTH:], 32768, dtype=np.float32)
    waveform = np.pad(recent, (_LENGTH - len(recent), 0))
    scaled: NDArray[np.float32] = (waveform - waveform.mean()) / np.sqrt(waveform.var() + np.float32(1e-7))
    return scaled

"""A fine-tuned encoder as ONNX: a folder with `model.onnx`, `tokenizer.json` and `config.json`.

`voice-rag turn train --encoder` and `turn export` make such folders.
"""

from collections.abc import Sequence

from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.model_store import ModelFiles, fetch
from wyoming_servers.runtime.onnx_session import OnnxSession
from wyoming_servers.turn.detector import Pause
from wyoming_servers.turn.encoding import DialogueEncoder, load_encoder
from wyoming_servers.turn.engine import TurnOptions

_NEEDED = ("tokenizer.json", "config.json", "model.onnx")
_EXTRA = ("model.onnx.data",)


class OnnxTurnDetector:
    """Judges the dialogue by a transformer."""

    def __init__(self, encoder: DialogueEncoder, session: OnnxSession) -> None:
        self._encoder = encoder
        self._session = session

    def completeness(self, pause: Pause) -> float:
        """Return the probability that the speaker has finished. Raises: EngineError."""
        return self.completeness_of_all([pause])[0]

    def completeness_of_all(self, pauses: Sequence[Pause]) -> Sequence[float]:
        """Return it for each pause, in one run of the model. Raises: EngineError."""
        if not pauses:
            return []
        known = self._encoder.encode(pauses)
        logits = self._session.run({name: known[name] for name in self._session.inputs if name in known})
        return self._encoder.labels.probabilities(logits)


def load(options: TurnOptions) -> OnnxTurnDetector:
    """Return the detector of `options.model`, a folder or a repository. Raises: EngineError."""
    if options.model is None:
        raise EngineError("The engine onnx has no model of its own. Name a folder or repository with --model.")
    folder = fetch(ModelFiles(options.model, _NEEDED, _EXTRA), options.models_folder)
    return OnnxTurnDetector(load_encoder(folder), OnnxSession(folder / "model.onnx"))

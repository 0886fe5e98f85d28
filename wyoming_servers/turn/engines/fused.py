"""The shipped text model and the grammar of the house's commands as one; nothing to download.

A language whose grammar can't be had, because `home-assistant-intents` is not installed, is left to the text model.
"""

import json
import logging
from collections.abc import Mapping
from pathlib import Path

from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.vocabulary import Vocabulary, load_vocabulary
from wyoming_servers.turn.engine import TurnOptions
from wyoming_servers.turn.fusion import FusedDetector, FusionWeights
from wyoming_servers.turn.grammar.grammar import Grammar
from wyoming_servers.turn.grammar.store import LANGUAGES, load_templates

from . import ngram

_LOGGER = logging.getLogger(__name__)
_WEIGHTS = Path(__file__).parent.parent / "data" / "fusion.json"


class FusedEngine(FusedDetector):
    """The detector with the grammars of one house."""

    def __init__(self, text: ngram.NgramDetector, weights: FusionWeights, folder: Path) -> None:
        super().__init__(text.logit, weights)
        self._folder = folder

    def set_vocabulary(self, vocabulary: Vocabulary) -> None:
        """Read commands with the names of the house from now on. Blocking, a second or two at the very first time."""
        self.grammars = _grammars(self._folder, vocabulary)


def load(options: TurnOptions) -> FusedEngine:
    """Return the engine; `options.model` is that of `ngram`. Raises: EngineError."""
    detector = FusedEngine(ngram.load(options), _read(_WEIGHTS), options.models_folder / "grammar")
    detector.set_vocabulary(load_vocabulary(options.vocabulary) if options.vocabulary else Vocabulary())
    return detector


def _read(path: Path) -> FusionWeights:
    try:
        return FusionWeights.from_json(json.loads(path.read_bytes()))
    except (OSError, KeyError, TypeError, ValueError) as err:
        raise EngineError(f"{path} has no weights: {err}.") from err


def _grammars(folder: Path, vocabulary: Vocabulary) -> Mapping[str, Grammar]:
    try:
        return {language: Grammar(language, load_templates(language, folder), vocabulary) for language in LANGUAGES}
    except ImportError as err:
        _LOGGER.warning("The end of a turn is found without the grammar of commands, a package is missing: %s", err)
        return {}

"""The shipped text model and the grammar of the house's commands as one; nothing to download.

`options.prosody` adds an engine that hears. Where the packages of the grammar are not installed the text decides alone.
"""

import json
import logging
from collections.abc import Mapping
from pathlib import Path

from wyoming_servers.runtime.engines import import_engine
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.vocabulary import Vocabulary, load_vocabulary
from wyoming_servers.turn.detector import TurnDetector
from wyoming_servers.turn.engine import TurnOptions
from wyoming_servers.turn.fusion import FusedDetector, FusionWeights
from wyoming_servers.turn.grammar.reading import CommandReader

from . import ngram

_LOGGER = logging.getLogger(__name__)
_WEIGHTS = Path(__file__).parent.parent / "data" / "fusion.json"


class FusedEngine(FusedDetector):
    """The detector with the grammars of one house."""

    def __init__(
        self, text: ngram.NgramDetector, weights: FusionWeights, voice: TurnDetector | None, folder: Path
    ) -> None:
        """Compiled grammars are kept in the folder."""
        super().__init__(text.logit, weights, voice=voice)
        self._folder = folder

    def set_vocabulary(self, vocabulary: Vocabulary) -> None:
        """Read commands with the names of the house from now on. Blocking, a second or two at the very first time."""
        self.grammars = _grammars(self._folder, vocabulary)


def load(options: TurnOptions) -> FusedEngine:
    """Return the engine; `options.model` is that of `ngram`. Raises: EngineError, StartError."""
    text = ngram.load(options)
    engine = FusedEngine(text, _read(_WEIGHTS), _voice(options), options.models_folder / "grammar")
    engine.set_vocabulary(load_vocabulary(options.vocabulary) if options.vocabulary else Vocabulary())
    return engine


def _voice(options: TurnOptions) -> TurnDetector | None:
    if options.prosody is None:
        return None
    module = import_engine(__package__, options.prosody)
    voice: TurnDetector = module.load(TurnOptions(models_folder=options.models_folder))
    return voice


def _read(path: Path) -> FusionWeights:
    try:
        return FusionWeights.from_json(json.loads(path.read_bytes()))
    except (OSError, KeyError, TypeError, ValueError) as err:
        raise EngineError(f"{path} has no weights: {err}.") from err


def _grammars(folder: Path, vocabulary: Vocabulary) -> Mapping[str, CommandReader]:
    try:
        from wyoming_servers.turn.grammar.grammar import Grammar  # noqa: PLC0415 (what it needs may not be installed)
        from wyoming_servers.turn.grammar.store import LANGUAGES, load_templates  # noqa: PLC0415

        return {language: Grammar(language, load_templates(language, folder), vocabulary) for language in LANGUAGES}
    except ImportError as err:
        _LOGGER.warning("The end of a turn is found without the grammar of commands, a package is missing: %s", err)
        return {}

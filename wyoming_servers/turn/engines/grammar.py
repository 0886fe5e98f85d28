"""The grammar of the house's commands alone: how often a text in each of its states is a whole command."""

from math import log
from pathlib import Path

from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.vocabulary import Vocabulary, load_vocabulary
from wyoming_servers.turn.engine import TurnOptions
from wyoming_servers.turn.fusion import FusedDetector, FusionWeights, Line
from wyoming_servers.turn.grammar.grammar import Grammar
from wyoming_servers.turn.grammar.store import LANGUAGES, load_templates

_SHARES = {
    "dead": 0.55,
    "incomplete": 0.045,
    "incomplete?": 0.45,
    "open": 0.8,
    "open?": 0.77,
    "final": 0.96,
    "final?": 0.93,
}
"""Of whole commands among `bench/data/turn_commands_*.txt` and their beginnings, which weigh as much together as the
command; the languages differ by a few hundredths. A question mark stands for words that had to be guessed."""


class GrammarDetector(FusedDetector):
    """Judges commands of one house; a text in a language without a grammar gets 0.5."""

    def __init__(self, folder: Path) -> None:
        """Compiled grammars are kept in the folder."""
        lines = {state: Line(0.0, log(share / (1 - share))) for state, share in _SHARES.items()}
        super().__init__(lambda _: 0.0, FusionWeights(dict.fromkeys(LANGUAGES, lines)))
        self._folder = folder

    def set_vocabulary(self, vocabulary: Vocabulary) -> None:
        """Read commands with the names of the house from now on. Blocking, a second or two at the very first time.

        Raises: EngineError.
        """
        try:
            self.grammars = {
                language: Grammar(language, load_templates(language, self._folder), vocabulary)
                for language in LANGUAGES
            }
        except ImportError as err:
            raise EngineError(f"A package is missing ({err}). Install voice-rag[turn].") from err


def load(options: TurnOptions) -> GrammarDetector:
    """Return the detector. Raises: EngineError."""
    detector = GrammarDetector(options.models_folder / "grammar")
    detector.set_vocabulary(load_vocabulary(options.vocabulary) if options.vocabulary else Vocabulary())
    return detector

"""What a turn detection engine does.

A module of `engines/` has one function, `load(options)`, that returns a TurnDetector. It blocks, and raises EngineError
for a model that is not there or can't be used.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from wyoming_servers.runtime.model_store import default_folder
from wyoming_servers.runtime.vocabulary import Vocabulary

from .detector import Pause, TurnDetector
from .judgement import Judgement, judge

DEFAULT_ENGINE = "fused"


@dataclass(frozen=True, slots=True)
class TurnOptions:
    """What an engine is loaded with."""

    model: str | None = None
    """A folder, a repository of the model hub or a server's address; None leaves the choice to the engine."""

    models_folder: Path = field(default_factory=default_folder)
    """Where models are and where they are downloaded to."""

    tokenizer: Path | None = None
    """A folder with `tokenizer.json` and `config.json`, for a remote model that wants tokens."""

    token: str | None = None
    """For a remote server that asks for one."""

    prosody: str | None = None
    """An engine that hears, `smart_turn`, for those that join several signals. None: words alone."""

    vocabulary: Path | None = None
    """A file with the names of the house, in the form of `tests/contract/speech/vocabulary.json`."""


@runtime_checkable
class JudgesBatches(Protocol):
    """A detector that is quicker with many pauses at once."""

    def completeness_of_all(self, pauses: Sequence[Pause]) -> Sequence[float]:
        """Return what `completeness` would for each of them."""


@runtime_checkable
class UsesVocabulary(Protocol):
    """A detector that knows commands by the names in them."""

    def set_vocabulary(self, vocabulary: Vocabulary) -> None:
        """Know these names from now on. Blocking; called in a worker thread while others judge."""


_AT_ONCE = 32


def in_parts(pauses: Sequence[Pause]) -> Iterator[Sequence[Pause]]:
    """Yield what is judged without a break: a long list must not hold up somebody who speaks now."""
    for begin in range(0, len(pauses), _AT_ONCE):
        yield pauses[begin : begin + _AT_ONCE]


def judge_all(detector: TurnDetector, pauses: Sequence[Pause]) -> Sequence[Judgement]:
    """Return what the detector makes of each pause. Blocking. Raises: EngineError."""
    if isinstance(detector, JudgesBatches):
        return [Judgement(probability) for probability in detector.completeness_of_all(pauses)]
    return [judge(detector, pause) for pause in pauses]

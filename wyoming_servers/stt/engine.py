"""What a speech recognition engine does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from wyoming_servers.runtime.audio import Samples

from .vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Transcription:
    """What was said."""

    text: str
    """Empty when nothing was said, or nothing that the engine is sure of."""

    language: str

    completeness: float | None = None
    """Probability that these words are a whole turn, where the engine knows more than their text tells."""


class SttEngine(Protocol):
    """A loaded engine, shared by all clients; one call at a time."""

    name: str
    languages: Sequence[str]

    def transcribe(self, samples: Samples, language: str | None) -> Transcription:
        """Return what is said in one utterance. Blocking; called in a worker thread.

        Raises: EngineError.
        """


@dataclass(frozen=True, slots=True)
class VocabularyReport:
    """What an engine made of a vocabulary."""

    words: int
    """Different words the engine now listens for."""

    skipped: Sequence[str]
    """Entries that it can't recognise, for example names in another script."""


@runtime_checkable
class UsesVocabulary(Protocol):
    """An engine that recognises the household's names better when it is told them."""

    def set_vocabulary(self, vocabulary: Vocabulary) -> VocabularyReport:
        """Listen for this vocabulary from the next utterance on. Blocking; called between utterances."""

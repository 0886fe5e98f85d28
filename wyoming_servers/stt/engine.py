"""What a speech recognition engine does.

A module of `engines/` has two functions: `models(options)` says what will be served, at once and without the network;
`load(options)` returns the engine. One whose models are downloaded has `is_present(options)` as well. All of them raise
EngineError for a model that they don't know.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from wyoming_servers.runtime.audio import Samples
from wyoming_servers.runtime.model_store import default_folder
from wyoming_servers.runtime.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Word:
    """A word and when it was said."""

    text: str
    """With its punctuation, without spaces."""

    start: float
    end: float
    """Seconds from the beginning of the audio."""

    probability: float | None = None
    """How sure the engine is of it. None where it can't tell."""


@dataclass(frozen=True, slots=True)
class Transcription:
    """What was said."""

    text: str
    """Empty when nothing was said, or nothing that the engine is sure of."""

    language: str

    completeness: float | None = None
    """Probability that these words are a whole turn, where the engine knows more than their text tells."""

    words: tuple[Word, ...] = ()
    """The words of the text, in order. Empty unless they were asked for."""


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """What an engine is loaded with."""

    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    model: str | None = None
    """A name that the engine knows, a repository of the model hub or a folder. None leaves the choice to the engine."""

    models_folder: Path = field(default_factory=default_folder)
    """Where models are and where they are downloaded to."""


@dataclass(frozen=True, slots=True)
class Request:
    """One utterance to be recognised."""

    samples: Samples
    language: str | None = None
    """A base code that the engine has. None leaves it to the engine."""

    terms: tuple[str, ...] = ()
    """Names and phrases that are likely in this utterance, beside the house's vocabulary; the surest first."""

    model: str | None = None
    """One of the announced models, where an engine has several."""

    needs_words: bool = False
    """Whether the time of each word is wanted."""


@dataclass(frozen=True, slots=True)
class SttModel:
    """A model as clients see it."""

    name: str
    languages: Sequence[str]
    description: str
    author: str
    url: str


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


@runtime_checkable
class BiasesUtterance(Protocol):
    """An engine that can be told what to expect in a single utterance, beside the house's vocabulary."""

    def transcribe_with(self, samples: Samples, language: str | None, terms: Sequence[str]) -> Transcription:
        """Return what is said, these names and phrases being likelier than others. As `transcribe` otherwise."""


@runtime_checkable
class TimesWords(Protocol):
    """An engine that knows when each word was said."""

    def transcribe_words(self, samples: Samples, language: str | None, terms: Sequence[str] = ()) -> Transcription:
        """Return what is said with its words; an engine that can't use `terms` leaves them out.

        As `transcribe` otherwise.
        """


@runtime_checkable
class Delegates(Protocol):
    """An engine that leaves the work to others."""

    def perform(self, request: Request) -> Transcription:
        """Let one of them do it. As `perform` of this module."""

    def languages_by_engine(self) -> Mapping[str, Sequence[str]]:
        """Return which engine recognises which languages."""

    def failures(self) -> Mapping[str, str]:
        """Return the engines that could not be loaded, and why."""


def perform(engine: SttEngine, request: Request) -> Transcription:
    """Return what is said, with what of the request's wishes the engine can fulfil. Blocking. Raises: EngineError."""
    if isinstance(engine, Delegates):
        return engine.perform(request)
    if request.needs_words and isinstance(engine, TimesWords):
        return engine.transcribe_words(request.samples, request.language, request.terms)
    if request.terms and isinstance(engine, BiasesUtterance):
        return engine.transcribe_with(request.samples, request.language, request.terms)
    return engine.transcribe(request.samples, request.language)

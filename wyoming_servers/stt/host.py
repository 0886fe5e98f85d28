"""The engine inside its own process: what `RemoteEngine` calls there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wyoming_servers.runtime.engines import import_engine
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.vocabulary import Vocabulary

from .engine import (
    Delegates,
    EngineOptions,
    Request,
    SttEngine,
    SttModel,
    Transcription,
    UsesVocabulary,
    VocabularyReport,
    perform,
)

_ENGINES = "wyoming_servers.stt.engines"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of the request to load an engine."""

    languages: tuple[str, ...]
    languages_by_engine: Mapping[str, Sequence[str]]
    """Empty of an engine that does the work itself."""

    failures: Mapping[str, str]


class EngineHost:
    """Has one engine. Every method blocks; one call at a time."""

    def __init__(self) -> None:
        self._engine: SttEngine | None = None

    def models(self, name: str, options: EngineOptions) -> Sequence[SttModel]:
        """Return what the engine will serve. Raises: StartError, EngineError."""
        return list(import_engine(_ENGINES, name).models(options))

    def load(self, name: str, options: EngineOptions) -> Loaded:
        """Load the engine. Raises: StartError, EngineError and what its libraries raise."""
        engine: SttEngine = import_engine(_ENGINES, name).load(options)
        self._engine = engine
        by_engine, failures = (
            (engine.languages_by_engine(), engine.failures()) if isinstance(engine, Delegates) else ({}, {})
        )
        return Loaded(tuple(engine.languages), dict(by_engine), dict(failures))

    def perform(self, request: Request) -> Transcription:
        """Return what was said. Raises: EngineError."""
        return perform(self._loaded(), request)

    def set_vocabulary(self, vocabulary: Vocabulary) -> VocabularyReport | None:
        """Listen for these words; None from an engine that has no use for them."""
        engine = self._loaded()
        return engine.set_vocabulary(vocabulary) if isinstance(engine, UsesVocabulary) else None

    def _loaded(self) -> SttEngine:
        if self._engine is None:
            raise EngineError("No engine is loaded.")
        return self._engine

"""Leaves each language to the best engine for it that is installed; it needs no setting.

Russian: GigaAM, else Whisper. English: Whisper where its model is there, else PocketSphinx. Other languages: Whisper.
"""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType

from wyoming_servers.runtime.audio import Samples
from wyoming_servers.runtime.engines import import_engine
from wyoming_servers.runtime.errors import EngineError, StartError
from wyoming_servers.runtime.vocabulary import Vocabulary
from wyoming_servers.stt.engine import (
    EngineOptions,
    Request,
    SttEngine,
    SttModel,
    Transcription,
    UsesVocabulary,
    VocabularyReport,
    perform,
)

_LOGGER = logging.getLogger(__name__)
_RUSSIAN, _WHISPER, _GRAMMAR = "gigaam", "faster_whisper", "pocketsphinx"
_BEST_FIRST = (_RUSSIAN, _WHISPER, _GRAMMAR)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An engine that is installed."""

    languages: Sequence[str]
    is_present: bool
    """Whether it needs no download."""


def choose(candidates: Mapping[str, Candidate]) -> dict[str, str]:
    """Return the engine of each language, Russian first. Pure.

    Nothing is downloaded for English where the grammar can serve it, nor for languages that nobody may speak here.
    """
    russian = next((name for name in (_RUSSIAN, _WHISPER) if name in candidates), None)
    whisper = candidates.get(_WHISPER)
    has_whisper = whisper and (whisper.is_present or russian == _WHISPER or _GRAMMAR not in candidates)
    choice = {"ru": russian} if russian else {}
    if whisper and has_whisper:
        return choice | {language: _WHISPER for language in whisper.languages if language not in choice}
    return choice | ({"en": _GRAMMAR} if _GRAMMAR in candidates else {})


class AutoEngine:
    """Several engines as one."""

    name = "auto"

    def __init__(
        self,
        choice: Mapping[str, str],
        engines: Mapping[str, SttEngine],
        failures: Mapping[str, str],
        announced: Mapping[str, str],
    ) -> None:
        """`choice` has the engine of each language, `announced` that of each model.

        An engine that could not be loaded is missing in `engines`.
        """
        self.languages = tuple(choice)
        self._choice = choice
        self._engines = engines
        self._failures = failures
        self._announced = announced

    def transcribe(self, samples: Samples, language: str | None) -> Transcription:
        """Return what was said; without a language Whisper detects it, or the first engine has to do.

        Raises: EngineError.
        """
        return self.perform(Request(samples, language))

    def perform(self, request: Request) -> Transcription:
        """Let the engine of the request's model do it, else that of its language. Raises: EngineError."""
        name = self._announced[request.model] if request.model else self._engine_of(request.language)
        if name not in self._engines:
            raise EngineError(f"The engine {name!r} could not be loaded: {self._failures.get(name)}")
        return perform(self._engines[name], request)

    def set_vocabulary(self, vocabulary: Vocabulary) -> VocabularyReport:
        """Tell all engines that can use it; skipped is what none of the engines can recognise."""
        users = [engine for engine in self._engines.values() if isinstance(engine, UsesVocabulary)]
        reports = [engine.set_vocabulary(vocabulary) for engine in users]
        is_any_word_possible = len(users) < len(self._engines) or not reports
        skipped = [] if is_any_word_possible else [*set.intersection(*(set(report.skipped) for report in reports))]
        return VocabularyReport(sum(report.words for report in reports), sorted(skipped))

    def languages_by_engine(self) -> Mapping[str, Sequence[str]]:
        """Return which engine recognises which languages."""
        languages: defaultdict[str, list[str]] = defaultdict(list)
        for language, name in self._choice.items():
            languages[name].append(language)
        return languages

    def failures(self) -> Mapping[str, str]:
        """Return the engines that could not be loaded, and why."""
        return self._failures

    def _engine_of(self, language: str | None) -> str:
        if language is not None:
            return self._choice[language]
        return _WHISPER if _WHISPER in self._engines else next(iter(self._engines))


def models(options: EngineOptions) -> Sequence[SttModel]:
    """Return the models of the chosen engines, each with the languages it is chosen for.

    Raises: EngineError when no engine is installed, or a model is asked for.
    """
    if options.model is not None:
        raise EngineError("The engine 'auto' chooses its models itself. Name an engine beside --stt-model.")
    engines = _installed()
    choice = choose(_candidates(engines, options))
    if not choice:
        raise EngineError("No engine is installed. Install voice-rag[stt], [stt-gigaam] or [stt-whisper].")
    announced = []
    for name in dict.fromkeys(choice.values()):
        for model in engines[name].models(options):
            languages = [language for language in choice if choice[language] == name]
            announced.append(SttModel(model.name, languages, model.description, model.author, model.url))
    return announced


def load(options: EngineOptions) -> AutoEngine:
    """Return the chosen engines; where one can't be loaded, one that is there takes its place. Blocking.

    Raises: EngineError when none can be loaded.
    """
    modules = _installed()
    candidates = _candidates(modules, options)
    loading = _Loading(modules, options)
    choice = {
        language: loading.first_of(name, _substitutes(language, candidates))
        for language, name in choose(candidates).items()
    }
    if not loading.engines:
        raise EngineError("; ".join(loading.failures.values()) or "No engine is installed.")
    announced = {model.name: name for name in modules for model in modules[name].models(options)}
    engine = AutoEngine(choice, loading.engines, loading.failures, announced)
    for name, languages in engine.languages_by_engine().items():
        _LOGGER.info("Chosen for %s: %s", " ".join(languages), name)
    return engine


class _Loading:
    """Loads each engine once."""

    def __init__(self, modules: Mapping[str, ModuleType], options: EngineOptions) -> None:
        self.engines: dict[str, SttEngine] = {}
        self.failures: dict[str, str] = {}
        self._modules = modules
        self._options = options

    def first_of(self, name: str, substitutes: Sequence[str]) -> str:
        """Return the first that can be loaded; `name` itself where none can."""
        return next((candidate for candidate in (name, *substitutes) if self._has(candidate)), name)

    def _has(self, name: str) -> bool:
        if name not in self.engines and name not in self.failures:
            try:
                self.engines[name] = self._modules[name].load(self._options)
            except (EngineError, OSError) as err:
                _LOGGER.warning("The engine %s can't be used: %s", name, err)
                self.failures[name] = str(err)
        return name in self.engines


def _substitutes(language: str, candidates: Mapping[str, Candidate]) -> list[str]:
    return [
        name
        for name in _BEST_FIRST
        if (candidate := candidates.get(name)) and candidate.is_present and language in candidate.languages
    ]


def _installed() -> dict[str, ModuleType]:
    modules = {}
    for name in _BEST_FIRST:
        try:
            modules[name] = import_engine(__package__, name)
        except StartError as err:
            _LOGGER.debug("Not used: %s", err)
    return modules


def _candidates(modules: Mapping[str, ModuleType], options: EngineOptions) -> dict[str, Candidate]:
    return {
        name: Candidate(
            languages=[language for model in module.models(options) for language in model.languages],
            is_present=not hasattr(module, "is_present") or module.is_present(options),
        )
        for name, module in modules.items()
    }

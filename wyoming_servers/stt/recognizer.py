"""The engine with what surrounds it: its loading, its queue, and the house's vocabulary."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import Any

from wyoming_servers.runtime import metrics
from wyoming_servers.runtime.audio import Samples
from wyoming_servers.runtime.errors import UnknownNameError
from wyoming_servers.runtime.inference import InferenceQueue
from wyoming_servers.runtime.loading import EngineLoader
from wyoming_servers.runtime.vocabulary import Vocabulary, load_vocabulary, save_vocabulary
from wyoming_servers.runtime.worker import WorkerError

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
from .remote import RemoteEngine
from .settings import SttSettings

_LOGGER = logging.getLogger(__name__)


class Recognizer:
    """One engine for all clients."""

    def __init__(
        self,
        engine_name: str,
        languages: Sequence[str],
        load: Callable[[EngineOptions], SttEngine],
        settings: SttSettings,
        *,
        models: Sequence[SttModel] = (),
        remote: RemoteEngine | None = None,
    ) -> None:
        """`models` are what the engine announces; without them it is one with the engine's own name.

        `remote` is the process that `load` loads it in, if any.
        """
        path = settings.vocabulary_path
        self.engine_name = engine_name
        self.languages = languages
        self.models = models or [SttModel(engine_name, languages, engine_name, "", "")]
        self.vocabulary = load_vocabulary(path) if path else Vocabulary()
        self.report: VocabularyReport | None = None
        self._path = path
        self._adopted: Vocabulary | None = None
        """The vocabulary that the engine listens for and, where there is a path, the file has; None until told."""

        self._telling = asyncio.Lock()
        self._remote = remote
        self.loader = EngineLoader(
            f"speech recognition ({', '.join(filter(None, (engine_name, settings.model)))})",
            lambda: load(EngineOptions(self.vocabulary, settings.model, settings.models_folder)),
            unload=remote.unload if remote else lambda: None,
            is_alive=lambda: remote is None or remote.is_alive,
            settings=settings.load,
        )
        if remote:
            metrics.ENGINE_MEMORY.labels(self.loader.name).set_function(lambda: remote.memory)
        self._queue = InferenceQueue(self.loader.name, limit=settings.longest_queue)

    @classmethod
    def in_own_process(cls, engine_name: str, settings: SttSettings) -> "Recognizer":
        """Return a recogniser whose engine runs in a child process, which begins here to tell what it will serve.

        Blocking for the time of the engine's imports. Raises: StartError, EngineError.
        """
        remote = RemoteEngine(engine_name, settings.longest_decode_seconds)
        try:
            models = remote.models(EngineOptions(model=settings.model, models_folder=settings.models_folder))
        except BaseException:
            remote.unload()
            raise
        languages = list(dict.fromkeys(language for model in models for language in model.languages))
        return cls(engine_name, languages, remote.load, settings, models=models, remote=remote)

    async def stop(self) -> None:
        """Let the engine go."""
        await self.loader.stop()
        self._queue.close()

    def check_language(self, language: str | None) -> str | None:
        """Return the language as the engine calls it. Raises: UnknownNameError."""
        if language is None:
            return None
        base = base_language(language)
        if base not in self.languages:
            raise UnknownNameError("language", language, list(self.languages))
        return base

    async def transcribe(
        self,
        samples: Samples,
        language: str | None,
        *,
        model: str | None = None,
        terms: Sequence[str] = (),
        needs_words: bool = False,
    ) -> Transcription:
        """Return what was said; the arguments are those of a `Request`. Raises: ServerError."""
        request = Request(samples, language, tuple(terms), model, needs_words)
        async with self.loader.using() as engine:
            started = perf_counter()
            try:
                transcription = await self._queue.run(perform, engine, request)
            except WorkerError:
                self.loader.ensure()
                raise
            metrics.TRANSCRIPT_SECONDS.labels(self.engine_name).observe(perf_counter() - started)
            return transcription

    async def set_vocabulary(self, vocabulary: Vocabulary) -> VocabularyReport | None:
        """Listen for these words from now on and keep them; None from an engine that has no use for them.

        Raises: ServerError, OSError when they can't be kept.
        """
        async with self._telling:  # the last one told is the one that stays, in the engine as in the file
            self.vocabulary = vocabulary  # an engine that can't be told now begins with it when it is loaded
            async with self.loader.using() as engine:
                if vocabulary != self._adopted:
                    await self._adopt(engine, vocabulary)
            return self.report

    def health(self) -> Mapping[str, Any]:
        """Return the engine's state, what it listens for, and why it failed if it did."""
        vocabulary = self.vocabulary
        state: dict[str, Any] = {
            "state": self.loader.state,
            "engine": self.engine_name,
            "models": [model.name for model in self.models],
            "languages": list(self.languages),
            "vocabulary": {
                "names": len(vocabulary.names),
                "areas": len(vocabulary.areas),
                "topics": len(vocabulary.topics),
                "titles": len(vocabulary.titles),
                "skipped": len(self.report.skipped) if self.report else 0,
            },
        }
        if self._remote is not None:
            state["memory_mb"] = round(self._remote.memory / 1e6)
        if isinstance(self.loader.engine, Delegates) and (engines := self.loader.engine.languages_by_engine()):
            state["engines"] = dict(engines)
            state["failures"] = dict(self.loader.engine.failures())
        return {**state, "failure": self.loader.failure} if self.loader.failure else state

    async def _adopt(self, engine: SttEngine, vocabulary: Vocabulary) -> None:
        report = (
            await self._queue.run(engine.set_vocabulary, vocabulary) if isinstance(engine, UsesVocabulary) else None
        )
        self.report, self._adopted = report, None
        if self._path:
            await asyncio.to_thread(save_vocabulary, vocabulary, self._path)
        self._adopted = vocabulary
        if report is not None:
            _LOGGER.info(
                "Listening for %d words; %d entries can't be said in the language", report.words, len(report.skipped)
            )


def base_language(language: str) -> str:
    """Return the base code of a language tag: "ru" of "ru-RU"."""
    return language.split("-", maxsplit=1)[0].lower()


def choose(recognizers: Sequence[Recognizer], model: str | None, language: str | None) -> Recognizer:
    """Return who recognises a request: who has the model, else the first that has the language.

    One that could not be loaded leaves its languages to the next that has them. Raises: UnknownNameError.
    """
    if model is not None:
        known = {announced.name: recognizer for recognizer in recognizers for announced in recognizer.models}
        if model not in known:
            raise UnknownNameError("model", model, list(known))
        return known[model]
    able = [one for one in recognizers if language is None or base_language(language) in one.languages]
    if not able:
        languages = dict.fromkeys(code for recognizer in recognizers for code in recognizer.languages)
        raise UnknownNameError("language", str(language), list(languages))
    return next((one for one in able if one.loader.failure is None), able[0])

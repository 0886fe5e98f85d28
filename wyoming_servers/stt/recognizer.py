"""The engine with what surrounds it: its loading, its queue, and the house's vocabulary."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from time import perf_counter

from wyoming_servers.runtime import metrics
from wyoming_servers.runtime.audio import Samples
from wyoming_servers.runtime.errors import UnknownNameError
from wyoming_servers.runtime.inference import InferenceQueue
from wyoming_servers.runtime.loading import EngineLoader

from .engine import EngineOptions, SttEngine, Transcription, UsesVocabulary, VocabularyReport
from .settings import SttSettings
from .vocabulary import Vocabulary, load_vocabulary, save_vocabulary

_LOGGER = logging.getLogger(__name__)


class Recognizer:
    """One engine for all clients."""

    def __init__(
        self,
        engine_name: str,
        languages: Sequence[str],
        load: Callable[[EngineOptions], SttEngine],
        settings: SttSettings,
    ) -> None:
        path = settings.vocabulary_path
        self.engine_name = engine_name
        self.languages = languages
        self.vocabulary = load_vocabulary(path) if path else Vocabulary()
        self.report: VocabularyReport | None = None
        self._path = path
        self._adopted: Vocabulary | None = None
        """The vocabulary that the engine listens for and, where there is a path, the file has; None until told."""

        self._telling = asyncio.Lock()
        self.loader = EngineLoader(
            f"speech recognition ({engine_name})",
            lambda: load(EngineOptions(self.vocabulary, settings.model, settings.models_folder)),
        )
        self._queue = InferenceQueue("stt", limit=16)

    async def stop(self) -> None:
        """Let the engine go."""
        await self.loader.stop()
        self._queue.close()

    def check_language(self, language: str | None) -> str | None:
        """Return the language as the engine calls it. Raises: UnknownNameError."""
        if language is None:
            return None
        base = language.split("-")[0].lower()
        if base not in self.languages:
            raise UnknownNameError("language", language, list(self.languages))
        return base

    async def transcribe(self, samples: Samples, language: str | None) -> Transcription:
        """Return what was said. Raises: ServerError."""
        engine = await self.loader.get()
        started = perf_counter()
        transcription = await self._queue.run(engine.transcribe, samples, language)
        metrics.TRANSCRIPT_SECONDS.labels(self.engine_name).observe(perf_counter() - started)
        return transcription

    async def set_vocabulary(self, vocabulary: Vocabulary) -> VocabularyReport | None:
        """Listen for these words from now on and keep them; None from an engine that has no use for them.

        Raises: ServerError, OSError when they can't be kept.
        """
        engine = await self.loader.get()
        async with self._telling:  # the last one told is the one that stays, in the engine as in the file
            if vocabulary != self._adopted:
                await self._adopt(engine, vocabulary)
            return self.report

    async def _adopt(self, engine: SttEngine, vocabulary: Vocabulary) -> None:
        report = (
            await self._queue.run(engine.set_vocabulary, vocabulary) if isinstance(engine, UsesVocabulary) else None
        )
        self.vocabulary, self.report, self._adopted = vocabulary, report, None
        if self._path:
            await asyncio.to_thread(save_vocabulary, vocabulary, self._path)
        self._adopted = vocabulary
        if report is not None:
            _LOGGER.info(
                "Listening for %d words; %d entries can't be said in the language", report.words, len(report.skipped)
            )

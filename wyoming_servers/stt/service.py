"""The speech recognition service: its part of `info`, its handlers, `PUT /vocabulary` on the side port."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from aiohttp import web
from wyoming.info import AsrModel, AsrProgram, Attribution, Info

from wyoming_servers import __version__
from wyoming_servers.runtime.engines import import_engine
from wyoming_servers.runtime.errors import ServerError
from wyoming_servers.runtime.inference import InferenceQueue
from wyoming_servers.runtime.service import AUDIO_EVENTS, Send
from wyoming_servers.runtime.vocabulary import Vocabulary
from wyoming_servers.runtime.vocabulary_route import vocabulary_route
from wyoming_servers.turn.judging import Judging
from wyoming_servers.turn.routes import turn_routes

from .engine import SttModel, VocabularyReport
from .floor import Floor
from .handler import SttHandler
from .openai import OpenAiRoutes
from .recognizer import Recognizer
from .settings import EndOfTurn, SttSettings
from .turn_taking import PauseBook, TurnTaking

_ATTRIBUTION = Attribution(name="Voice RAG", url="")


class SttService:
    """Transcribes utterances for any number of clients with one engine."""

    name = "stt"
    task = "automatic-speech-recognition"
    opening_events = frozenset({"transcribe"})
    following_events = AUDIO_EVENTS

    def __init__(self, recognizer: Recognizer, settings: SttSettings, others: Sequence[Recognizer] = ()) -> None:
        """`others` serve what the client asks for by name, and the languages that the first lacks."""
        self._recognizer = recognizer
        self._recognizers = (recognizer, *others)
        self._settings = settings
        self._floor = Floor()
        self._openai = OpenAiRoutes(self._recognizers, settings.uploads, self._floor)
        self._telling = asyncio.Lock()
        self._turns = None if settings.end_of_turn is EndOfTurn.CLIENT else _turn_taking(settings)

    def start(self) -> None:
        """Load the engines in the background."""
        for recognizer in self._recognizers:
            recognizer.loader.start()
        if self._turns is not None:
            self._turns.judging.loader.start()

    async def stop(self) -> None:
        """Let the engines go."""
        await asyncio.gather(*(recognizer.stop() for recognizer in self._recognizers))
        if self._turns is not None:
            await self._turns.stop()

    def info(self) -> Info:
        """Return the engines' models with their languages."""
        program = AsrProgram(
            name="voice-rag",
            description="Speech recognition of Voice RAG",
            attribution=_ATTRIBUTION,
            installed=True,
            version=__version__,
            models=[_asr_model(model) for recognizer in self._recognizers for model in recognizer.models],
            supports_transcript_streaming=True,
            requires_external_vad=self._settings.end_of_turn is not EndOfTurn.SERVER,
        )
        return Info(asr=[program])

    def open(self, send: Send) -> SttHandler:
        """Return a handler for one client."""
        return SttHandler(send, self._recognizers, self._settings, self._floor, self._turns)

    def health(self) -> Mapping[str, Any]:
        """Return the state of the first engine, and of the others where there are several."""
        state = {**self._recognizer.health(), "end_of_turn": self._settings.end_of_turn}
        others = [dict(recognizer.health()) for recognizer in self._recognizers[1:]]
        return {**state, "others": others} if others else state

    def routes(self) -> Iterable[web.RouteDef]:
        """Return the routes by which the house's words and recordings come in, and those that ask the turn detector."""
        turns = turn_routes(self._turns.judging.judge) if self._turns is not None else ()
        return [vocabulary_route(self._tell), *turns, *self._openai.routes()]

    def models(self) -> Iterable[str]:
        """Return what programs can choose from."""
        return [model.name for recognizer in self._recognizers for model in recognizer.models]

    async def _tell(self, vocabulary: Vocabulary) -> Mapping[str, Any]:
        """Tell every engine and return the first one's report.

        Raises: ServerError of one that could not be told, OSError.
        """
        reports, failures = [], []
        if self._turns is not None:
            await self._turns.tell(vocabulary)
        async with self._telling:  # they keep it in one file
            if self._turns is not None:
                await self._turns.tell(vocabulary)
            for recognizer in self._recognizers:
                try:
                    reports.append(await recognizer.set_vocabulary(vocabulary))
                except ServerError as err:
                    failures.append(err)
        if failures:
            raise failures[0]
        report = next((report for report in reports if report is not None), VocabularyReport(0, ()))
        return {"words": report.words, "skipped": list(report.skipped)}


def _turn_taking(settings: SttSettings) -> TurnTaking:
    """Return what finds the end of a turn. Raises: StartError for an engine that can't be used."""
    engine = import_engine("wyoming_servers.turn.engines", settings.turn_engine)
    options = replace(settings.turn_options, models_folder=settings.models_folder, vocabulary=settings.vocabulary_path)
    judging = Judging(settings.turn_engine, lambda: engine.load(options))
    return TurnTaking(settings.turn, judging, PauseBook(settings.pauses_path), InferenceQueue("vad", limit=256))


def _asr_model(model: SttModel) -> AsrModel:
    return AsrModel(
        name=model.name,
        languages=list(model.languages),
        attribution=Attribution(name=model.author, url=model.url),
        installed=True,
        description=model.description,
        version=__version__,
    )

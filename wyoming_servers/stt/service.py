"""The speech recognition service: its part of `info`, its handlers, `PUT /vocabulary` on the side port."""

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aiohttp import web
from wyoming.info import AsrModel, AsrProgram, Attribution, Info

from wyoming_servers import __version__
from wyoming_servers.runtime.errors import ServerError
from wyoming_servers.runtime.inference import InferenceQueue
from wyoming_servers.runtime.service import AUDIO_EVENTS, Send
from wyoming_servers.runtime.side_port import json_error
from wyoming_servers.turn.rules import RuleTurnDetector

from .engine import SttModel, VocabularyReport
from .handler import SttHandler
from .listening import TurnTaking
from .openai import OpenAiRoutes
from .recognizer import Recognizer
from .settings import EndOfTurn, SttSettings
from .vocabulary import Vocabulary, VocabularyError

_ATTRIBUTION = Attribution(name="Voice RAG", url="")


class SttService:
    """Transcribes utterances for any number of clients with one engine."""

    name = "stt"
    opening_events = frozenset({"transcribe"})
    following_events = AUDIO_EVENTS

    def __init__(self, recognizer: Recognizer, settings: SttSettings, others: Sequence[Recognizer] = ()) -> None:
        """`others` serve what the client asks for by name, and the languages that the first lacks."""
        self._recognizer = recognizer
        self._recognizers = (recognizer, *others)
        self._settings = settings
        self._openai = OpenAiRoutes(self._recognizers, settings.uploads)
        self._telling = asyncio.Lock()
        self._activity_queue = InferenceQueue("vad", limit=256)
        self._turns = (
            TurnTaking(settings.turn, RuleTurnDetector(), self._activity_queue)
            if settings.end_of_turn is not EndOfTurn.CLIENT
            else None
        )

    def start(self) -> None:
        """Load the engines in the background."""
        for recognizer in self._recognizers:
            recognizer.loader.start()

    async def stop(self) -> None:
        """Let the engines go."""
        await asyncio.gather(*(recognizer.stop() for recognizer in self._recognizers))
        self._activity_queue.close()

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
        return SttHandler(send, self._recognizers, self._settings, self._turns)

    def health(self) -> Mapping[str, Any]:
        """Return the state of the first engine, and of the others where there are several."""
        state = {**self._recognizer.health(), "end_of_turn": self._settings.end_of_turn}
        others = [dict(recognizer.health()) for recognizer in self._recognizers[1:]]
        return {**state, "others": others} if others else state

    def routes(self) -> Iterable[web.RouteDef]:
        """Return the route by which the house's words come in, and those of recordings."""
        return [web.put("/vocabulary", self._put_vocabulary), *self._openai.routes()]

    async def _put_vocabulary(self, request: web.Request) -> web.Response:
        try:
            vocabulary = Vocabulary.from_json(json.loads(await request.read()))
        except VocabularyError as err:
            return json_error(400, "bad_request", str(err))
        except (ValueError, RecursionError):
            return json_error(400, "bad_request", "The body is not JSON.")
        try:
            report = await self._tell(vocabulary)
        except ServerError as err:
            return json_error(503, err.code, str(err))
        except OSError as err:
            return json_error(500, "not_kept", f"The vocabulary is used now but could not be kept: {err}")
        body = {"words": report.words, "skipped": list(report.skipped)} if report else {"words": 0, "skipped": []}
        return web.json_response(body)

    async def _tell(self, vocabulary: Vocabulary) -> VocabularyReport | None:
        """Tell every engine and return the first report. Raises: ServerError of one that could not be told, OSError."""
        reports, failures = [], []
        async with self._telling:  # they keep it in one file
            for recognizer in self._recognizers:
                try:
                    reports.append(await recognizer.set_vocabulary(vocabulary))
                except ServerError as err:
                    failures.append(err)
        if failures:
            raise failures[0]
        return next((report for report in reports if report is not None), None)


def _asr_model(model: SttModel) -> AsrModel:
    return AsrModel(
        name=model.name,
        languages=list(model.languages),
        attribution=Attribution(name=model.author, url=model.url),
        installed=True,
        description=model.description,
        version=__version__,
    )

"""The speech recognition service: its part of `info`, its handlers, `PUT /vocabulary` on the side port."""

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

from .engine import Delegates, SttModel
from .handler import SttHandler
from .listening import TurnTaking
from .recognizer import Recognizer
from .settings import EndOfTurn, SttSettings
from .vocabulary import Vocabulary, VocabularyError

_ATTRIBUTION = Attribution(name="Voice RAG", url="")


class SttService:
    """Transcribes utterances for any number of clients with one engine."""

    name = "stt"
    opening_events = frozenset({"transcribe"})
    following_events = AUDIO_EVENTS

    def __init__(self, recognizer: Recognizer, settings: SttSettings, models: Sequence[SttModel] = ()) -> None:
        """`models` are what the engine announces; without them it is one with the engine's own name."""
        self._recognizer = recognizer
        self._models = models or [
            SttModel(recognizer.engine_name, recognizer.languages, recognizer.engine_name, "", "")
        ]
        self._settings = settings
        self._activity_queue = InferenceQueue("vad", limit=256)
        self._turns = (
            TurnTaking(settings.turn, RuleTurnDetector(), self._activity_queue)
            if settings.end_of_turn is EndOfTurn.SERVER
            else None
        )

    def start(self) -> None:
        """Load the engine in the background."""
        self._recognizer.loader.start()

    async def stop(self) -> None:
        """Let the engine go."""
        await self._recognizer.stop()
        self._activity_queue.close()

    def info(self) -> Info:
        """Return the engine's models with their languages."""
        program = AsrProgram(
            name="voice-rag",
            description="Speech recognition of Voice RAG",
            attribution=_ATTRIBUTION,
            installed=True,
            version=__version__,
            models=[_asr_model(model) for model in self._models],
            requires_external_vad=self._turns is None,
        )
        return Info(asr=[program])

    def open(self, send: Send) -> SttHandler:
        """Return a handler for one client."""
        return SttHandler(send, self._recognizer, self._settings, self._turns)

    def health(self) -> Mapping[str, Any]:
        """Return the engine's state and what it listens for."""
        recognizer = self._recognizer
        vocabulary = recognizer.vocabulary
        state: dict[str, Any] = {
            "state": recognizer.loader.state,
            "engine": recognizer.engine_name,
            "models": [model.name for model in self._models],
            "languages": list(recognizer.languages),
            "end_of_turn": self._settings.end_of_turn,
            "vocabulary": {
                "names": len(vocabulary.names),
                "areas": len(vocabulary.areas),
                "topics": len(vocabulary.topics),
                "titles": len(vocabulary.titles),
                "skipped": len(recognizer.report.skipped) if recognizer.report else 0,
            },
        }
        if isinstance(recognizer.loader.engine, Delegates):
            state["engines"] = dict(recognizer.loader.engine.languages_by_engine())
            state["failures"] = dict(recognizer.loader.engine.failures())
        return {**state, "failure": recognizer.loader.failure} if recognizer.loader.failure else state

    def routes(self) -> Iterable[web.RouteDef]:
        """Return the route by which the house's words come in."""
        return [web.put("/vocabulary", self._put_vocabulary)]

    async def _put_vocabulary(self, request: web.Request) -> web.Response:
        try:
            vocabulary = Vocabulary.from_json(json.loads(await request.read()))
        except VocabularyError as err:
            return json_error(400, "bad_request", str(err))
        except (ValueError, RecursionError):
            return json_error(400, "bad_request", "The body is not JSON.")
        try:
            report = await self._recognizer.set_vocabulary(vocabulary)
        except ServerError as err:
            return json_error(503, err.code, str(err))
        except OSError as err:
            return json_error(500, "not_kept", f"The vocabulary is used now but could not be kept: {err}")
        body = {"words": report.words, "skipped": list(report.skipped)} if report else {"words": 0, "skipped": []}
        return web.json_response(body)


def _asr_model(model: SttModel) -> AsrModel:
    return AsrModel(
        name=model.name,
        languages=list(model.languages),
        attribution=Attribution(name=model.author, url=model.url),
        installed=True,
        description=model.description,
        version=__version__,
    )

"""The turn detection service: `transcript` -> `end-of-turn` by Wyoming, `POST /infer` and `/policy` by HTTP."""

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from aiohttp import web
from wyoming.info import Attribution

from wyoming_servers import __version__
from wyoming_servers.runtime.info import ServerInfo, TurnProgram
from wyoming_servers.runtime.service import AUDIO_EVENTS, Send
from wyoming_servers.runtime.vocabulary import Vocabulary, save_vocabulary
from wyoming_servers.runtime.vocabulary_route import vocabulary_route

from .handler import TurnHandler
from .judging import Judging
from .routes import turn_routes


class TurnService:
    """Tells any number of clients whether words are a whole turn."""

    name = "turn"
    opening_events = frozenset({"transcript"})
    following_events = AUDIO_EVENTS

    def __init__(self, judging: Judging, vocabulary: Path | None = None) -> None:
        """`vocabulary` is the file that the house's names are kept in. None forgets them at the end."""
        self._judging = judging
        self._vocabulary = vocabulary

    def start(self) -> None:
        """Load the engine in the background."""
        self._judging.loader.start()

    async def stop(self) -> None:
        """Let the engine go."""
        await self._judging.stop()

    def info(self) -> ServerInfo:
        """Return the service in a list of its own: Home Assistant would take it for a conversation agent in another."""
        program = TurnProgram(
            name="voice-rag-turn",
            attribution=Attribution(name="Voice RAG", url=""),
            installed=True,
            description="Turn detection of Voice RAG",
            version=__version__,
        )
        return ServerInfo(turn=[program])

    def open(self, send: Send) -> TurnHandler:
        """Return a handler for one client."""
        return TurnHandler(send, self._judging.judge)

    def health(self) -> Mapping[str, Any]:
        """Return the engine's state."""
        loader = self._judging.loader
        state = {"state": loader.state, "engine": self._judging.engine_name}
        return {**state, "failure": loader.failure} if loader.failure else state

    def routes(self) -> Iterable[web.RouteDef]:
        """Return the routes by which texts are judged, and the one by which the house's names come in."""
        return [*turn_routes(self._judging.judge), vocabulary_route(self._tell)]

    async def _tell(self, vocabulary: Vocabulary) -> Mapping[str, Any]:
        """Let the engine know the names. Raises: ServerError, OSError."""
        await self._judging.set_vocabulary(vocabulary)
        if self._vocabulary is not None:
            await asyncio.to_thread(save_vocabulary, vocabulary, self._vocabulary)
        return {"names": len(vocabulary.names), "areas": len(vocabulary.areas), "floors": len(vocabulary.floors)}

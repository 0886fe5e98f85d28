"""The wake word service: its part of `info`, its engine, its handlers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from aiohttp import web
from wyoming.info import Attribution, Info, WakeModel, WakeProgram

from wyoming_servers import __version__
from wyoming_servers.runtime.inference import InferenceQueue
from wyoming_servers.runtime.loading import EngineLoader
from wyoming_servers.runtime.service import AUDIO_EVENTS, Send

from .engine import WakeEngine, WakeWord
from .handler import WakeHandler
from .settings import WakeSettings

_ATTRIBUTION = Attribution(name="openWakeWord", url="https://github.com/dscripka/openWakeWord")


class WakeService:
    """Detects wake words for any number of clients with one engine."""

    name = "wake"
    opening_events = frozenset({"detect"})
    following_events = AUDIO_EVENTS

    def __init__(
        self,
        engine_name: str,
        words: Callable[[], Sequence[WakeWord]],
        load: Callable[[], WakeEngine],
        settings: WakeSettings,
    ) -> None:
        """`words` names what can be detected, before the engine is there too."""
        self._engine_name = engine_name
        self._words = words
        self._settings = settings
        self._loader = EngineLoader(f"wake words ({engine_name})", load)
        self._queue = InferenceQueue("wake", limit=256)

    def start(self) -> None:
        """Load the engine in the background."""
        self._loader.start()

    async def stop(self) -> None:
        """Let the engine go."""
        await self._loader.stop()
        self._queue.close()

    def info(self) -> Info:
        """Return the wake words; HA reads them again every 30 s."""
        models = [
            WakeModel(
                name=word.name,
                phrase=word.phrase,
                languages=[word.language],
                attribution=_ATTRIBUTION,
                installed=True,
                description=word.phrase,
                version=__version__,
            )
            for word in self._words()
        ]
        program = WakeProgram(
            name="voice-rag",
            description="Wake words of Voice RAG",
            attribution=_ATTRIBUTION,
            installed=True,
            version=__version__,
            models=models,
        )
        return Info(wake=[program])

    def open(self, send: Send) -> WakeHandler:
        """Return a handler for one client."""
        return WakeHandler(send, self._loader.get, self._queue, self._settings)

    def health(self) -> Mapping[str, Any]:
        """Return the engine's state."""
        words = [word.name for word in self._words()]
        state = {"state": self._loader.state, "engine": self._engine_name, "words": words}
        return {**state, "failure": self._loader.failure} if self._loader.failure else state

    def routes(self) -> Iterable[web.RouteDef]:
        """Nothing on the side port."""
        return ()

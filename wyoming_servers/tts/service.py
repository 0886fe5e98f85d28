"""The speech synthesis service: its part of `info`, its handlers."""

from collections.abc import Iterable, Mapping
from typing import Any

from aiohttp import web
from wyoming.info import Attribution, Info, TtsProgram, TtsVoice

from wyoming_servers import __version__
from wyoming_servers.runtime.service import Send

from .handler import TtsHandler
from .settings import TtsSettings
from .synthesizer import Synthesizer

_ATTRIBUTION = Attribution(name="eSpeak NG", url="https://github.com/espeak-ng/espeak-ng")


class TtsService:
    """Speaks for any number of clients with one engine."""

    name = "tts"
    opening_events = frozenset({"synthesize", "synthesize-start"})
    following_events = frozenset({"synthesize-chunk", "synthesize-stop"})

    def __init__(self, synthesizer: Synthesizer, settings: TtsSettings) -> None:
        self._synthesizer = synthesizer
        self._settings = settings

    def start(self) -> None:
        """Load the engine in the background."""
        self._synthesizer.loader.start()

    async def stop(self) -> None:
        """Let the engine go."""
        await self._synthesizer.stop()

    def info(self) -> Info:
        """Return the voices; Home Assistant reads them again every 30 s."""
        voices = [
            TtsVoice(
                name=voice.name,
                languages=list(voice.languages),
                attribution=Attribution(name=voice.author, url=voice.url),
                installed=True,
                description=voice.description,
                version=__version__,
            )
            for voice in self._synthesizer.voices()
        ]
        program = TtsProgram(
            name="voice-rag",
            description="Voices of Voice RAG",
            attribution=_ATTRIBUTION,
            installed=True,
            version=__version__,
            voices=voices,
            supports_synthesize_streaming=True,
        )
        return Info(tts=[program])

    def open(self, send: Send) -> TtsHandler:
        """Return a handler for one client."""
        return TtsHandler(send, self._synthesizer, self._settings)

    def health(self) -> Mapping[str, Any]:
        """Return the engine's state."""
        synthesizer = self._synthesizer
        state = {
            "state": synthesizer.loader.state,
            "engine": synthesizer.engine_name,
            "voices": len(synthesizer.voices()),
        }
        return {**state, "failure": synthesizer.loader.failure} if synthesizer.loader.failure else state

    def routes(self) -> Iterable[web.RouteDef]:
        """Nothing on the side port."""
        return ()

"""The speech synthesis service: its part of `info`, its handlers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aiohttp import web
from wyoming.info import Attribution, Info, TtsProgram, TtsVoice

from wyoming_servers import __version__
from wyoming_servers.runtime.service import Send

from .handler import TtsHandler
from .narrator import Narrator, SpeechObserver
from .openai import OpenAiSpeech
from .settings import TtsSettings
from .synthesizer import Synthesizer

_ATTRIBUTION = Attribution(name="eSpeak NG", url="https://github.com/espeak-ng/espeak-ng")


class TtsService:
    """Speaks for any number of clients with one engine."""

    name = "tts"
    task = "text-to-speech"
    opening_events = frozenset({"synthesize", "synthesize-start"})
    following_events = frozenset({"synthesize-chunk", "synthesize-stop"})

    def __init__(
        self,
        synthesizer: Synthesizer,
        settings: TtsSettings,
        fallback: Synthesizer | None = None,
        observers: Sequence[SpeechObserver] = (),
    ) -> None:
        """`fallback` speaks where the first fails; `observers` are told of what is spoken."""
        self._synthesizer = synthesizer
        self._fallback = fallback
        self._narrator = Narrator(synthesizer, settings, fallback, observers)
        self._openai = OpenAiSpeech(self._narrator)

    def start(self) -> None:
        """Load the engines in the background."""
        for synthesizer in self._synthesizers():
            synthesizer.loader.start()

    async def stop(self) -> None:
        """Let the engines go."""
        for synthesizer in self._synthesizers():
            await synthesizer.stop()

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
        return TtsHandler(send, self._narrator)

    def health(self) -> Mapping[str, Any]:
        """Return the engine's state, and which one speaks when it fails."""
        synthesizer, fallback = self._synthesizer, self._fallback
        state: dict[str, Any] = {
            "state": synthesizer.loader.state,
            "engine": synthesizer.engine_name,
            "voices": len(synthesizer.voices()),
        }
        if fallback is not None:
            state["fallback"] = {"state": fallback.loader.state, "engine": fallback.engine_name}
        return {**state, "failure": synthesizer.loader.failure} if synthesizer.loader.failure else state

    def routes(self) -> Iterable[web.RouteDef]:
        """Return the route by which other programs have texts spoken."""
        return self._openai.routes()

    def models(self) -> Iterable[str]:
        """Return what programs can choose from: the engine."""
        return (self._synthesizer.engine_name,)

    def _synthesizers(self) -> Iterable[Synthesizer]:
        return (self._synthesizer,) if self._fallback is None else (self._synthesizer, self._fallback)

"""The wake word service: its part of `info`, its engine, its handlers."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from aiohttp import web
from wyoming.info import Attribution, Info, WakeModel, WakeProgram

from wyoming_servers import __version__
from wyoming_servers.runtime.errors import ServerError
from wyoming_servers.runtime.inference import InferenceQueue
from wyoming_servers.runtime.loading import EngineLoader
from wyoming_servers.runtime.service import AUDIO_EVENTS, Send

from .batching import Batcher
from .engine import WakeEngine
from .handler import WakeHandler
from .library import WordLibrary
from .listening import Ears
from .settings import WakeSettings
from .words import Verifier

_ATTRIBUTION = Attribution(name="openWakeWord", url="https://github.com/dscripka/openWakeWord")


class WakeService:
    """Detects wake words for any number of clients with one engine."""

    name = "wake"
    opening_events = frozenset({"detect"})
    following_events = AUDIO_EVENTS

    def __init__(
        self,
        engine_name: str,
        library: WordLibrary,
        load: Callable[[WordLibrary], WakeEngine],
        settings: WakeSettings,
        verifiers: Sequence[Verifier] = (),
    ) -> None:
        self._engine_name = engine_name
        self._library = library
        self._settings = settings
        self._verifiers = verifiers
        self._loader = EngineLoader(f"wake words ({engine_name})", lambda: load(library))
        self._queue = InferenceQueue("wake", limit=256)
        self._batcher: Batcher | None = None
        self._checking: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Load the engine in the background."""
        self._loader.start()

    async def stop(self) -> None:
        """Let the engine go."""
        if self._checking is not None:
            await self._checking
        if self._batcher is not None:
            await self._batcher.close()
        await self._loader.stop()
        self._queue.close()

    def info(self) -> Info:
        """Return the wake words; HA reads them again every 30 s."""
        models = [
            WakeModel(
                name=word.name,
                phrase=word.phrase,
                languages=list(word.languages),
                attribution=_ATTRIBUTION,
                installed=True,
                description=word.phrase,
                version=__version__,
            )
            for word in self._library.words()
        ]
        self._check()
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
        return WakeHandler(send, self._ears, self._library.words)

    def health(self) -> Mapping[str, Any]:
        """Return the engine's state, the words, the files that can't be used and how many streams are heard."""
        state = {
            "state": self._loader.state,
            "engine": self._engine_name,
            "words": [word.name for word in self._library.words()],
            "broken": dict(self._library.broken()),
            "streams": self._batcher.streams if self._batcher else 0,
        }
        return {**state, "failure": self._loader.failure} if self._loader.failure else state

    def routes(self) -> Iterable[web.RouteDef]:
        """Nothing on the side port."""
        return ()

    async def _ears(self) -> Ears:
        engine = await self._loader.get()
        if self._batcher is None:
            self._batcher = Batcher(engine, self._queue, self._settings.gather_seconds)
        return Ears(engine, self._batcher, self._queue, self._verifiers, self._settings)

    def _check(self) -> None:
        """Load new and changed files in the background: a broken one is gone from the next answer to `describe`."""
        if self._library.unchecked() and (self._checking is None or self._checking.done()):
            self._checking = asyncio.create_task(asyncio.to_thread(self._load_unchecked), name="check wake words")

    def _load_unchecked(self) -> None:
        for name in self._library.unchecked():
            with suppress(ServerError):  # the library remembers why and has logged it
                self._library.model(name)

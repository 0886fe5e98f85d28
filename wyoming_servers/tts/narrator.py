"""An answer from units of text to audio: synthesised ahead of what is sent, by another engine where one fails."""

import asyncio
import itertools
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager
from time import perf_counter
from typing import Protocol

from wyoming.tts import SynthesizeVoice

from wyoming_servers.runtime import metrics
from wyoming_servers.runtime.errors import BusyError, ServerError

from .cache import Phrase, PhraseCache
from .engine import Voice
from .joining import pause_seconds
from .outbox import Outbox
from .settings import TtsSettings
from .synthesizer import Synthesizer, Unit
from .urgency import Listener

_LOGGER = logging.getLogger(__name__)
_WIDTH = 2
"""Bytes of a sample."""

_SILENT_RATE = 22_050
"""Hertz of an answer without a word."""


class SpeechObserver(Protocol):
    """Who is told of what is spoken."""

    def spoken(self, text: str, pcm: bytes, rate: int) -> None:
        """Take a unit whose audio, 16-bit mono at `rate` hertz, is on its way to a client. On the event loop."""


class Narrator:
    """Speaks answers for all clients."""

    def __init__(
        self,
        synthesizer: Synthesizer,
        settings: TtsSettings,
        fallback: Synthesizer | None = None,
        observers: Sequence[SpeechObserver] = (),
    ) -> None:
        """`fallback` goes on where `synthesizer` fails."""
        self.synthesizer = synthesizer
        self.fallback = fallback
        self.settings = settings
        self.observers = observers
        self.cache = PhraseCache(settings.cache_bytes)
        self.numbers = itertools.count()
        """Of the answers."""

        self._answers = 0

    @asynccontextmanager
    async def narrating(
        self, units: AsyncIterator[str], wanted: SynthesizeVoice | None, rate: int | None = None
    ) -> AsyncIterator["Narration"]:
        """Yield an answer that is spoken while the context lasts; `rate` in hertz, None for that of the first voice.

        Raises: BusyError, UnknownNameError.
        """
        with self._place():
            narration = Narration(self, units, self.synthesizer.find_voice(wanted), rate)
            task = asyncio.create_task(narration.speak(), name="synthesize")
            try:
                yield narration
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if self._answers >= self.settings.most_answers:
            metrics.BUSY.labels("tts").inc()
            raise BusyError("Speech synthesis", self.settings.most_answers)
        self._answers += 1
        try:
            yield
        finally:
            self._answers -= 1


class Narration:
    """One answer that is being spoken."""

    def __init__(self, narrator: Narrator, units: AsyncIterator[str], voice: Voice | None, rate: int | None) -> None:
        self._narrator = narrator
        self._synthesizer = narrator.synthesizer
        self._units = units
        self._voice = voice
        self._rate: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._outbox = Outbox(narrator.settings.ahead_bytes)
        self._listener = Listener(next(narrator.numbers))
        self._pause = b""
        """Before the next unit."""

        if rate is None and voice is not None:
            rate = voice.rate
        if rate is not None:
            self._rate.set_result(rate)

    async def rate(self) -> int:
        """Return the rate of all its audio in hertz, as soon as it is known."""
        return await self._rate

    async def blocks(self) -> AsyncIterator[bytes]:
        """Yield the audio, 16-bit mono. Raises: ServerError, after the audio that came before the failure."""
        while (block := await self._outbox.get()) is not None:
            yield block

    async def speak(self) -> None:
        """Synthesise everything; what fails is raised where the audio is taken."""
        failure: Exception | None = None
        try:
            async for text in self._units:
                await self._outbox.room()
                await self._speak_unit(text)
        except Exception as err:  # noqa: BLE001 (carried to who sends)
            failure = err
        if not self._rate.done():
            self._rate.set_result(_SILENT_RATE)
        self._outbox.end(failure)

    async def _speak_unit(self, text: str) -> None:
        voice = self._voice_for(text)
        if not self._rate.done():
            self._rate.set_result(voice.rate)
        try:
            await self._put(text, voice)
        except Exception as err:  # noqa: BLE001 (whatever a library raises, a person waits for the rest of the answer)
            self._fall_back(err)
            await self._put(text, self._voice_for(text))

    def _voice_for(self, text: str) -> Voice:
        return self._voice or self._synthesizer.voice_for(text)

    def _fall_back(self, failure: Exception) -> None:
        """Leave the rest of the answer to the other engine. Raises: the failure, where there is none."""
        failed, fallback = self._synthesizer, self._narrator.fallback
        if fallback is None or failed is fallback:
            raise failure
        metrics.TTS_FALLBACKS.labels(failed.engine_name).inc()
        is_bug = not isinstance(failure, ServerError)
        _LOGGER.warning("%s failed, %s goes on: %s", failed.engine_name, fallback.engine_name, failure, exc_info=is_bug)
        self._synthesizer = fallback
        if self._voice is not None:
            self._voice = fallback.voice_like(self._voice)

    async def _put(self, text: str, voice: Voice) -> None:
        """Add a unit's audio and the pause before it. Raises: ServerError."""
        rate = self._rate.result()
        phrase = Phrase(text, voice, rate)
        started = perf_counter()
        spoken: list[bytes] = []
        async with aclosing(self._audio(phrase, voice)) as blocks:
            async for block in blocks:
                if not spoken:
                    self._note_first(perf_counter() - started)
                    self._give(self._pause, rate)
                    self._pause = b""
                spoken.append(block)
                self._give(block, rate)
        if spoken:
            self._narrator.cache.put(phrase, spoken)
            self._pause = bytes(_WIDTH * int(rate * pause_seconds(text, self._narrator.settings.pause_ms / 1000)))
            for observer in self._narrator.observers:
                observer.spoken(text, b"".join(spoken), rate)

    async def _audio(self, phrase: Phrase, voice: Voice) -> AsyncGenerator[bytes]:
        if (kept := self._narrator.cache.get(phrase)) is not None:
            for block in kept:
                yield block
            return
        unit = Unit(phrase.text, self._listener.claim)
        async with aclosing(self._synthesizer.speak(unit, voice, phrase.rate)) as blocks:
            async for block in blocks:
                yield block

    def _give(self, pcm: bytes, rate: int) -> None:
        self._outbox.put(pcm)
        self._listener.hear(len(pcm) / _WIDTH / rate, asyncio.get_running_loop().time())

    def _note_first(self, seconds: float) -> None:
        if not self._listener.claim.has_heard:
            metrics.FIRST_AUDIO_SECONDS.labels(self._synthesizer.engine_name).observe(seconds)

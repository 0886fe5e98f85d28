"""The engine with what surrounds it: its loading, its queue, the choice of a voice, and what is done to its audio."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from time import perf_counter

from wyoming.tts import SynthesizeVoice

from wyoming_servers.runtime import metrics
from wyoming_servers.runtime.engines import import_engine
from wyoming_servers.runtime.errors import EngineError, UnknownNameError
from wyoming_servers.runtime.loading import EngineLoader, LoadSettings

from .engine import EngineOptions, Speech, TtsEngine, Voice, Voices
from .joining import faded, resampled, trimmed
from .loudness import Floats, VoiceLevel, levelled, to_floats, to_int16
from .settings import TtsSettings
from .text import language_of, speakable, warm_up
from .unit_queue import UnitQueue
from .urgency import Claim

_LONGEST_UNIT_SECONDS = 120
"""Three hundred characters take half a minute: beyond this a model has lost its way."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of text that is spoken in one go."""

    text: str
    claim: Claim


class Synthesizer:
    """One engine for all clients."""

    def __init__(
        self,
        engine_name: str,
        voices: Voices,
        load: Callable[[], TtsEngine],
        settings: TtsSettings = TtsSettings(),  # noqa: B008 (frozen)
    ) -> None:
        self.engine_name = engine_name
        self.voices = voices
        self.loader = EngineLoader(
            f"speech synthesis ({engine_name})",
            lambda: self._warm(load()),
            settings=LoadSettings(patience_seconds=settings.loading_seconds),
        )
        self._settings = settings
        self._queue = UnitQueue(engine_name, settings.patience_seconds)
        self._levels: dict[Voice, VoiceLevel] = {}

    @classmethod
    def named(cls, engine_name: str, options: EngineOptions, settings: TtsSettings) -> "Synthesizer":
        """Return the engine of that name. Raises: StartError for an unknown one, or one without its libraries."""
        engine = import_engine("wyoming_servers.tts.engines", engine_name)
        return cls(engine_name, partial(engine.voices, options), partial(engine.load, options), settings)

    async def stop(self) -> None:
        """Let the engine go."""
        engine = self.loader.engine
        await self.loader.stop()
        self._queue.close()
        if engine is not None:
            await asyncio.to_thread(engine.close)

    def find_voice(self, wanted: SynthesizeVoice | None) -> Voice | None:
        """Return the voice of that name, else the first of that language; None when the client asks for neither.

        Raises: UnknownNameError.
        """
        if wanted is None or not (wanted.name or wanted.language):
            return None
        voices = self.voices()
        for voice in voices:
            if voice.name == wanted.name or (not wanted.name and wanted.language in voice.languages):
                return voice
        kind, name = ("voice", wanted.name) if wanted.name else ("voice for the language", wanted.language or "")
        raise UnknownNameError(kind, name, [voice.name for voice in voices])

    def voice_for(self, text: str) -> Voice:
        """Return the first voice that speaks the text's language, as far as its letters tell, else the first.

        Home Assistant never sends the language, and sends no voice unless the user has chosen one. Raises: EngineError
        when there is no voice at all.
        """
        return self._first_of({language_of(text)})

    def voice_like(self, other: Voice) -> Voice:
        """Return the first voice that speaks another engine's voice's language, else the first."""
        return self._first_of({language.partition("-")[0] for language in other.languages})

    async def speak(self, unit: Unit, voice: Voice, rate: int) -> AsyncGenerator[bytes]:
        """Yield the unit's audio at `rate` hertz, as loud as every voice and ready to be joined.

        Closing the generator cancels the work. Raises: ServerError.
        """
        async with self.loader.using() as engine:
            stream = self._queue.stream(lambda: self._shaped(engine, unit.text, voice, rate), unit.claim)
            async with aclosing(stream) as blocks:
                async for pcm in blocks:
                    yield pcm

    def _first_of(self, languages: Collection[str | None]) -> Voice:
        voices = self.voices()
        if not voices:
            raise EngineError(f"The engine {self.engine_name} has no voice.")
        return next((voice for voice in voices if any(code in voice.languages for code in languages)), voices[0])

    def _warm(self, engine: TtsEngine) -> TtsEngine:
        """Return the engine when the dictionaries of its languages are there too. In the loader's thread."""
        for language in {voice.languages[0].partition("-")[0] for voice in self.voices()}:
            warm_up(language)
        return engine

    def _shaped(self, engine: TtsEngine, text: str, voice: Voice, rate: int) -> "_Shaped":
        level = self._levels.setdefault(voice, VoiceLevel(voice.rate, self._settings.loudness))
        words = speakable(text, voice.languages[0])
        return _Shaped(engine.synthesize(words, voice), engine.name, level, voice.rate, rate)


class _Shaped:
    """The audio of a unit as it is sent."""

    def __init__(self, speech: Speech, engine: str, level: VoiceLevel, rate: int, target: int) -> None:
        self._speech = speech
        self._engine = engine
        self._level = level
        self._rate = rate
        self._target = target

    def __iter__(self) -> Iterator[bytes]:
        """Yield it, and note how fast it came."""
        started = perf_counter()
        seconds = 0.0
        sound = trimmed(self._parts(), self._rate)
        sound = resampled(levelled(sound, self._level), self._rate, self._target)
        for samples in faded(sound, self._target):
            seconds += len(samples) / self._target
            if seconds > _LONGEST_UNIT_SECONDS:
                raise EngineError(f"{self._engine} does not come to an end with a unit.")
            yield to_int16(samples).tobytes()
        if seconds:
            metrics.TTS_REAL_TIME_FACTOR.labels(self._engine).observe((perf_counter() - started) / seconds)

    def _parts(self) -> Iterator[Floats]:
        """Yield what the engine gives in parts of half a second: between them others may use Python too."""
        for block in self._speech:
            samples = to_floats(block)
            for begin in range(0, len(samples), self._rate // 2):
                yield samples[begin : begin + self._rate // 2]

    def close(self) -> None:
        """Stop the engine."""
        self._speech.close()

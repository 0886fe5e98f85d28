"""The engine with what surrounds it: its loading, its queue, and the choice of a voice."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from wyoming.tts import SynthesizeVoice

from wyoming_servers.runtime.errors import UnknownNameError
from wyoming_servers.runtime.inference import InferenceQueue
from wyoming_servers.runtime.loading import EngineLoader

from .engine import TtsEngine, Voice, Voices
from .text import language_of, speakable


class Synthesizer:
    """One engine for all clients."""

    def __init__(self, engine_name: str, voices: Voices, load: Callable[[], TtsEngine]) -> None:
        self.engine_name = engine_name
        self.voices = voices
        self.loader = EngineLoader(f"speech synthesis ({engine_name})", load)
        self._queue = InferenceQueue("tts", limit=32)

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

    def voice_for(self, sentence: str) -> Voice:
        """Return the first voice that speaks the sentence's language, as far as its letters tell, else the first.

        Home Assistant never sends the language, and sends no voice unless the user has chosen one.
        """
        voices = self.voices()
        language = language_of(sentence)
        return next((voice for voice in voices if language in voice.languages), voices[0])

    async def speak(self, sentence: str, voice: Voice) -> AsyncGenerator[bytes]:
        """Yield the sentence's PCM; closing the generator cancels the work. Raises: ServerError."""
        engine = await self.loader.get()
        async with aclosing(
            self._queue.stream(lambda: engine.synthesize(speakable(sentence, voice.languages[0]), voice))
        ) as pieces:
            async for pcm in pieces:
                yield pcm

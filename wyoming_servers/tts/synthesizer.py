"""The engine with what surrounds it: its loading, its queue, and the choice of a voice."""

from collections.abc import AsyncGenerator, Callable, Sequence

from wyoming.tts import SynthesizeVoice

from wyoming_servers.runtime.errors import UnknownNameError
from wyoming_servers.runtime.inference import InferenceQueue
from wyoming_servers.runtime.loading import EngineLoader

from .engine import TtsEngine, Voice


class Synthesizer:
    """One engine for all clients."""

    def __init__(self, engine_name: str, voices: Callable[[], Sequence[Voice]], load: Callable[[], TtsEngine]) -> None:
        self.engine_name = engine_name
        self.voices = voices
        self.loader = EngineLoader(f"speech synthesis ({engine_name})", load)
        self._queue = InferenceQueue("tts", limit=32)

    async def stop(self) -> None:
        """Let the engine go."""
        await self.loader.stop()
        self._queue.close()

    def find_voice(self, wanted: SynthesizeVoice | None) -> Voice:
        """Return the voice of that name, else the first of that language, else the first. Raises: UnknownNameError."""
        voices = self.voices()
        if wanted is None or not (wanted.name or wanted.language):
            return voices[0]
        for voice in voices:
            if voice.name == wanted.name or (not wanted.name and wanted.language in voice.languages):
                return voice
        kind, name = ("voice", wanted.name) if wanted.name else ("voice for the language", wanted.language or "")
        raise UnknownNameError(kind, name, [voice.name for voice in voices])

    async def sample_rate(self) -> int:
        """Return the engine's rate in hertz. Raises: ServerError."""
        return (await self.loader.get()).sample_rate

    async def speak(self, sentence: str, voice: Voice) -> AsyncGenerator[bytes]:
        """Yield the sentence's PCM; closing the generator cancels the work. Raises: ServerError."""
        engine = await self.loader.get()
        async for pcm in self._queue.stream(lambda: engine.synthesize(sentence, voice)):
            yield pcm

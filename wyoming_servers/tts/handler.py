"""One client's synthesis dialogue, whole or streamed.

    synthesize                                        -> audio-start, audio-chunk*, audio-stop
    synthesize-start, synthesize-chunk*, synthesize-stop -> audio-start, audio-chunk*, audio-stop, synthesize-stopped

A `synthesize` inside a stream repeats its text for clients of the old kind and is ignored. A failure sends `error`
first: Home Assistant keeps audio that ends without a word as if it were whole.
"""

import asyncio
import logging
from contextlib import aclosing, suppress
from time import perf_counter

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event
from wyoming.tts import (
    Synthesize,
    SynthesizeChunk,
    SynthesizeStart,
    SynthesizeStop,
    SynthesizeStopped,
    SynthesizeVoice,
)

from wyoming_servers.runtime import metrics
from wyoming_servers.runtime.errors import ProtocolError, ServerError, TextTooLongError
from wyoming_servers.runtime.reporting import telling
from wyoming_servers.runtime.service import Send, parse

from .settings import TtsSettings
from .synthesizer import Synthesizer
from .text import UnitSplitter

_LOGGER = logging.getLogger(__name__)


class TtsHandler:
    """Speaks one answer at a time; sentences are spoken while later ones still arrive."""

    def __init__(self, send: Send, synthesizer: Synthesizer, settings: TtsSettings) -> None:
        self._send = send
        self._synthesizer = synthesizer
        self._settings = settings
        self._answer: _Answer | None = None
        self._speaking: asyncio.Task[None] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether an answer is being spoken or its text is still coming."""
        return self._answer is not None or (self._speaking is not None and not self._speaking.done())

    async def handle(self, event: Event) -> None:
        """Take the next event."""
        if SynthesizeStart.is_type(event.type):
            await self._begin(parse(SynthesizeStart, event).voice, is_streaming=True)
        elif SynthesizeChunk.is_type(event.type):
            self._current(event.type).add(parse(SynthesizeChunk, event).text)
        elif SynthesizeStop.is_type(event.type):
            self._current(event.type).finish()
            self._answer = None
        elif Synthesize.is_type(event.type) and self._answer is None:
            request = parse(Synthesize, event)
            answer = await self._begin(request.voice, is_streaming=False)
            self._answer = None
            answer.add(request.text)
            answer.finish()

    async def close(self) -> None:
        """Stop speaking: nobody listens any more."""
        if self._speaking is None:
            return
        if not self._speaking.done():
            metrics.ABANDONED.labels("tts").inc()
            _LOGGER.info("The client left before the end of its answer")
        self._speaking.cancel()
        await asyncio.gather(self._speaking, return_exceptions=True)

    async def _begin(self, wanted: SynthesizeVoice | None, *, is_streaming: bool) -> "_Answer":
        if self._answer is not None:
            raise ProtocolError("synthesize-start came before the synthesize-stop of the answer before it.")
        if self._speaking is not None:
            await asyncio.gather(self._speaking, return_exceptions=True)
        self._answer = answer = _Answer(self._settings.longest_text)
        self._speaking = asyncio.create_task(self._speak(answer, wanted, is_streaming=is_streaming), name="synthesize")
        return answer

    def _current(self, event_type: str) -> "_Answer":
        if self._answer is None:
            raise ProtocolError(f"{event_type} came before synthesize-start.")
        return self._answer

    async def _speak(self, answer: "_Answer", wanted: SynthesizeVoice | None, *, is_streaming: bool) -> None:
        async with telling(self._send, "synthesis"):
            await self._send_audio(answer, wanted)
        if is_streaming:
            with suppress(ConnectionError):
                await self._send(SynthesizeStopped())

    async def _send_audio(self, answer: "_Answer", wanted: SynthesizeVoice | None) -> None:
        chosen = self._synthesizer.find_voice(wanted)
        await self._synthesizer.loader.get()
        rate = (chosen or self._synthesizer.voices()[0]).rate
        await self._send(AudioStart(rate=rate, width=2, channels=1))
        pause = b"\0\0" * (rate * self._settings.pause_ms // 1000)
        is_first = True
        while (sentence := await answer.next_sentence()) is not None:
            started = perf_counter()
            if not is_first:
                await self._send_pcm(pause, rate)
            voice = chosen or self._synthesizer.voice_for(sentence)
            async with aclosing(self._synthesizer.speak(sentence, voice)) as pieces:
                async for pcm in pieces:
                    await self._send_pcm(pcm, rate)
                    if is_first:
                        metrics.FIRST_AUDIO_SECONDS.labels(self._synthesizer.engine_name).observe(
                            perf_counter() - started
                        )
                    is_first = False
        await self._send(AudioStop())

    async def _send_pcm(self, pcm: bytes, rate: int) -> None:
        size = 2 * (rate * self._settings.chunk_ms // 1000)
        for begin in range(0, len(pcm), size):
            await self._send(AudioChunk(rate=rate, width=2, channels=1, audio=pcm[begin : begin + size]))


class _Answer:
    """The text of one answer on its way from the client to the engine, cut into sentences."""

    def __init__(self, longest_text: int) -> None:
        self._sentences: asyncio.Queue[str | ServerError | None] = asyncio.Queue()
        self._splitter = UnitSplitter()
        self._free = longest_text

    def add(self, text: str) -> None:
        """Take more text; beyond the longest, the answer ends with an error instead."""
        if self._free < 0:
            return
        self._free -= len(text)
        if self._free < 0:
            self._sentences.put_nowait(TextTooLongError())
        else:
            self._put(self._splitter.feed(text))

    def finish(self) -> None:
        """There is no more."""
        self._put(self._splitter.finish())
        self._sentences.put_nowait(None)

    async def next_sentence(self) -> str | None:
        """Return the next sentence, waiting for it; None after the last one. Raises: TextTooLongError."""
        sentence = await self._sentences.get()
        if isinstance(sentence, ServerError):
            raise sentence
        return sentence

    def _put(self, sentences: list[str]) -> None:
        for sentence in sentences:
            self._sentences.put_nowait(sentence)

"""One client's synthesis dialogue, whole or streamed.

    synthesize                                        -> audio-start, audio-chunk*, audio-stop
    synthesize-start, synthesize-chunk*, synthesize-stop -> audio-start, audio-chunk*, audio-stop, synthesize-stopped

A `synthesize` inside a stream repeats its text for clients of the old kind and is ignored. A request after it cuts what
is still being spoken short. A failure sends `error` first: Home Assistant keeps audio that ends without a word as if it
were whole.
"""

import asyncio
import logging
from contextlib import suppress

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
from wyoming_servers.runtime.errors import ProtocolError, StalledError, SupersededError
from wyoming_servers.runtime.reporting import report, telling
from wyoming_servers.runtime.service import Send, parse

from .answer import Answer
from .narrator import Narration, Narrator

_LOGGER = logging.getLogger(__name__)


class TtsHandler:
    """Speaks one answer at a time; it is spoken while its text still arrives."""

    def __init__(self, send: Send, narrator: Narrator) -> None:
        self._send = send
        self._narrator = narrator
        self._answer: Answer | None = None
        self._speaking: asyncio.Task[None] | None = None
        self._is_streaming = False

    @property
    def is_busy(self) -> bool:
        """Whether an answer is being spoken or its text is still coming."""
        return self._answer is not None or self._is_speaking

    @property
    def _is_speaking(self) -> bool:
        return self._speaking is not None and not self._speaking.done()

    async def handle(self, event: Event) -> None:
        """Take the next event."""
        if SynthesizeStart.is_type(event.type):
            self._answer = await self._begin(parse(SynthesizeStart, event).voice, is_streaming=True)
        elif SynthesizeChunk.is_type(event.type):
            self._current(event.type).add(parse(SynthesizeChunk, event).text)
        elif SynthesizeStop.is_type(event.type):
            self._current(event.type).finish()
            self._answer = None
        elif Synthesize.is_type(event.type) and self._answer is None:
            request = parse(Synthesize, event)
            answer = await self._begin(request.voice, is_streaming=False)
            answer.add(request.text)
            answer.finish()

    async def close(self) -> None:
        """Stop speaking: nobody listens any more."""
        if self._is_speaking:
            _LOGGER.info("The client left before the end of its answer")
            await self._cut()

    async def _begin(self, wanted: SynthesizeVoice | None, *, is_streaming: bool) -> Answer:
        if self._answer is not None:
            raise ProtocolError("synthesize-start came before the synthesize-stop of the answer before it.")
        if self._is_speaking:
            await self._cut()
            await report(self._send, SupersededError())
            await self._end_stream()
        self._is_streaming = is_streaming
        answer = Answer(self._narrator.settings.longest_text)
        self._speaking = asyncio.create_task(self._speak(answer, wanted), name="answer")
        return answer

    async def _cut(self) -> None:
        if self._speaking is not None:
            metrics.ABANDONED.labels("tts").inc()
            self._speaking.cancel()
            await asyncio.gather(self._speaking, return_exceptions=True)

    def _current(self, event_type: str) -> Answer:
        if self._answer is None:
            raise ProtocolError(f"{event_type} came before synthesize-start.")
        return self._answer

    async def _speak(self, answer: Answer, wanted: SynthesizeVoice | None) -> None:
        async with telling(self._send, "synthesis"), self._narrator.narrating(answer, wanted) as narration:
            await self._send_audio(narration)
        await self._end_stream()

    async def _end_stream(self) -> None:
        if self._is_streaming:
            with suppress(ConnectionError):
                await self._send(SynthesizeStopped())

    async def _send_audio(self, narration: Narration) -> None:
        rate = await narration.rate()
        await self._send(AudioStart(rate=rate, width=2, channels=1))
        size = 2 * (rate * self._narrator.settings.chunk_ms // 1000)
        async for pcm in narration.blocks():
            for begin in range(0, len(pcm), size):
                await self._send_in_time(AudioChunk(rate=rate, width=2, channels=1, audio=pcm[begin : begin + size]))
        await self._send(AudioStop())

    async def _send_in_time(self, chunk: AudioChunk) -> None:
        seconds = self._narrator.settings.stall_seconds
        try:
            async with asyncio.timeout(seconds):
                await self._send(chunk)
        except TimeoutError as err:
            raise StalledError(seconds) from err

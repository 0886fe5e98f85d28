"""One client's dialogue with the turn detector.

    (audio-start, audio-chunk*, audio-stop?)?, transcript -> end-of-turn

The audio is for detectors that hear; it stays until the next audio-start, so that a transcript may come at every pause.
"""

import asyncio
from collections import deque

import numpy as np
from wyoming.asr import Transcript
from wyoming.audio import AudioChunk, AudioStart
from wyoming.event import Event

from wyoming_servers.runtime.audio import SAMPLE_RATE, AudioConverter, Samples
from wyoming_servers.runtime.errors import ProtocolError
from wyoming_servers.runtime.reporting import telling
from wyoming_servers.runtime.service import Send, parse

from .detector import Pause
from .events import EndOfTurn
from .messages import MessageError, parse_request
from .routes import Judge

_KEPT_SAMPLES = 8 * SAMPLE_RATE
"""What smart-turn looks at."""


class TurnHandler:
    """Judges the words of one client, in order."""

    def __init__(self, send: Send, judge: Judge) -> None:
        self._send = send
        self._judge = judge
        self._audio: _RecentAudio | None = None
        self._answer: asyncio.Task[None] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether an answer is under way."""
        return self._answer is not None and not self._answer.done()

    async def handle(self, event: Event) -> None:
        """Take the next event; a transcript waits until the one before it is answered. Raises: ServerError."""
        if AudioStart.is_type(event.type):
            self._audio = _RecentAudio(AudioConverter.for_stream(parse(AudioStart, event)))
        elif AudioChunk.is_type(event.type):
            if self._audio is None:
                raise ProtocolError("Audio came before audio-start.")
            self._audio.add(parse(AudioChunk, event))
        elif Transcript.is_type(event.type):
            pause = self._pause(parse(Transcript, event))
            if self._answer is not None:
                await asyncio.wait((self._answer,))
            self._answer = asyncio.create_task(self._tell(pause), name="end of turn")

    async def close(self) -> None:
        """Forget the answer under way."""
        if self._answer is not None:
            self._answer.cancel()
            await asyncio.gather(self._answer, return_exceptions=True)

    def _pause(self, transcript: Transcript) -> Pause:
        turns = (transcript.context or {}).get("turns")
        request = {"message": transcript.text, "language": transcript.language, "context": turns}
        try:
            (pause,) = parse_request(request)
        except MessageError as err:
            raise ProtocolError(str(err)) from err
        audio = self._audio.samples() if self._audio else None
        return Pause(pause.text, pause.language, pause.context, audio)

    async def _tell(self, pause: Pause) -> None:
        async with telling(self._send, "end of turn"):
            (judgement,) = await self._judge([pause])
            await self._send(EndOfTurn(judgement.probability))


class _RecentAudio:
    """The end of a stream."""

    def __init__(self, converter: AudioConverter) -> None:
        self._converter = converter
        self._parts = deque[Samples]()
        self._length = 0

    def add(self, chunk: AudioChunk) -> None:
        """Take more audio. Raises: AudioFormatError."""
        part = self._converter.convert(chunk)
        self._parts.append(part)
        self._length += len(part)
        while self._length - len(self._parts[0]) >= _KEPT_SAMPLES:
            self._length -= len(self._parts.popleft())

    def samples(self) -> Samples:
        """Return the last seconds."""
        heard: Samples = np.concatenate([np.empty(0, np.int16), *self._parts])
        return heard[-_KEPT_SAMPLES:]

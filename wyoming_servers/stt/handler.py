"""One client's recognition dialogue: [transcribe], audio-start, audio-chunk*, [audio-stop] -> transcript | error.

The transcript may come before audio-stop, when the speaker has surely finished; what follows of the audio is dropped.
The connection stays open until the client closes it: closing first would destroy the transcript on its way.
"""

import asyncio
import logging

from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event

from wyoming_servers.runtime import metrics
from wyoming_servers.runtime.audio import AudioConverter
from wyoming_servers.runtime.errors import ProtocolError, ServerError
from wyoming_servers.runtime.reporting import telling
from wyoming_servers.runtime.service import Send, parse

from .listening import Listening, TurnTaking
from .recognizer import Recognizer
from .settings import SttSettings
from .utterance import Utterance

_LOGGER = logging.getLogger(__name__)


class SttHandler:
    """Listens to one utterance at a time in a task, so that a client that leaves is noticed."""

    def __init__(
        self, send: Send, recognizer: Recognizer, settings: SttSettings, turns: TurnTaking | None = None
    ) -> None:
        """`turns` is None where the client decides about the end of the turn."""
        self._send = send
        self._recognizer = recognizer
        self._settings = settings
        self._turns = turns
        self._language: str | None = None
        self._listening: Listening | None = None
        self._is_refused = False
        """Whether the client has been told that the utterance under way is of no use; its audio is dropped."""

        self._task: asyncio.Task[None] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether somebody is speaking or waits for the transcript."""
        return self._task is not None and not self._task.done()

    async def handle(self, event: Event) -> None:
        """Take the next event."""
        if self._is_refused and event.type in ("audio-chunk", "audio-stop"):
            self._is_refused = not AudioStop.is_type(event.type)
            return
        try:
            await self._take(event)
        except ServerError:
            # Told once: 10 ms chunks would repeat it a hundred times a second.
            await self._drop()
            self._is_refused = not AudioStop.is_type(event.type)
            raise

    async def _take(self, event: Event) -> None:
        if Transcribe.is_type(event.type):
            self._language = parse(Transcribe, event).language
        elif AudioStart.is_type(event.type):
            await self._begin(parse(AudioStart, event))
        elif AudioChunk.is_type(event.type):
            listening = self._current(event.type)
            if self.is_busy:  # what comes after an early transcript is of no use
                listening.add(parse(AudioChunk, event))
        elif AudioStop.is_type(event.type):
            listening = self._current(event.type)
            self._listening = None
            listening.finish()

    async def close(self) -> None:
        """Drop the utterance and the work on it."""
        if self.is_busy:
            metrics.ABANDONED.labels("stt").inc()
            _LOGGER.info("The client left before its transcript")
        await self._drop()

    async def _begin(self, start: AudioStart) -> None:
        language = self._recognizer.check_language(self._language)
        utterance = Utterance(AudioConverter.for_stream(start), language, self._settings.longest_seconds)
        await self._finish_previous()
        self._listening = Listening(utterance, self._recognizer, self._turns)
        self._is_refused = False
        self._task = asyncio.create_task(self._transcribe(self._listening), name="transcribe")

    def _current(self, event_type: str) -> Listening:
        if self._listening is None:
            raise ProtocolError(f"{event_type} came before audio-start.")
        return self._listening

    async def _finish_previous(self) -> None:
        """Keep the answers of one connection in the order of its utterances; one left without its end is dropped."""
        if self._listening is not None:
            await self._drop()
        elif self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def _drop(self) -> None:
        self._listening = None
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _transcribe(self, listening: Listening) -> None:
        async with telling(self._send, "transcription"):
            transcription = await listening.transcribe()
            _LOGGER.info("Transcript: %r", transcription.text)
            await self._send(Transcript(text=transcription.text, language=transcription.language or None))

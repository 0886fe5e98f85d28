"""One client's recognition dialogue: [transcribe], audio-start, audio-chunk*, [audio-stop] -> transcript | error.

Around the transcript come transcript-start, transcript-chunk* and transcript-stop. It may come before audio-stop, when
the speaker has surely finished; what follows of the audio is dropped.
The connection stays open until the client closes it: closing first would destroy the transcript on its way.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from wyoming.asr import Transcribe
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event

from wyoming_servers.runtime import metrics
from wyoming_servers.runtime.audio import AudioConverter
from wyoming_servers.runtime.errors import ProtocolError, ServerError
from wyoming_servers.runtime.reporting import telling
from wyoming_servers.runtime.service import Send, parse

from .floor import Floor
from .listening import Listening
from .recognizer import Recognizer, choose
from .reply import Reply
from .settings import SttSettings
from .turn_taking import TurnTaking
from .utterance import Utterance
from .wishes import Wishes

_LOGGER = logging.getLogger(__name__)


class SttHandler:
    """Listens to one utterance at a time in a task, so that a client that leaves is noticed."""

    def __init__(
        self,
        send: Send,
        recognizers: Sequence[Recognizer],
        settings: SttSettings,
        floor: Floor,
        turns: TurnTaking | None = None,
    ) -> None:
        """The first of the recognisers is the default; `turns` is None where the client alone ends the turn."""
        self._send = send
        self._recognizers = recognizers
        self._settings = settings
        self._floor = floor
        self._turns = turns
        self._wishes = Wishes()
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
            self._wishes = Wishes.of(parse(Transcribe, event))
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
        wishes = self._wishes
        recognizer = choose(self._recognizers, wishes.model, wishes.language)
        wishes = replace(wishes, language=recognizer.check_language(wishes.language))
        recognizer.loader.ensure()  # what was unloaded loads while the speaker speaks
        utterance = Utterance(AudioConverter.for_stream(start), wishes, self._settings.longest_seconds)
        await self._finish_previous()
        self._listening = Listening(utterance, recognizer, self._turns_for(wishes), Reply(self._send))
        self._is_refused = False
        self._task = asyncio.create_task(self._transcribe(self._listening), name="transcribe")

    def _turns_for(self, wishes: Wishes) -> TurnTaking | None:
        if self._turns is None or wishes.patience is None:
            return self._turns
        return replace(self._turns, settings=replace(self._turns.settings, patience=wishes.patience))

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
            with self._floor.taken():
                transcription = await listening.transcribe()
            _LOGGER.debug("Transcript: %r", transcription.text)
            await listening.reply.finish(transcription)

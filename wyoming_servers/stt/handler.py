"""One client's recognition dialogue: [transcribe], audio-start, audio-chunk+, audio-stop -> transcript | error."""

import asyncio
import logging
from time import perf_counter

import numpy as np
from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.event import Event

from wyoming_servers.runtime import metrics
from wyoming_servers.runtime.audio import SAMPLE_RATE, AudioConverter, Samples
from wyoming_servers.runtime.errors import NoAudioError, ProtocolError, ServerError
from wyoming_servers.runtime.service import Send, parse

from .recognizer import Recognizer
from .settings import SttSettings

_LOGGER = logging.getLogger(__name__)


class SttHandler:
    """Collects one utterance at a time and transcribes it in a task, so that a client that leaves is noticed."""

    def __init__(self, send: Send, recognizer: Recognizer, settings: SttSettings) -> None:
        self._send = send
        self._recognizer = recognizer
        self._settings = settings
        self._language: str | None = None
        self._utterance: _Utterance | None = None
        self._task: asyncio.Task[None] | None = None

    async def handle(self, event: Event) -> None:
        """Take the next event."""
        if Transcribe.is_type(event.type):
            self._language = self._recognizer.check_language(parse(Transcribe, event).language)
        elif AudioStart.is_type(event.type):
            start = parse(AudioStart, event)
            self._utterance = _Utterance(AudioConverter.for_stream(start), self._settings.longest_seconds)
        elif AudioChunk.is_type(event.type):
            self._current("audio-chunk").add(parse(AudioChunk, event))
        elif AudioStop.is_type(event.type):
            utterance = self._current("audio-stop")
            self._utterance = None
            await self._finish_previous()
            self._task = asyncio.create_task(self._transcribe(utterance), name="transcribe")

    async def close(self) -> None:
        """Drop the utterance and the work on it."""
        is_working = self._task is not None and not self._task.done()
        if self._utterance is not None or is_working:
            metrics.ABANDONED.labels("stt").inc()
            _LOGGER.info("The client left before its transcript")
        self._utterance = None
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _current(self, event_type: str) -> "_Utterance":
        if self._utterance is None:
            raise ProtocolError(f"{event_type} came before audio-start.")
        return self._utterance

    async def _finish_previous(self) -> None:
        """Keep the answers of one connection in the order of its utterances."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def _transcribe(self, utterance: "_Utterance") -> None:
        try:
            await self._send(await self._recognize(utterance.samples()))
        except ServerError as err:
            metrics.ERRORS.labels(err.code).inc()
            _LOGGER.warning("No transcript: %s", err)
            await self._send(Error(text=str(err), code=err.code))
        except ConnectionError as err:
            _LOGGER.debug("The client has gone: %s", err)

    async def _recognize(self, samples: Samples) -> Transcript:
        if len(samples) == 0:
            raise NoAudioError
        started = perf_counter()
        transcription = await self._recognizer.transcribe(samples, self._language)
        seconds = perf_counter() - started
        metrics.TRANSCRIPT_SECONDS.labels(self._recognizer.engine_name).observe(seconds)
        _LOGGER.info("Transcript of %.1f s in %.3f s: %r", len(samples) / SAMPLE_RATE, seconds, transcription.text)
        return Transcript(text=transcription.text, language=transcription.language)


class _Utterance:
    """Audio between audio-start and audio-stop, up to a longest duration."""

    def __init__(self, converter: AudioConverter, longest_seconds: float) -> None:
        self._converter = converter
        self._longest_seconds = longest_seconds
        self._free = int(longest_seconds * SAMPLE_RATE)
        self._is_full = False
        self._chunks: list[Samples] = []

    def add(self, chunk: AudioChunk) -> None:
        samples = self._converter.convert(chunk)
        kept = samples[: self._free]
        if len(kept) < len(samples) and not self._is_full:
            _LOGGER.warning("The utterance is longer than %s s: the rest is dropped", self._longest_seconds)
            self._is_full = True
        self._chunks.append(kept)
        self._free -= len(kept)

    def samples(self) -> Samples:
        return np.concatenate(self._chunks) if self._chunks else np.empty(0, dtype=np.int16)

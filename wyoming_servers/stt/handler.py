"""One client's recognition dialogue: [transcribe], audio-start, audio-chunk+, audio-stop -> transcript | error."""

import asyncio
import logging
from time import perf_counter

import numpy as np
from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event

from wyoming_servers.runtime import metrics
from wyoming_servers.runtime.audio import SAMPLE_RATE, AudioConverter, Samples
from wyoming_servers.runtime.errors import NoAudioError, ProtocolError, ServerError
from wyoming_servers.runtime.reporting import telling
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
        self._is_refused = False
        """Whether the client has been told that the utterance under way is of no use; its audio is dropped."""

        self._task: asyncio.Task[None] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether somebody is speaking or waits for the transcript."""
        return self._utterance is not None or (self._task is not None and not self._task.done())

    async def handle(self, event: Event) -> None:
        """Take the next event."""
        if self._is_refused and event.type in ("audio-chunk", "audio-stop"):
            self._is_refused = not AudioStop.is_type(event.type)
            return
        try:
            await self._take(event)
        except ServerError:
            # Told once: 10 ms chunks would repeat it a hundred times a second.
            self._utterance, self._is_refused = None, not AudioStop.is_type(event.type)
            raise

    async def _take(self, event: Event) -> None:
        if Transcribe.is_type(event.type):
            self._language = parse(Transcribe, event).language
        elif AudioStart.is_type(event.type):
            self._begin(parse(AudioStart, event))
        elif AudioChunk.is_type(event.type):
            self._current("audio-chunk").add(parse(AudioChunk, event))
        elif AudioStop.is_type(event.type):
            utterance = self._current("audio-stop")
            self._utterance = None
            await self._finish_previous()
            self._task = asyncio.create_task(self._transcribe(utterance), name="transcribe")

    async def close(self) -> None:
        """Drop the utterance and the work on it."""
        if self.is_busy:
            metrics.ABANDONED.labels("stt").inc()
            _LOGGER.info("The client left before its transcript")
        self._utterance = None
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _begin(self, start: AudioStart) -> None:
        language = self._recognizer.check_language(self._language)
        converter = AudioConverter.for_stream(start)
        self._utterance = _Utterance(converter, language, self._settings.longest_seconds)
        self._is_refused = False

    def _current(self, event_type: str) -> "_Utterance":
        if self._utterance is None:
            raise ProtocolError(f"{event_type} came before audio-start.")
        return self._utterance

    async def _finish_previous(self) -> None:
        """Keep the answers of one connection in the order of its utterances."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def _transcribe(self, utterance: "_Utterance") -> None:
        async with telling(self._send, "transcription"):
            await self._send(await self._recognize(utterance.samples(), utterance.language))

    async def _recognize(self, samples: Samples, language: str | None) -> Transcript:
        if len(samples) == 0:
            raise NoAudioError
        started = perf_counter()
        transcription = await self._recognizer.transcribe(samples, language)
        seconds = perf_counter() - started
        metrics.TRANSCRIPT_SECONDS.labels(self._recognizer.engine_name).observe(seconds)
        _LOGGER.info("Transcript of %.1f s in %.3f s: %r", len(samples) / SAMPLE_RATE, seconds, transcription.text)
        return Transcript(text=transcription.text, language=transcription.language)


class _Utterance:
    """Audio between audio-start and audio-stop, up to a longest duration."""

    def __init__(self, converter: AudioConverter, language: str | None, longest_seconds: float) -> None:
        self.language = language
        self._converter = converter
        self._longest_seconds = longest_seconds
        self._free = int(longest_seconds * SAMPLE_RATE)
        self._is_full = False
        self._chunks: list[Samples] = []

    def add(self, chunk: AudioChunk) -> None:
        """Take more audio. Raises: AudioFormatError."""
        samples = self._converter.convert(chunk)
        if not self._is_full:
            self._keep(samples)

    def _keep(self, samples: Samples) -> None:
        if len(samples) > self._free:
            _LOGGER.warning("The utterance is longer than %s s: the rest is dropped", self._longest_seconds)
            self._is_full = True
        if len(kept := samples[: self._free]):
            self._chunks.append(kept)
            self._free -= len(kept)

    def samples(self) -> Samples:
        """Return the whole; nothing can be added after it."""
        if not self._is_full:
            self._keep(self._converter.finish())
        return np.concatenate(self._chunks) if self._chunks else np.empty(0, dtype=np.int16)

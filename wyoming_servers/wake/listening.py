"""One stream: from a client's chunks to windows, and from scores to detections."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from wyoming.audio import AudioChunk
from wyoming.wake import Detection

from wyoming_servers.runtime import metrics
from wyoming_servers.runtime.audio import SAMPLE_RATE, AudioConverter, Samples
from wyoming_servers.runtime.errors import ServerError
from wyoming_servers.runtime.inference import InferenceQueue
from wyoming_servers.runtime.reporting import telling
from wyoming_servers.runtime.service import Send

from .batching import Batcher, Feed, Window
from .engine import Heard, WakeEngine
from .gate import Gate
from .settings import WakeSettings
from .trigger import Trigger
from .words import Evidence, Verifier, WakeWord

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ears:
    """What all streams share."""

    engine: WakeEngine
    batcher: Batcher
    queue: InferenceQueue
    """The engine's one thread."""

    verifiers: Sequence[Verifier]
    settings: WakeSettings


@dataclass(frozen=True, slots=True)
class _Found:
    """A word that is about to be detected."""

    evidence: Evidence
    position: int


class Listening:
    """Listens to one stream until it ends or the client leaves."""

    @classmethod
    async def begin(cls, ears: Ears, words: Sequence[WakeWord], converter: AudioConverter, send: Send) -> "Listening":
        """Return a stream that listens for `words`. Raises: EngineError, UnknownNameError."""
        stream = await ears.queue.run(ears.engine.open, [word.name for word in words])
        listening = cls(ears, words, converter, send)
        listening._feed = Feed(stream, listening._receive)
        ears.batcher.add(listening._feed)
        return listening

    def __init__(self, ears: Ears, words: Sequence[WakeWord], converter: AudioConverter, send: Send) -> None:
        """Use `begin`."""
        self._ears = ears
        self._converter = converter
        self._send = send
        self._triggers = {word.name: Trigger(word.trigger) for word in words}
        self._gate = Gate(ears.settings.gate, ears.engine.memory_windows) if ears.settings.gate else None
        self._size = ears.engine.window_samples
        self._most_windows = max(1, int(ears.settings.backlog_seconds * SAMPLE_RATE / self._size))
        self._feed: Feed
        self._parts: list[Samples] = [np.zeros(ears.engine.lead_samples, np.int16)]
        """Audio that does not fill a window yet."""

        self._held = ears.engine.lead_samples
        """Samples in `_parts`."""

        self._received = 0
        self._offset_ms = 0
        self._has_detected = False
        self._is_ended = False
        self._has_moved = asyncio.Event()
        self._found: asyncio.Queue[_Found | ServerError | None] = asyncio.Queue()
        self._clock = asyncio.get_running_loop().time
        self._began = self._clock()
        self._task = asyncio.create_task(self._answer(), name="wake word stream")

    async def feed(self, chunk: AudioChunk) -> None:
        """Add audio. What is too much makes a sender wait who is faster than real time.

        A live microphone can't wait: there windows that have waited for the engine for too long are skipped.

        Raises: AudioFormatError.
        """
        if self._task.done():
            return  # the engine has failed, and the client was told
        if chunk.timestamp is not None:
            self._offset_ms = chunk.timestamp - self._received * 1000 // SAMPLE_RATE
        samples = self._converter.convert(chunk)
        self._received += len(samples)
        self._held += len(samples)
        self._parts.append(samples)
        if self._held < self._size:
            return
        self._cut_windows()
        while self._is_ahead_of_time() and len(self._feed.windows) > self._most_windows and not self._task.done():
            self._has_moved.clear()
            await self._has_moved.wait()
        self._skip_what_is_late()

    async def finish(self) -> bool:
        """Hear the rest and return whether anything was detected."""
        self._is_ended = True
        self._feed.is_awaited = False
        self._end_if_heard()
        await self._task
        return self._has_detected

    async def cancel(self) -> None:
        """Drop what is left."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._ears.batcher.remove(self._feed)

    def _cut_windows(self) -> None:
        heard = np.concatenate(self._parts)
        whole = len(heard) - len(heard) % self._size
        begin, now = self._received - len(heard), self._clock()
        for start in range(0, whole, self._size):
            self._pass(heard[start : start + self._size], begin + start + self._size, now)
        self._parts = [heard[whole:]]
        self._held = len(heard) - whole
        if self._feed.windows:
            self._ears.batcher.notice()

    def _pass(self, samples: Samples, position: int, now: float) -> None:
        """Put a window into the queue, if it is not silent; the silent ones before the first sound go with it."""
        windows = self._gate.process(samples) if self._gate else (samples,)
        past = len(windows) - 1
        self._feed.windows.extend(
            Window(window, position - (past - number) * self._size, now, is_repeated=number < past)
            for number, window in enumerate(windows)
        )
        self._feed.is_awaited = bool(windows)

    def _is_ahead_of_time(self) -> bool:
        return self._received > (self._clock() - self._began) * SAMPLE_RATE

    def _skip_what_is_late(self) -> None:
        """Drop windows that have waited for too long: what came at once after a pause of the network has not."""
        windows, oldest = self._feed.windows, self._clock() - self._ears.settings.backlog_seconds
        skipped = 0
        while windows and windows[0].arrived < oldest:
            skipped += not windows.popleft().is_repeated
        if skipped:
            metrics.WAKE_SKIPPED_SECONDS.inc(skipped * self._size / SAMPLE_RATE)

    def _receive(self, window: Window, heard: Heard) -> None:
        """Take what a window has brought; the batcher calls it."""
        self._has_moved.set()
        if heard.failure is not None:
            self._found.put_nowait(heard.failure)
            return
        for score in () if window.is_repeated else heard.scores:
            if self._triggers[score.name].process(score.probability, window.position):
                self._found.put_nowait(_Found(self._feed.stream.evidence(score), window.position))
        self._end_if_heard()

    def _end_if_heard(self) -> None:
        if self._is_ended and not self._feed.windows:
            self._found.put_nowait(None)

    async def _answer(self) -> None:
        try:
            async with telling(self._send, "wake word stream"):
                while (found := await self._found.get()) is not None:
                    if isinstance(found, ServerError):
                        raise found
                    await self._report(found)
        finally:
            self._has_moved.set()
            self._ears.batcher.remove(self._feed)

    async def _report(self, found: _Found) -> None:
        name = found.evidence.name
        if await self._is_objected_to(found.evidence):
            self._triggers[name].rearm()
            return
        self._has_detected = True
        metrics.DETECTIONS.labels(name).inc()
        timestamp = self._offset_ms + found.position * 1000 // SAMPLE_RATE
        _LOGGER.info("Detected %s at %d ms", name, timestamp)
        await self._send(Detection(name=name, timestamp=timestamp))

    async def _is_objected_to(self, evidence: Evidence) -> bool:
        for verifier in self._ears.verifiers:
            objection = await self._ears.queue.run(verifier.objection, evidence)
            if objection is not None:
                metrics.WAKE_OBJECTIONS.labels(verifier.name).inc()
                _LOGGER.info("Not a detection of %s: %s", evidence.name, objection)
                return True
        return False

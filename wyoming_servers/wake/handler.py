"""One client's wake word dialogue: detect, audio-start, audio-chunk+, [audio-stop] -> detection* | not-detected."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

import numpy as np
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event
from wyoming.wake import Detect, Detection, NotDetected

from wyoming_servers.runtime import metrics
from wyoming_servers.runtime.audio import SAMPLE_RATE, AudioConverter, Samples
from wyoming_servers.runtime.errors import ProtocolError, ServerError, UnknownNameError
from wyoming_servers.runtime.inference import InferenceQueue
from wyoming_servers.runtime.reporting import telling
from wyoming_servers.runtime.service import Send, parse

from .engine import WakeEngine, WakeStream
from .settings import WakeSettings
from .trigger import Trigger

_LOGGER = logging.getLogger(__name__)


class WakeHandler:
    """Listens to one stream at a time; the audio waits in a bounded buffer while the engine is busy."""

    def __init__(
        self, send: Send, engine: Callable[[], Awaitable[WakeEngine]], queue: InferenceQueue, settings: WakeSettings
    ) -> None:
        self._send = send
        self._engine = engine
        self._queue = queue
        self._settings = settings
        self._names: Sequence[str] | None = None
        """Names asked for that are known; None before the client has asked, which means all."""

        self._listening: _Listening | None = None
        self._is_refused = False
        """Whether the client has been told that the stream under way is of no use; its audio is dropped."""

    @property
    def is_busy(self) -> bool:
        """Listening has no end of its own: a stopping server need not wait for it."""
        return False

    async def handle(self, event: Event) -> None:
        """Take the next event."""
        if Detect.is_type(event.type):
            await self._choose(parse(Detect, event))
            return
        if self._is_refused and not AudioStart.is_type(event.type):
            self._is_refused = not AudioStop.is_type(event.type)
            return
        try:
            await self._take(event)
        except ServerError:
            # Told once: 10 ms chunks would repeat it a hundred times a second.
            await self.close()
            self._is_refused = not AudioStop.is_type(event.type)
            raise

    async def close(self) -> None:
        """Stop listening."""
        if self._listening is not None:
            await self._listening.cancel()
            self._listening = None

    async def _take(self, event: Event) -> None:
        if AudioStart.is_type(event.type):
            await self._begin(parse(AudioStart, event))
        elif AudioChunk.is_type(event.type):
            await self._current("audio-chunk").feed(parse(AudioChunk, event))
        elif AudioStop.is_type(event.type):
            listening = self._current("audio-stop")
            self._listening = None
            if not await listening.finish():
                await self._send(NotDetected())

    async def _choose(self, detect: Detect) -> None:
        """Remember the known names among those asked for: another name than these must never be answered."""
        known = [word.name for word in (await self._engine()).words()]
        asked = detect.names or known
        self._names = [name for name in asked if name in known]
        if unknown := [str(name) for name in asked if name not in known]:
            raise UnknownNameError("wake word", ", ".join(unknown), known)

    async def _begin(self, start: AudioStart) -> None:
        await self.close()
        converter = AudioConverter.for_stream(start)
        engine = await self._engine()
        names = [word.name for word in engine.words()] if self._names is None else self._names
        self._is_refused = not names  # the answer to `detect` said that none of the names is known
        if names:
            stream = await self._queue.run(engine.open, names)
            self._listening = _Listening(
                stream, engine.window_samples, names, converter, self._queue, self._settings, self._send
            )

    def _current(self, event_type: str) -> "_Listening":
        if self._listening is None:
            raise ProtocolError(f"{event_type} came before audio-start.")
        return self._listening


class _Listening:
    """One stream on its way through the engine."""

    def __init__(  # noqa: PLR0913, PLR0917 (made in one place)
        self,
        stream: WakeStream,
        window_samples: int,
        names: Sequence[str],
        converter: AudioConverter,
        queue: InferenceQueue,
        settings: WakeSettings,
        send: Send,
    ) -> None:
        self._stream = stream
        self._window_samples = window_samples
        self._converter = converter
        self._queue = queue
        self._send = send
        self._triggers = {name: Trigger(settings) for name in names}
        self._most_windows = max(1, int(settings.backlog_seconds * SAMPLE_RATE / window_samples))
        self._rest: Samples = np.empty(0, dtype=np.int16)
        self._windows: deque[tuple[Samples, int]] = deque()
        self._received = 0
        self._offset_ms = 0
        self._has_detected = False
        self._is_ended = False
        self._has_news = asyncio.Event()
        self._has_moved = asyncio.Event()
        self._clock = asyncio.get_running_loop().time
        self._began = self._clock()
        self._task = asyncio.create_task(self._work(), name="wake word stream")

    async def feed(self, chunk: AudioChunk) -> None:
        """Add audio, cut into windows. What is too much makes a sender wait who is faster than real time.

        A live microphone can't wait: there the oldest windows are skipped when the engine is too far behind.

        Raises: AudioFormatError.
        """
        if self._task.done():
            return  # the engine has failed, and the client was told
        if chunk.timestamp is not None:
            self._offset_ms = chunk.timestamp - self._received * 1000 // SAMPLE_RATE
        samples = self._converter.convert(chunk)
        self._received += len(samples)
        heard = np.concatenate((self._rest, samples))
        whole = len(heard) - len(heard) % self._window_samples
        begin = self._received - len(heard)
        for start in range(0, whole, self._window_samples):
            self._windows.append((heard[start : start + self._window_samples], begin + start + self._window_samples))
        self._rest = heard[whole:]
        self._has_news.set()
        while self._is_ahead_of_time() and len(self._windows) > self._most_windows and not self._task.done():
            self._has_moved.clear()
            await self._has_moved.wait()
        self._skip_what_is_late()

    async def finish(self) -> bool:
        """Hear the rest and return whether anything was detected."""
        self._is_ended = True
        self._has_news.set()
        await self._task
        return self._has_detected

    async def cancel(self) -> None:
        """Drop what is left."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def _is_ahead_of_time(self) -> bool:
        return self._received > (self._clock() - self._began) * SAMPLE_RATE

    def _skip_what_is_late(self) -> None:
        late = len(self._windows) - self._most_windows
        for _ in range(late):
            self._windows.popleft()
        if late > 0:
            metrics.WAKE_SKIPPED_SECONDS.inc(late * self._window_samples / SAMPLE_RATE)

    async def _work(self) -> None:
        try:
            async with telling(self._send, "wake word stream"):
                await self._hear()
        finally:
            self._has_moved.set()

    async def _hear(self) -> None:
        while True:
            while self._windows:
                window, position = self._windows.popleft()
                self._has_moved.set()
                for score in await self._queue.run(self._stream.process, window):
                    if self._triggers[score.name].process(score.probability, position):
                        await self._report(score.name, position)
            if self._is_ended:
                return
            self._has_news.clear()
            await self._has_news.wait()

    async def _report(self, name: str, position: int) -> None:
        self._has_detected = True
        metrics.DETECTIONS.labels(name).inc()
        timestamp = self._offset_ms + position * 1000 // SAMPLE_RATE
        _LOGGER.info("Detected %s at %d ms", name, timestamp)
        await self._send(Detection(name=name, timestamp=timestamp))

"""One client's wake word dialogue: detect, audio-start, audio-chunk+, [audio-stop] -> detection* | not-detected."""

from collections.abc import Awaitable, Callable, Sequence

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event
from wyoming.wake import Detect, NotDetected

from wyoming_servers.runtime.audio import AudioConverter
from wyoming_servers.runtime.errors import ProtocolError, ServerError, UnknownNameError
from wyoming_servers.runtime.service import Send, parse

from .listening import Ears, Listening
from .words import WakeWord


class WakeHandler:
    """Listens to one stream at a time; the audio waits in a bounded buffer while the engine is busy."""

    def __init__(
        self, send: Send, ears: Callable[[], Awaitable[Ears]], words: Callable[[], Sequence[WakeWord]]
    ) -> None:
        """`ears` waits for the engine; `words` names what can be detected now."""
        self._send = send
        self._ears = ears
        self._words = words
        self._names: Sequence[str] | None = None
        """Names asked for that are known; None before the client has asked, which means all."""

        self._listening: Listening | None = None
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
        known = [word.name for word in self._words()]
        asked = detect.names or known
        self._names = [name for name in asked if name in known]
        if unknown := [str(name) for name in asked if name not in known]:
            raise UnknownNameError("wake word", ", ".join(unknown), known)

    async def _begin(self, start: AudioStart) -> None:
        await self.close()
        converter = AudioConverter.for_stream(start)
        words = [word for word in self._words() if self._names is None or word.name in self._names]
        self._is_refused = not words  # the answer to `detect` said that none of the names is known
        if words:
            self._listening = await Listening.begin(await self._ears(), words, converter, self._send)

    def _current(self, event_type: str) -> Listening:
        if self._listening is None:
            raise ProtocolError(f"{event_type} came before audio-start.")
        return self._listening

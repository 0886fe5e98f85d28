"""One client's connection: frames in, the right service's handler, `error` events out."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress

from wyoming.event import Event, Eventable, async_write_event
from wyoming.info import Describe, Info
from wyoming.ping import Ping, Pong

from . import metrics
from .errors import FrameError, IdleError, ServerError, StoppingError
from .frames import FrameLimits, read_frame
from .reporting import report, telling
from .service import Handler, Service, parse

_LOGGER = logging.getLogger(__name__)
_FAREWELL_SECONDS = 1.0
_DROP_BYTES = 64 * 1024


class Connection:
    """Reads events until the client leaves, and never closes without having said why."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        services: Sequence[Service],
        describe: Callable[[], Info],
        limits: FrameLimits,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._services = services
        self._describe = describe
        self._limits = limits
        self._handlers: dict[str, Handler] = {}
        self._active: Service | None = None
        self._write_lock = asyncio.Lock()

    @property
    def is_busy(self) -> bool:
        """Whether an answer is under way."""
        return any(handler.is_busy for handler in self._handlers.values())

    async def run(self, idle_seconds: float) -> None:
        """Serve the client until it leaves, breaks the protocol's framing, stays idle for too long, or is cut."""
        farewell: ServerError | None = None
        try:
            while (event := await self._read(idle_seconds)) is not None:
                metrics.EVENTS.labels(_known_type(event.type)).inc()
                async with telling(self.send, event.type):
                    await self._dispatch(event)
        except FrameError as err:
            farewell = err
        except TimeoutError:
            farewell = IdleError(idle_seconds)
        except OSError as err:
            _LOGGER.debug("The client has gone: %s", err)
        except asyncio.CancelledError:
            farewell = StoppingError() if self.is_busy else None
            raise
        finally:
            await self._close(farewell)

    async def send(self, eventable: Eventable) -> None:
        """Write one event; events of several tasks don't mix. Raises: ConnectionError."""
        async with self._write_lock:
            await async_write_event(eventable.event(), self._writer)

    async def _read(self, idle_seconds: float) -> Event | None:
        async with asyncio.timeout(idle_seconds):
            return await read_frame(self._reader, self._limits)

    async def _dispatch(self, event: Event) -> None:
        if Describe.is_type(event.type):
            await self.send(self._describe())
        elif Ping.is_type(event.type):
            await self.send(Pong(text=parse(Ping, event).text))
        elif service := self._service_for(event.type):
            self._active = service
            if service.name not in self._handlers:
                self._handlers[service.name] = service.open(self.send)
            await self._handlers[service.name].handle(event)
        else:
            _LOGGER.debug("Ignored the event %r", event.type)

    def _service_for(self, event_type: str) -> Service | None:
        """Return who takes the event: who it opens, then the dialogue under way, then the first that could take it."""
        for service in self._services:
            if event_type in service.opening_events:
                return service
        if self._active is not None and event_type in self._active.following_events:
            return self._active
        return next((service for service in self._services if event_type in service.following_events), None)

    async def _close(self, farewell: ServerError | None) -> None:
        try:
            await asyncio.gather(*(handler.close() for handler in self._handlers.values()), return_exceptions=True)
            if farewell is not None:
                with suppress(TimeoutError):
                    async with asyncio.timeout(_FAREWELL_SECONDS):
                        await report(self.send, farewell)
        finally:
            await hang_up(self._reader, self._writer)


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Close so that what was written arrives.

    A socket closed over input that nobody has read resets the connection, and the reset destroys the `error` event on
    its way. So the sending half closes first, and what still comes is dropped until the client closes too.
    """
    try:
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(_FAREWELL_SECONDS):
                writer.write_eof()
                while await reader.read(_DROP_BYTES):
                    pass
    finally:
        writer.close()  # also when a stopping server cuts the wait
    try:
        async with asyncio.timeout(_FAREWELL_SECONDS):
            await writer.wait_closed()
    except (OSError, TimeoutError):
        writer.transport.abort()


_KNOWN_TYPES = frozenset(
    {
        "describe",
        "ping",
        "transcribe",
        "transcript",
        "detect",
        "synthesize",
        "synthesize-start",
        "synthesize-chunk",
        "synthesize-stop",
    }
    | {"audio-start", "audio-chunk", "audio-stop"}
)


def _known_type(event_type: str) -> str:
    """Return a label from a closed set: clients choose the type, and metrics must not grow with it."""
    return event_type if event_type in _KNOWN_TYPES else "other"

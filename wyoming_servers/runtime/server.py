"""The Wyoming server: all services on one TCP port, health and metrics on a side port, a clean end at SIGTERM."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import cast

from wyoming.error import Error
from wyoming.event import async_write_event

from . import announce, metrics, side_port
from .connection import Connection, hang_up
from .errors import StartError
from .info import ServerInfo
from .ports import explain_bind_failure
from .service import Service
from .settings import RuntimeSettings

_LOGGER = logging.getLogger(__name__)
_DRAIN_POLL_SECONDS = 0.05
Accept = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class WyomingServer:
    """Answers Wyoming clients with the given services."""

    def __init__(self, services: Sequence[Service], settings: RuntimeSettings) -> None:
        self._services = services
        self._settings = settings
        self._connections: dict[asyncio.Task[None], Connection] = {}
        self._is_draining = False
        self.port = settings.port
        """The port that is listened on; differs from the settings only where these say 0."""

        self.side_port = settings.side_port

    async def run(self) -> None:
        """Serve until SIGTERM or SIGINT. Raises: StartError when a port can't be had."""
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopped.set)
        async with self.serving():
            await stopped.wait()
            _LOGGER.info("Stopping: %d connections open", len(self._connections))

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Listen while the context is open; at its end let work under way finish, then stop."""
        settings = self._settings
        async with AsyncExitStack() as stack:
            for service in self._services:  # first in, last out: the drain still needs their engines
                stack.push_async_callback(service.stop)
            server = await listen(self._accept, settings.host, settings.port, settings.frames.line)
            stack.push_async_callback(self._drain, server)
            self.port = server.sockets[0].getsockname()[1]
            self.side_port = await stack.enter_async_context(side_port.serving(self._services, settings))
            await stack.enter_async_context(announce.announced(settings, self.port))
            for service in self._services:
                service.start()
            _LOGGER.info(
                "Listening on tcp://%s:%d, health on http://%s:%d/health",
                settings.host, self.port, settings.side_host, self.side_port,
            )  # fmt: skip
            yield

    def info(self) -> ServerInfo:
        """Return one info that announces every service: Home Assistant makes all its entities from it."""
        whole = ServerInfo()
        for service in self._services:
            part = service.info()
            whole.asr += part.asr
            whole.tts += part.tts
            whole.wake += part.wake
            whole.turn += part.turn if isinstance(part, ServerInfo) else []
        return whole

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = cast("asyncio.Task[None]", asyncio.current_task())  # asyncio calls this in a task of its own
        if self._is_draining or len(self._connections) >= self._settings.max_connections:
            await _refuse(reader, writer, self._settings.max_connections)
            return
        connection = Connection(reader, writer, self._services, self.info, self._settings.frames)
        self._connections[task] = connection
        metrics.CONNECTIONS.set(len(self._connections))
        try:
            await connection.run(self._settings.idle_seconds)
        except asyncio.CancelledError:
            # asyncio's streams log a connection task that ends cancelled; ours are cancelled by `_drain` alone.
            _LOGGER.debug("A connection was cut at the end of the drain")
        finally:
            del self._connections[task]
            metrics.CONNECTIONS.set(len(self._connections))

    async def _drain(self, server: asyncio.Server) -> None:
        """Let answers under way finish, for a while; then cut every connection, the idle ones among them."""
        self._is_draining = True
        server.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._settings.drain_seconds):
                while any(connection.is_busy for connection in self._connections.values()):  # noqa: ASYNC110 (once)
                    await asyncio.sleep(_DRAIN_POLL_SECONDS)
        if tasks := list(self._connections):
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)


async def listen(accept: Accept, host: str, port: int, limit: int) -> asyncio.Server:
    """Return a listening server. Raises: StartError that names the port and what to do."""
    try:
        return await asyncio.start_server(accept, host=host, port=port, limit=limit)
    except OSError as err:
        raise StartError(explain_bind_failure(err, host, port, "--port")) from err


async def _refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limit: int) -> None:
    metrics.ERRORS.labels("busy").inc()
    _LOGGER.warning("Refused a connection: %d are open or the server is stopping", limit)
    with contextlib.suppress(ConnectionError):
        await async_write_event(Error(text="Too many connections. Try again in a moment.", code="busy").event(), writer)
    await hang_up(reader, writer)

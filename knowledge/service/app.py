"""The service as a process: checks its settings, listens, opens the index, stops cleanly."""

from __future__ import annotations

import asyncio
import errno
import logging
import signal
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from aiohttp import web

from knowledge import __version__, embedders, rerankers
from knowledge.base import KnowledgeBase, check_folders
from knowledge.errors import KnowledgeError, SettingsError, UnknownTemplateError
from knowledge.lectures.writing.templates import Templates
from knowledge.service.access import Access, is_loopback
from knowledge.service.announce import announced
from knowledge.service.host import KnowledgeHost
from knowledge.service.keys import ACCESS, HOST, METRICS, SETTINGS
from knowledge.service.metrics import Metrics
from knowledge.service.middlewares import MIDDLEWARES, protect
from knowledge.service.routes import TABLES
from knowledge.service.routes.documents import MAX_DOCUMENT_BYTES
from knowledge.service.tokens import own_token, published

if TYPE_CHECKING:
    from collections.abc import Callable

    from knowledge.settings import KnowledgeSettings, ServiceSettings

_LOGGER = logging.getLogger(__name__)

_DRAIN_SECONDS = 10.0


def run(
    settings: ServiceSettings,
    on_ready: Callable[[str], None] | None = None,
    open_base: Callable[[KnowledgeSettings], KnowledgeBase] = KnowledgeBase,
) -> int:
    """Serve until SIGTERM or SIGINT and return the exit status; what prevents it is logged as one line.

    `on_ready` is called with the service's address as soon as questions can be answered. `open_base` is for who has
    more to give the knowledge base than settings, as what transcribes lectures.
    """
    try:
        asyncio.run(_serve_until_signal(settings, on_ready, open_base))
    except KnowledgeError as err:
        _LOGGER.error("%s", err)  # noqa: TRY400  an answer to the person who started it, not a bug
        return 1
    return 0


async def serve(
    settings: ServiceSettings,
    stop: asyncio.Event,
    on_ready: Callable[[str], None] | None = None,
    open_base: Callable[[KnowledgeSettings], KnowledgeBase] = KnowledgeBase,
) -> None:
    """Serve until `stop` is set.

    Raises: SettingsError, FolderError, IndexUnavailableError.
    """
    check_settings(settings)
    check_folders(settings.knowledge)
    if settings.token is None and not is_loopback(settings.host):
        settings = replace(settings, token=own_token(settings.knowledge.data))
    host = KnowledgeHost(settings, open_base)
    async with AsyncExitStack() as stack:
        runner = web.AppRunner(create_app(settings, host), access_log=None, shutdown_timeout=_DRAIN_SECONDS)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        port = await _listen(runner, settings)
        address = f"http://{_in_url(settings.host)}:{port}"
        _LOGGER.info("Listening on %s, opening the index", address)
        await stack.enter_async_context(host.opened())
        # Closed before the index is, so that questions in work are still answered.
        stack.push_async_callback(runner.cleanup)
        stack.enter_context(published(settings.knowledge.data, address))
        if settings.announce and not is_loopback(settings.host):
            await stack.enter_async_context(announced(settings.host, port, __version__))
        _LOGGER.info("Ready: the knowledge of %s is at %s", settings.knowledge.folder, address)
        if on_ready is not None:
            on_ready(address)
        await stop.wait()
        _LOGGER.info("Stopping")


def create_app(settings: ServiceSettings, host: KnowledgeHost) -> web.Application:
    """Return the application; it refuses questions until the host has opened."""
    app = web.Application(middlewares=MIDDLEWARES, client_max_size=MAX_DOCUMENT_BYTES)
    app[SETTINGS] = settings
    app[ACCESS] = Access(settings.token, settings.trusts_ingress)
    app[HOST] = host
    app[METRICS] = Metrics()
    for table in TABLES:
        app.add_routes(table)
    app.on_response_prepare.append(protect)
    app.on_shutdown.append(_let_listeners_go)
    return app


def check_settings(settings: ServiceSettings) -> None:
    """Raise SettingsError for what would put the household's documents at risk, and for what can never work."""
    if settings.token is not None and not settings.token.strip():
        raise SettingsError("The token is empty. Leave it out, or choose a long random one.")
    chosen = (settings.knowledge.embedder, embedders.ENGINES), (settings.knowledge.reranker, rerankers.ENGINES)
    for choice, engines in chosen:
        if choice is not None and choice.engine not in (known := engines.names()):
            raise SettingsError(f"There is no {engines.kind} '{choice.engine}'. Choose one of {', '.join(known)}.")
    lectures = settings.knowledge.lectures
    if lectures.template not in (known := Templates(lectures.templates).names()):
        raise SettingsError(str(UnknownTemplateError(lectures.template, known)))


async def _let_listeners_go(app: web.Application) -> None:
    app[HOST].news.close()


async def _serve_until_signal(
    settings: ServiceSettings,
    on_ready: Callable[[str], None] | None,
    open_base: Callable[[KnowledgeSettings], KnowledgeBase],
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await serve(settings, stop, on_ready, open_base)


async def _listen(runner: web.AppRunner, settings: ServiceSettings) -> int:
    """Return the port that was bound."""
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as err:
        if err.errno == errno.EADDRINUSE:
            problem = f"Port {settings.port} on {settings.host} is in use by another program. Choose another port."
        else:
            problem = f"Cannot listen on {settings.host}:{settings.port}: {err.strerror or err}."
        raise SettingsError(problem) from err
    port: int = runner.addresses[0][1]
    return port


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host

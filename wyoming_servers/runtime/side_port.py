"""The side port: /health and /metrics over HTTP, and what the services add to it."""

import hmac
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from wyoming_servers import __version__

from .errors import StartError
from .openai import models_routes
from .ports import explain_bind_failure
from .service import Service
from .settings import RuntimeSettings

_LOGGER = logging.getLogger(__name__)
_MAX_BODY = 1024 * 1024
_OPEN_PATHS = frozenset({"/health"})


@asynccontextmanager
async def serving(services: Sequence[Service], settings: RuntimeSettings) -> AsyncIterator[int]:
    """Serve the side port while the context is open and yield its number. Raises: StartError when it can't be had."""
    app = build_app(services, settings)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=settings.drain_seconds)
    await runner.setup()
    try:
        site = web.TCPSite(runner, settings.side_host, settings.side_port)
        try:
            await site.start()
        except OSError as err:
            raise StartError(explain_bind_failure(err, settings.side_host, settings.side_port, "--side-port")) from err
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def build_app(services: Sequence[Service], settings: RuntimeSettings) -> web.Application:
    """Return the side port's application."""

    async def health(_: web.Request) -> web.Response:
        states = {service.name: dict(service.health()) for service in services}
        status = _overall(states)
        body = {"status": status, "service": settings.service, "version": __version__, "services": states}
        return web.json_response(body, status=503 if status == "failed" else 200)

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application(middlewares=[_guard(settings.token)], client_max_size=_MAX_BODY)
    app.router.add_get("/health", health)
    app.router.add_get("/metrics", metrics)
    for service in services:
        app.router.add_routes(list(service.routes()))
    app.router.add_routes(list(models_routes(services)))
    return app


def json_error(status: int, code: str, message: str) -> web.Response:
    """Return an error in the one form that all our HTTP answers have."""
    return web.json_response({"error": {"code": code, "message": message}}, status=status)


def _overall(states: dict[str, dict[str, object]]) -> str:
    """Return the state of the whole: failed only when nothing works, else a bad engine would restart the rest."""
    kinds = {state["state"] for state in states.values()}
    if kinds == {"failed"}:
        return "failed"
    if "loading" in kinds:
        return "loading"
    return "degraded" if "failed" in kinds else "ok"


def _guard(token: str | None) -> Middleware:
    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if token and request.path not in _OPEN_PATHS:
            given = request.headers.get("Authorization", "")
            if not hmac.compare_digest(given.encode(errors="surrogateescape"), f"Bearer {token}".encode()):
                return json_error(401, "unauthorized", "Send the token as 'Authorization: Bearer TOKEN'.")
        try:
            return await handler(request)
        except web.HTTPException as err:
            if err.status < 400:
                raise
            return json_error(err.status, err.reason.lower().replace(" ", "_"), err.text or err.reason)
        except Exception:
            _LOGGER.exception("Unexpected failure at %s %s", request.method, request.path)
            return json_error(500, "error", "Something went wrong inside the server; its log has the details.")

    return guard

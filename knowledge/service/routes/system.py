"""How the service is: health, figures, settings, and the description of all this."""

from __future__ import annotations

from aiohttp import web

from knowledge import __version__
from knowledge.base import KnowledgeBase
from knowledge.service import openapi, payloads
from knowledge.service.keys import HOST, METRICS, SETTINGS
from knowledge.service.wire import json_response

routes = web.RouteTableDef()

_METRICS_TYPE = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}


@routes.get("/health")
async def health(request: web.Request) -> web.Response:
    """Say that the service can answer, and how much it knows."""
    return json_response(payloads.health_response(await request.app[HOST].condition(), __version__))


@routes.get("/vocabulary")
async def vocabulary(request: web.Request) -> web.Response:
    """Return the words that people are likely to say about this knowledge."""
    return json_response(payloads.vocabulary_response(await request.app[HOST].query(KnowledgeBase.vocabulary)))


@routes.get("/settings")
async def settings(request: web.Request) -> web.Response:
    """Return what was chosen for this service; nothing of it is secret."""
    status = await request.app[HOST].query(KnowledgeBase.embedding)
    return json_response(payloads.settings_response(request.app[SETTINGS], status))


@routes.post("/settings/self-test")
async def self_test(request: web.Request) -> web.Response:
    """Let the embedder find passages with known answers; takes up to a minute."""
    return json_response(payloads.self_test_response(await request.app[HOST].test_embedder()))


@routes.get("/metrics")
async def metrics(request: web.Request) -> web.Response:
    """Return the figures for Prometheus."""
    host = request.app[HOST]
    records = await host.query(KnowledgeBase.documents)
    return web.Response(body=request.app[METRICS].render(records, host.base.ingester.pending), headers=_METRICS_TYPE)


@routes.get("/openapi.json")
async def description(_request: web.Request) -> web.Response:
    """Return the OpenAPI description of every address."""
    return json_response(openapi.document(__version__))

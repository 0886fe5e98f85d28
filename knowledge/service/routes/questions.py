"""One handler per address."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from aiohttp import web

from knowledge import __version__
from knowledge.base import KnowledgeBase
from knowledge.service import payloads
from knowledge.service.keys import HOST, METRICS

routes = web.RouteTableDef()

MAX_BODY_BYTES = 64 << 10
MAX_DOCUMENT_BYTES = 1 << 20

_dumps = partial(json.dumps, ensure_ascii=False)
_METRICS_TYPE = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}


@routes.get("/health")
async def health(request: web.Request) -> web.Response:
    """Say that the service can answer, and how much it knows."""
    host = request.app[HOST]
    records, vocabulary = await host.query(lambda base: (base.documents(), base.vocabulary()))
    pending = host.base.ingester.pending
    return _json(payloads.health_response(records, vocabulary, pending=pending, version=__version__))


@routes.post("/search")
async def search(request: web.Request) -> web.Response:
    """Return the passages that match a query."""
    query = payloads.search_request(await _body(request))
    result = await request.app[HOST].query(lambda base: base.search(query))
    return _json(payloads.search_response(result))


@routes.post("/ask")
async def ask(request: web.Request) -> web.Response:
    """Answer a question."""
    asked = payloads.ask_request(await _body(request))
    answer = await request.app[HOST].query(lambda base: base.ask(asked.question, asked.language))
    request.app[METRICS].answer(found=answer.found)
    return _json(payloads.ask_response(answer))


@routes.get("/documents")
async def documents(request: web.Request) -> web.Response:
    """List the files with their status."""
    return _json(payloads.documents_response(await request.app[HOST].query(KnowledgeBase.documents)))


@routes.post("/documents")
async def add_document(request: web.Request) -> web.Response:
    """Write a document into the folder; it is found as soon as it is indexed."""
    note = payloads.note_request(await _body(request, MAX_DOCUMENT_BYTES))
    path = await request.app[HOST].query(lambda base: base.add_note(note))
    return _json(payloads.note_response(path), status=201)


@routes.delete("/documents")
async def remove_document(request: web.Request) -> web.Response:
    """Delete a document that came in through the service."""
    path = payloads.removal_request(await _body(request))
    await request.app[HOST].query(lambda base: base.remove_note(path))
    return _json(payloads.note_response(path))


@routes.get("/vocabulary")
async def vocabulary(request: web.Request) -> web.Response:
    """Return the words that people are likely to say about this knowledge."""
    return _json(payloads.vocabulary_response(await request.app[HOST].query(KnowledgeBase.vocabulary)))


@routes.post("/reindex")
async def reindex(request: web.Request) -> web.Response:
    """Start a full scan that also tries failed files again."""
    request.app[HOST].reindex()
    return _json({"status": "accepted"}, status=202)


@routes.get("/metrics")
async def metrics(request: web.Request) -> web.Response:
    """Return the figures for Prometheus."""
    host = request.app[HOST]
    records = await host.query(KnowledgeBase.documents)
    return web.Response(body=request.app[METRICS].render(records, host.base.ingester.pending), headers=_METRICS_TYPE)


async def _body(request: web.Request, most: int = MAX_BODY_BYTES) -> object:
    raw = await request.read()
    if len(raw) > most:
        raise web.HTTPRequestEntityTooLarge(max_size=most, actual_size=len(raw))
    try:
        body: object = json.loads(raw)
    except (ValueError, RecursionError) as err:
        raise payloads.PayloadError("The body is not JSON.") from err
    return body


def _json(data: dict[str, Any], status: int = 200) -> web.Response:
    return web.json_response(data, status=status, dumps=_dumps)

"""Searching, asking, and asking in other words."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from typing import TYPE_CHECKING

from aiohttp import web

from knowledge.errors import KnowledgeError
from knowledge.language import question_language
from knowledge.models import AnswerDone, SourcesFound, TextWritten
from knowledge.service import payloads, requests
from knowledge.service.keys import HOST, METRICS, SETTINGS
from knowledge.service.wire import (
    EventStream,
    event_stream,
    json_body,
    json_response,
    wants_events,
)

if TYPE_CHECKING:
    from knowledge.models import AnswerEvent, Language

_LOGGER = logging.getLogger(__name__)

routes = web.RouteTableDef()


@routes.post("/search")
async def search(request: web.Request) -> web.Response:
    """Return the passages that match a query."""
    query = requests.search_request(await json_body(request))
    result = await request.app[HOST].query(lambda base: base.search(query))
    return json_response(payloads.search_response(result))


@routes.post("/ask")
async def ask(request: web.Request) -> web.StreamResponse:
    """Answer a question: at once, or as events while the answer is written."""
    asked = requests.ask_request(await json_body(request))
    if wants_events(request):
        return await _ask_in_events(request, asked)
    answer = await request.app[HOST].ask(asked)
    request.app[METRICS].answer(found=answer.found)
    return json_response(payloads.ask_response(answer))


@routes.post("/rephrase")
async def rephrase(request: web.Request) -> web.Response:
    """Return other ways to ask a question."""
    asked = requests.ask_request(await json_body(request))
    queries = await request.app[HOST].query(lambda base: base.rephrase(asked.question, asked.language))
    return json_response(payloads.rephrase_response(asked.question, queries))


async def _ask_in_events(request: web.Request, asked: requests.AskRequest) -> web.StreamResponse:
    """Send: sources?, text*, then done or error."""
    seconds = request.app[SETTINGS].answer_seconds
    language = question_language(asked.question, asked.language)
    with request.app[HOST].streaming() as base:
        async with event_stream(request) as events:
            try:
                async with (
                    asyncio.timeout(seconds),
                    aclosing(base.ask_stream(asked.question, asked.language, asked.filters)) as answering,
                ):
                    async for event in answering:
                        await _send(events, event, language)
                        if isinstance(event, AnswerDone):
                            request.app[METRICS].answer(found=event.answer.found)
            except TimeoutError:
                await events.send("error", {"code": "timeout", "message": f"The answer took over {seconds:g} seconds."})
            except KnowledgeError as err:
                await events.send("error", {"code": "not_possible", "message": str(err)})
            except ConnectionError:
                raise
            except Exception as err:  # a bug: the answer has begun, so that no other can be sent in its place
                _LOGGER.exception("%s failed", request.path)
                await events.send("error", {"code": "internal", "message": f"The answer failed: {type(err).__name__}."})
    return events.response


async def _send(events: EventStream, event: AnswerEvent, language: Language) -> None:
    match event:
        case SourcesFound(hits):
            await events.send("sources", {"sources": payloads.hits_json(hits, language)})
        case TextWritten(text):
            await events.send("text", {"text": text})
        case AnswerDone(answer):
            await events.send("done", payloads.ask_response(answer))

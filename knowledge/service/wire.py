"""Reading bodies and writing JSON, files and streams of events."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from aiohttp import web

from knowledge.models import Language
from knowledge.service.requests import PayloadError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

MAX_BODY_BYTES = 64 << 10
_PAGE_LANGUAGES = (Language.RUSSIAN, Language.ENGLISH)

_dumps = partial(json.dumps, ensure_ascii=False)


async def json_body(request: web.Request, most: int = MAX_BODY_BYTES) -> object:
    """Return a request's body.

    Raises: PayloadError unless it is JSON, web.HTTPRequestEntityTooLarge.
    """
    if (request.content_length or 0) > most:
        raise web.HTTPRequestEntityTooLarge(max_size=most, actual_size=request.content_length or 0)
    raw = await request.read()
    if len(raw) > most:
        raise web.HTTPRequestEntityTooLarge(max_size=most, actual_size=len(raw))
    try:
        body: object = json.loads(raw)
        _dumps(body).encode()  # half a character can be neither stored nor answered
    except (ValueError, RecursionError) as err:
        raise PayloadError("The body is not JSON.") from err
    return body


def json_response(data: dict[str, Any], status: int = 200) -> web.Response:
    """Return an answer in JSON."""
    return web.json_response(data, status=status, dumps=_dumps)


def preferred_language(request: web.Request) -> Language:
    """Return the first language that a browser asks for and the page has, English if it has none of them."""
    for choice in request.headers.get("Accept-Language", "").split(","):
        language = choice.strip().partition(";")[0].partition("-")[0].casefold()
        if language in _PAGE_LANGUAGES:
            return Language(language)
    return Language.ENGLISH


def wants_events(request: web.Request) -> bool:
    """Say whether a client asks for server-sent events."""
    return "text/event-stream" in request.headers.get("Accept", "")


class EventStream:
    """Server-sent events, as the HTML standard describes them, to one client."""

    def __init__(self, response: web.StreamResponse) -> None:
        self.response = response

    async def send(self, event: str, data: dict[str, Any]) -> None:
        """Send an event with its data in JSON."""
        await self.response.write(f"event: {event}\ndata: {_dumps(data)}\n\n".encode())

    async def keep_alive(self) -> None:
        """Send nothing, so that neither a proxy nor a client believes the other side gone."""
        await self.response.write(b": \n\n")


@asynccontextmanager
async def event_stream(request: web.Request) -> AsyncIterator[EventStream]:
    """Answer a request with events until the block ends or the client leaves."""
    response = web.StreamResponse()
    response.content_type = "text/event-stream"
    response.charset = "utf-8"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # a proxy before us must not collect them
    await response.prepare(request)
    with suppress(ConnectionError):  # the client has left, which is how most streams end
        yield EventStream(response)
        await response.write_eof()

"""What happens in the folder and to lectures, as it happens."""

from __future__ import annotations

import asyncio

from aiohttp import web

from knowledge.service import payloads
from knowledge.service.host import OverloadedError
from knowledge.service.keys import HOST
from knowledge.service.wire import event_stream, preferred_language

routes = web.RouteTableDef()

_KEEP_ALIVE_SECONDS = 15.0


@routes.get("/events")
async def events(request: web.Request) -> web.StreamResponse:
    """Send progress, document, removed and lecture until the client leaves: first how things are, then what changes."""
    host, language = request.app[HOST], preferred_language(request)
    pending = host.base.ingester.pending
    if host.news.is_full:
        raise OverloadedError
    with host.news.heard() as news:
        async with event_stream(request) as stream:
            await stream.send("progress", payloads.progress_json(pending))
            while True:
                try:
                    async with asyncio.timeout(_KEEP_ALIVE_SECONDS):
                        item = await news.get()
                except TimeoutError:
                    await stream.keep_alive()
                    continue
                if item is None:
                    break
                await stream.send(*payloads.news_json(item, language))
    return stream.response

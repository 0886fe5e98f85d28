"""Films by their fields."""

from __future__ import annotations

from aiohttp import web

from knowledge.service import payloads, requests
from knowledge.service.keys import HOST
from knowledge.service.wire import json_response, preferred_language

routes = web.RouteTableDef()


@routes.get("/films")
async def films(request: web.Request) -> web.Response:
    """Return the films that meet every field of the query, best rated first."""
    query = requests.film_query(request.query)
    found = await request.app[HOST].query(lambda base: base.films(query))
    return json_response(payloads.films_response(found, preferred_language(request)))

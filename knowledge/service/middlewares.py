"""What holds for every route: who may ask, how refusals look, what is counted."""

from __future__ import annotations

import hmac
import ipaddress
import logging
import time
from typing import TYPE_CHECKING

from aiohttp import web

from knowledge.errors import NoteError, UnknownNoteError
from knowledge.service.host import NotReadyError, OverloadedError
from knowledge.service.keys import METRICS, SETTINGS
from knowledge.service.payloads import PayloadError, error_response

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler, Middleware

    from knowledge.errors import KnowledgeError

_LOGGER = logging.getLogger(__name__)

OPEN_ROUTES = frozenset({"/health"})

_CODES = {400: "bad_request", 403: "forbidden", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}
_REFUSED: dict[type[KnowledgeError], tuple[int, str]] = {
    PayloadError: (400, "bad_request"),
    UnknownNoteError: (404, "not_found"),
    NoteError: (409, "not_possible"),
    NotReadyError: (503, "starting"),
    OverloadedError: (503, "overloaded"),
}
_MESSAGES = {
    404: "There is no such address.",
    413: "The body is larger than 64 KiB (for a document, 1 MiB).",
}


def is_loopback(host: str) -> bool:
    """Say whether an address or a name means this machine only."""
    if host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@web.middleware
async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count requests by route and status, with their time."""
    start = time.perf_counter()
    response = await handler(request)
    resource = request.match_info.route.resource
    route = resource.canonical if resource is not None else "other"
    request.app[METRICS].request(route, response.status, time.perf_counter() - start)
    return response


@web.middleware
async def explain(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every failure into a status and JSON that says what to do."""
    try:
        return await handler(request)
    except tuple(_REFUSED) as err:
        status, code = _REFUSED[type(err)]
        return _refusal(status, code, str(err))
    except TimeoutError:
        return _refusal(504, "timeout", "The question took too long. Ask it again, or ask for less.")
    except web.HTTPException as err:
        message = _MESSAGES.get(err.status, f"{err.reason}.")
        if isinstance(err, web.HTTPMethodNotAllowed):
            message = f"Use {' or '.join(sorted(err.allowed_methods))} here."
        return _refusal(err.status, _CODES.get(err.status, "http_error"), message)
    except Exception as err:  # the last boundary: a bug, too, is answered in JSON
        _LOGGER.exception("%s %s failed", request.method, request.path)
        return _refusal(500, "internal", f"The search failed: {type(err).__name__}. The service's log says more.")


@web.middleware
async def authorise(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let in who has the token; without a token, only who reaches this machine by a name of its own.

    The latter stops a web page whose name was made to point here from reading the household's documents with the
    browser of somebody who looks at it.
    """
    token = request.app[SETTINGS].token
    if request.path in OPEN_ROUTES:
        return await handler(request)
    if token is None:
        if not is_loopback(request.url.host or ""):
            return _refusal(403, "forbidden", "Without a token the service answers to localhost only.")
        return await handler(request)
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() != "bearer" or not hmac.compare_digest(given.strip().encode(), token.encode()):
        response = _refusal(401, "unauthorized", "The token is missing or wrong; send: Authorization: Bearer TOKEN")
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    return await handler(request)


def _refusal(status: int, code: str, message: str) -> web.Response:
    return web.json_response(error_response(code, message), status=status)


MIDDLEWARES: tuple[Middleware, ...] = (count, explain, authorise)

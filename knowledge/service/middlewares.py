"""What holds for every route: who may ask, how refusals look, what is counted."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from aiohttp import web

from knowledge.errors import (
    EmbedderError,
    IndexDamagedError,
    LectureChangedError,
    LectureStateError,
    LectureStoreError,
    LectureTemplateError,
    NoRoomError,
    NoteError,
    UnknownLectureError,
    UnknownNoteError,
    UnknownTemplateError,
)
from knowledge.service.access import SESSION_COOKIE, Caller, Verdict
from knowledge.service.host import NotReadyError, OverloadedError
from knowledge.service.keys import ACCESS, METRICS
from knowledge.service.payloads import error_response
from knowledge.service.requests import PayloadError, TooLargeError, UnknownDocumentError, UnreadableError

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler, Middleware

    from knowledge.errors import KnowledgeError

_LOGGER = logging.getLogger(__name__)

# The page's own files hold nothing of the household's; /mcp looks at its own token.
OPEN_ROUTES = frozenset({"/", "/health", "/openapi.json", "/session", "/web/{version}/{name}", "/mcp/{token}"})

_CODES = {
    400: "bad_request",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
}
_REFUSED: dict[type[KnowledgeError], tuple[int, str]] = {
    PayloadError: (400, "bad_request"),
    UnknownNoteError: (404, "not_found"),
    UnknownDocumentError: (404, "not_found"),
    UnknownLectureError: (404, "not_found"),
    UnknownTemplateError: (404, "not_found"),
    TooLargeError: (413, "too_large"),
    UnreadableError: (415, "unsupported"),
    NoRoomError: (507, "no_room"),
    EmbedderError: (409, "not_possible"),
    NoteError: (409, "not_possible"),
    LectureStateError: (409, "not_possible"),
    LectureChangedError: (409, "changed"),
    LectureTemplateError: (409, "not_possible"),
    LectureStoreError: (503, "not_possible"),
    IndexDamagedError: (503, "rebuilding"),
    NotReadyError: (503, "starting"),
    OverloadedError: (503, "overloaded"),
}
_MESSAGES = {
    404: "There is no such address.",
    413: "The body is larger than 64 KiB (for a document, 1 MiB; for a file, see /settings).",
}
_VERDICTS = {
    Verdict.FOREIGN_PAGE: (403, "forbidden", "A page of another site asked for this."),
    Verdict.NOT_LOCAL: (403, "forbidden", "Without a token the service answers to localhost only."),
    Verdict.NO_TOKEN: (
        401,
        "unauthorized",
        "The token is missing or wrong; send: Authorization: Bearer TOKEN",
    ),
}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@web.middleware
async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count requests by route and status, with their time."""
    start = time.perf_counter()
    response = await handler(request)
    request.app[METRICS].request(_route(request) or "other", response.status, time.perf_counter() - start)
    return response


@web.middleware
async def explain(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every failure into a status and JSON that says what to do."""
    try:
        return await handler(request)
    except tuple(_REFUSED) as err:
        status, code = next(_REFUSED[kind] for kind in type(err).__mro__ if kind in _REFUSED)
        return refusal(status, code, str(err))
    except TimeoutError:
        return refusal(504, "timeout", "It took too long. Try again, or ask for less.")
    except web.HTTPException as err:
        message = _MESSAGES.get(err.status, f"{err.reason}.")
        if isinstance(err, web.HTTPMethodNotAllowed):
            message = f"Use {' or '.join(sorted(err.allowed_methods))} here."
        return refusal(err.status, _CODES.get(err.status, "http_error"), message)
    except ConnectionError:  # the client has left; nobody reads this, and raised on it would be logged as a bug
        return refusal(400, "bad_request", "The connection was lost.")
    except Exception as err:  # the last boundary: a bug, too, is answered in JSON
        _LOGGER.exception("%s %s failed", request.method, request.path)
        return refusal(500, "internal", f"The search failed: {type(err).__name__}. The service's log says more.")


@web.middleware
async def authorise(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let in whom the rules of `access` let in."""
    if _route(request) in OPEN_ROUTES:
        return await handler(request)
    verdict = request.app[ACCESS].judge(caller_of(request))
    if verdict is Verdict.LET_IN:
        return await handler(request)
    response = refusal(*_VERDICTS[verdict])
    if verdict is Verdict.NO_TOKEN:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


async def protect(_request: web.Request, response: web.StreamResponse) -> None:
    """Tell browsers to load nothing from elsewhere and to guess no types."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)


def caller_of(request: web.Request) -> Caller:
    """Return what a request says of its sender."""
    return Caller(
        request.method, request.host, request.remote, request.headers, cookie=request.cookies.get(SESSION_COOKIE)
    )


def refusal(status: int, code: str, message: str) -> web.Response:
    """Return an error as the contract has it."""
    return web.json_response(error_response(code, message), status=status)


def _route(request: web.Request) -> str | None:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else None


MIDDLEWARES: tuple[Middleware, ...] = (count, explain, authorise)

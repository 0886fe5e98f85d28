"""The OpenAPI description of the service; a test holds it against the routes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from knowledge.lectures.export import Format
from knowledge.service.schemas import SCHEMAS

_JSON = "application/json"
_EVENTS = "text/event-stream"
_EVENTS_OF_AN_ANSWER = 'Events "sources", "text"*, then "done" with the answer or "error".'

_ParameterSchema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    method: str
    path: str
    summary: str
    response: str = ""
    """A schema's name, or a content type where it is not JSON."""
    status: int = 200
    bodies: tuple[tuple[str, str], ...] = ()
    """(content type, schema's name)."""
    is_body_required: bool = True
    query: tuple[tuple[str, _ParameterSchema], ...] = ()
    refusals: tuple[int, ...] = ()
    """What it may be refused with beside 401, 403 and 503."""
    is_open: bool = False
    """Nobody is asked for a token."""
    events: str = ""
    """What it sends as server-sent events, to those who ask for them."""


_YEAR = {"type": "integer", "minimum": 1870, "maximum": 2199}
_WORDS = {"type": "string", "maxLength": 200}
_FILM_QUERY: tuple[tuple[str, _ParameterSchema], ...] = (
    *((name, _WORDS) for name in ("title", "person", "actor", "director", "genre", "country", "collection")),
    ("year_from", _YEAR),
    ("year_to", _YEAR),
    ("rating", {"type": "number", "minimum": 0, "maximum": 10}),
    ("limit", {"type": "integer", "minimum": 1, "maximum": 200}),
    ("offset", {"type": "integer", "minimum": 0, "maximum": 1_000_000}),
)

OPERATIONS: tuple[Operation, ...] = (
    Operation("get", "/health", "How much the service knows", "Health", is_open=True),
    Operation(
        "post",
        "/search",
        "Passages for a query",
        "SearchResponse",
        bodies=((_JSON, "SearchRequest"),),
        refusals=(400, 413, 504),
    ),
    Operation(
        "post",
        "/ask",
        "An answer with its sources",
        "Answer",
        bodies=((_JSON, "AskRequest"),),
        refusals=(400, 413, 504),
        events=_EVENTS_OF_AN_ANSWER,
    ),
    Operation(
        "post",
        "/rephrase",
        "Other ways to ask a question",
        "RephraseResponse",
        bodies=((_JSON, "AskRequest"),),
        refusals=(400, 413, 504),
    ),
    Operation("get", "/documents", "The files with their status", "Documents"),
    Operation(
        "post",
        "/documents",
        "Take in files, or a text with a name",
        "Added",
        201,
        ((_JSON, "Note"), ("multipart/form-data", "Upload")),
        refusals=(400, 409, 413, 415, 504, 507),
    ),
    Operation(
        "delete",
        "/documents",
        "Delete what Home Assistant added",
        "Path",
        bodies=((_JSON, "Path"),),
        refusals=(400, 404, 409, 413),
    ),
    Operation("get", "/documents/{path}", "One file with its passages", "Document", refusals=(404,)),
    Operation("delete", "/documents/{path}", "Delete a file that came in here", "Path", refusals=(404, 409)),
    Operation(
        "get", "/sources/{path}", "The original; ranges are possible", "application/octet-stream", refusals=(404,)
    ),
    Operation("get", "/collections", "Kinds and collections with their numbers of files", "Collections"),
    Operation("get", "/films", "Films by their fields, best rated first", "Films", query=_FILM_QUERY, refusals=(400,)),
    Operation("get", "/lectures", "The lectures, the newest first", "Lectures", refusals=(504,)),
    Operation(
        "get",
        "/lectures/{id}",
        "A lecture with transcript, chapters, summary and glossary, as far as they are",
        "WholeLecture",
        refusals=(404, 504),
    ),
    *(
        Operation("post", f"/lectures/{{id}}/{action}", summary, "LectureNow", refusals=(404, 409, 504))
        for action, summary in (
            ("pause", "Stop working on a lecture for now"),
            ("resume", "Go on with a lecture that was paused or cancelled"),
            ("cancel", "Give a lecture up; what is transcribed stays"),
            ("retry", "Try a failed lecture again, or transcribe one whose transcript's file is gone"),
        )
    ),
    Operation(
        "post",
        "/lectures/{id}/summary",
        "Write the summary anew by a template",
        "LectureNow",
        bodies=((_JSON, "SummaryRequest"),),
        refusals=(400, 404, 409, 413, 504),
    ),
    Operation(
        "put",
        "/lectures/{id}/transcript",
        "Correct what was said; 409 when somebody else was quicker",
        "LectureNow",
        bodies=((_JSON, "CorrectionRequest"),),
        refusals=(400, 404, 409, 413, 504),
    ),
    Operation(
        "get",
        "/lectures/{id}/export",
        "A lecture as a file for other programs",
        "application/octet-stream",
        query=(("format", {"enum": list(Format)}),),
        refusals=(400, 404, 409, 504),
    ),
    Operation(
        "post",
        "/reindex",
        "Look through the folder again; with a path, read that file anew",
        "Accepted",
        202,
        ((_JSON, "Path"),),
        is_body_required=False,
        refusals=(400, 404, 413),
    ),
    Operation(
        "get",
        "/events",
        "What happens in the folder and to lectures",
        _EVENTS,
        events='Events "progress", "document", "removed", "lecture".',
    ),
    Operation("get", "/vocabulary", "Words that people are likely to say", "Vocabulary"),
    Operation("get", "/settings", "What was chosen for this service", "Settings"),
    Operation("post", "/settings/self-test", "Test the embedder", "SelfTest", refusals=(409, 504)),
    Operation("get", "/metrics", "Figures for Prometheus", "text/plain"),
    Operation("get", "/openapi.json", "This description", "application/json", is_open=True),
    Operation("get", "/session", "Whether a browser is logged in", "Session", is_open=True),
    Operation(
        "post",
        "/session",
        "Log a browser in",
        "Session",
        bodies=((_JSON, "Login"),),
        refusals=(400, 401, 413),
        is_open=True,
    ),
    Operation("delete", "/session", "Log a browser out", "Session", is_open=True),
    Operation(
        "post",
        "/mcp",
        "Tools, by the Model Context Protocol; a notification is answered with 202 and no body",
        "Message",
        bodies=((_JSON, "Message"),),
        refusals=(400, 413),
    ),
    Operation(
        "post",
        "/mcp/{token}",
        "The same for clients that can send no header",
        "Message",
        bodies=((_JSON, "Message"),),
        refusals=(400, 401, 413),
        is_open=True,
    ),
)


@cache
def document(version: str) -> dict[str, Any]:
    """Return the description in OpenAPI 3.1."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Voice RAG knowledge service",
            "version": version,
            "description": "Answers from the household's own documents and films.",
        },
        "servers": [{"url": "."}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {"schemas": SCHEMAS, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "summary": operation.summary,
        "operationId": f"{operation.method}{operation.path}",
        "responses": {str(operation.status): _answer(operation), **_refusals(operation)},
    }
    if parameters := _parameters(operation):
        described["parameters"] = parameters
    if operation.bodies:
        content = {kind: {"schema": _ref(name)} for kind, name in operation.bodies}
        described["requestBody"] = {"required": operation.is_body_required, "content": content}
    if operation.is_open:
        described["security"] = []
    return described


def _answer(operation: Operation) -> dict[str, Any]:
    if operation.response in SCHEMAS:
        content: dict[str, Any] = {_JSON: {"schema": _ref(operation.response)}}
    else:
        content = {operation.response: {}}
    if operation.events:
        content[_EVENTS] = {"schema": {"type": "string", "description": operation.events}}
    return {"description": operation.summary, "content": content}


def _refusals(operation: Operation) -> dict[str, Any]:
    always = (503,) if operation.is_open else (401, 403, 503)
    return {
        str(status): {"description": "Refused", "content": {_JSON: {"schema": _ref("Error")}}}
        for status in sorted({*always, *operation.refusals})
    }


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    in_path = [name.strip("{}") for name in operation.path.split("/") if name.startswith("{")]
    return [
        *(
            {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
            for name in in_path
        ),
        *(
            {"name": name, "in": "query", "required": name == "format", "schema": schema}
            for name, schema in operation.query
        ),
    ]


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}

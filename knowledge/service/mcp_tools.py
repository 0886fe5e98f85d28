"""What assistants may do with the household's knowledge; all of it only reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from knowledge.errors import UnknownLectureError
from knowledge.language import question_language
from knowledge.lectures.questions.finding import meant
from knowledge.models import Kind
from knowledge.service import lecture_payloads, payloads, requests

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from knowledge.lectures.protocols import Lectures
    from knowledge.service.host import KnowledgeHost

_Json = dict[str, Any]

_MOST_PASSAGES = 10
_MOST_FILMS = 20
_MOST_LECTURES = 20
_READS_ONLY = {"readOnlyHint": True, "destructiveHint": False, "idempotentHint": True, "openWorldHint": False}


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool: what a model reads of it, and what it does."""

    name: str
    title: str
    description: str
    properties: dict[str, _Json]
    required: tuple[str, ...]
    call: Callable[[KnowledgeHost, _Json], Awaitable[_Json]]
    """Raises KnowledgeError, TimeoutError."""

    def described(self) -> _Json:
        """Return the tool as tools/list has it."""
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "inputSchema": {"type": "object", "properties": self.properties, "required": list(self.required)},
            "annotations": {"title": self.title, **_READS_ONLY},
        }


async def _search(host: KnowledgeHost, arguments: _Json) -> _Json:
    filters = {name: arguments.get(name) for name in ("document", "collection")}
    filters["kinds"] = [arguments["kind"]] if arguments.get("kind") else []
    body = {"query": arguments.get("query"), "limit": arguments.get("limit", 5), "filters": filters}
    query = requests.search_request(body)
    return payloads.search_response(await host.query(lambda base: base.search(query)))


async def _ask(host: KnowledgeHost, arguments: _Json) -> _Json:
    asked = requests.ask_request({"question": arguments.get("question")})
    return payloads.ask_response(await host.ask(asked))


async def _films(host: KnowledgeHost, arguments: _Json) -> _Json:
    given = {name: str(value) for name, value in arguments.items() if value is not None}
    query = requests.film_query({"limit": str(_MOST_FILMS), **given})
    words = " ".join(value for name, value in given.items() if name in ("title", "person", "genre", "country"))
    found = await host.query(lambda base: base.films(query))
    return payloads.films_response(found, question_language(words, None))


async def _lectures(host: KnowledgeHost, arguments: _Json) -> _Json:
    words = str(arguments.get("words") or "")
    found = await host.lectures(lambda lectures: lectures.all())
    named = set(meant(words, {one.id: one.title for one in found})) if words else None
    fitting = [one for one in found if named is None or one.id in named]
    return lecture_payloads.lectures_response(fitting[:_MOST_LECTURES], question_language(words, None))


async def _lecture(host: KnowledgeHost, arguments: _Json) -> _Json:
    wanted = str(arguments.get("lecture") or "")
    return await host.lectures(lambda lectures: _about(lectures, wanted))


def _about(lectures: Lectures, wanted: str) -> _Json:
    titles = {one.id: one.title for one in lectures.all()}
    ids = meant(wanted, titles)
    if not ids:
        raise UnknownLectureError(wanted)
    if len(ids) > 1:
        several = ", ".join(f"{titles[id_]} ({id_})" for id_ in ids[:_MOST_LECTURES])
        raise requests.PayloadError(f"Several lectures are called so. Name one by its id: {several}.")
    return lecture_payloads.outline_json(lectures.lecture(ids[0]), lectures.content(ids[0]))


_TEXT: _Json = {"type": "string"}
_YEAR: _Json = {"type": "integer", "minimum": 1870, "maximum": 2199}

TOOLS = {
    tool.name: tool
    for tool in (
        Tool(
            "search",
            "Search the household's documents",
            "Find passages in this household's own documents, films and lectures, with the place where each stands. "
            "'relevant' is false where nothing answers the query.",
            {
                "query": {**_TEXT, "description": "A question or key words, in the language of the documents"},
                "limit": {"type": "integer", "minimum": 1, "maximum": _MOST_PASSAGES},
                "document": {**_TEXT, "description": "Part of a title or path, to look in that document only"},
                "collection": {**_TEXT, "description": "A folder, to look there only"},
                "kind": {"type": "string", "enum": list(Kind)},
            },
            ("query",),
            _search,
        ),
        Tool(
            "ask",
            "Ask the household's documents",
            "Answer a question from this household's own documents and films, with sources. 'found' is false where "
            "they have no answer: say so then.",
            {"question": {**_TEXT, "description": "One whole question, in the language of the answer"}},
            ("question",),
            _ask,
        ),
        Tool(
            "films",
            "List the household's films",
            "List films of this household by their fields, best rated first; all fields that are given must be met.",
            {
                "title": _TEXT,
                "person": {**_TEXT, "description": "A director or an actor"},
                "actor": _TEXT,
                "director": _TEXT,
                "genre": _TEXT,
                "country": _TEXT,
                "year_from": _YEAR,
                "year_to": _YEAR,
                "rating": {"type": "number", "minimum": 0, "maximum": 10, "description": "The least rating"},
                "limit": {"type": "integer", "minimum": 1, "maximum": _MOST_FILMS},
            },
            (),
            _films,
        ),
        Tool(
            "lectures",
            "List the household's lectures",
            "List recorded lectures of this household, the newest first, with their day and how far each is.",
            {"words": {**_TEXT, "description": "Words of the title; leave out for all"}},
            (),
            _lectures,
        ),
        Tool(
            "lecture",
            "Outline of a lecture",
            "What one lecture was about: its summary, its chapters and its glossary, with the minute of each. Entries "
            "with is_supported false are not confirmed by the lecture. What was said word by word is found with "
            "'search' and the kind 'lecture'.",
            {"lecture": {**_TEXT, "description": "The title, words of it, or the id"}},
            ("lecture",),
            _lecture,
        ),
    )
}

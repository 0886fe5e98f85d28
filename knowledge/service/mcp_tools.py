"""What assistants may do with the household's knowledge; all of it only reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from knowledge.language import question_language
from knowledge.models import Kind
from knowledge.service import payloads, requests

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from knowledge.service.host import KnowledgeHost

_Json = dict[str, Any]

_MOST_PASSAGES = 10
_MOST_FILMS = 20
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
    )
}

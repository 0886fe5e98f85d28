"""JSON on the wire, as tests/contract pins it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from knowledge.errors import KnowledgeError
from knowledge.models import (
    Answer,
    FileRecord,
    Filters,
    Hit,
    Kind,
    Language,
    SearchResult,
    Status,
    Vocabulary,
)
from knowledge.notes import Note
from knowledge.retrieval import DEFAULT_LIMIT, Query
from knowledge.texts import TEXTS

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_QUESTION_CHARACTERS = 2_000
MAX_LIMIT = 50
MAX_PATH_CHARACTERS = 200
MAX_NAME_CHARACTERS = 80
MAX_TEXT_CHARACTERS = 200_000
_MAX_LANGUAGE_CHARACTERS = 16

_Json = dict[str, Any]


class PayloadError(KnowledgeError):
    """A request that does not say what it must; the message says which field."""


@dataclass(frozen=True, slots=True)
class AskRequest:
    """The body of POST /ask."""

    question: str
    language: str | None


def search_request(body: object) -> Query:
    """Return the query of POST /search; raises PayloadError."""
    fields = _object(body)
    limit = fields.get("limit", DEFAULT_LIMIT)
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MAX_LIMIT:
        raise PayloadError(f"The field 'limit' must be a whole number from 1 to {MAX_LIMIT}.")
    return Query(_question(fields, "query"), limit, _filters(fields.get("filters")), _language(fields))


def ask_request(body: object) -> AskRequest:
    """Return the question of POST /ask; raises PayloadError."""
    fields = _object(body)
    return AskRequest(_question(fields, "question"), _language(fields))


def note_request(body: object) -> Note:
    """Return the document of POST /documents; raises PayloadError."""
    fields = _object(body)
    name, text = fields.get("name"), fields.get("text")
    if not isinstance(name, str) or not name.strip() or len(name) > MAX_NAME_CHARACTERS:
        raise PayloadError(f"The field 'name' must be a non-empty string of at most {MAX_NAME_CHARACTERS} characters.")
    if not isinstance(text, str) or not text.strip() or len(text) > MAX_TEXT_CHARACTERS:
        raise PayloadError(f"The field 'text' must be a non-empty string of at most {MAX_TEXT_CHARACTERS} characters.")
    return Note(name.strip(), text)


def removal_request(body: object) -> str:
    """Return the path of DELETE /documents; raises PayloadError."""
    path = _object(body).get("path")
    if not isinstance(path, str) or not path.strip():
        raise PayloadError("The field 'path' must be a non-empty string.")
    return path.strip()


def note_response(path: str) -> _Json:
    """Return the body of POST and DELETE /documents."""
    return {"path": path}


def search_response(result: SearchResult) -> _Json:
    """Return the body of POST /search."""
    return {
        "query": result.query,
        "language": result.language,
        "relevant": result.relevant,
        "hits": _hits(result.hits, result.language),
    }


def ask_response(answer: Answer) -> _Json:
    """Return the body of POST /ask."""
    return {
        "question": answer.question,
        "language": answer.language,
        "found": answer.found,
        "engine": answer.engine,
        "spoken": answer.spoken,
        "written": answer.written,
        "sources": _hits(answer.sources, answer.language),
    }


def documents_response(records: Sequence[FileRecord]) -> _Json:
    """Return the body of GET /documents."""
    fields = ("path", "kind", "title", "status", "reason", "passages", "size", "indexed_at")
    return {"documents": [{field: getattr(record, field) for field in fields} for record in records]}


def vocabulary_response(vocabulary: Vocabulary) -> _Json:
    """Return the body of GET /vocabulary."""
    return {"version": vocabulary.version, "topics": list(vocabulary.topics), "titles": list(vocabulary.titles)}


def health_response(records: Sequence[FileRecord], vocabulary: Vocabulary, *, pending: int, version: str) -> _Json:
    """Return the body of GET /health."""
    failed = sum(record.status is Status.FAILED for record in records)
    return {
        "status": "ok",
        "service": "voice-rag-knowledge",
        "version": version,
        "index": "lancedb",
        "documents": len(records) - failed,
        "passages": sum(record.passages for record in records),
        "pending": pending,
        "failed": failed,
        "last_indexed": max((record.indexed_at for record in records if record.indexed_at), default=None),
        "vocabulary_version": vocabulary.version,
    }


def error_response(code: str, message: str) -> _Json:
    """Return the body of any refusal."""
    return {"error": {"code": code, "message": message}}


def _hits(hits: Sequence[Hit], language: Language) -> list[_Json]:
    return [
        {
            "number": number,
            "document": hit.document,
            "kind": hit.passage.kind,
            "title": hit.passage.title,
            "place": TEXTS[language].place(hit.passage),
            "language": hit.passage.language,
            "text": hit.passage.text,
            "score": round(hit.score, 2),
        }
        for number, hit in enumerate(hits, start=1)
    ]


def _object(body: object) -> _Json:
    if not isinstance(body, dict):
        raise PayloadError("The body must be a JSON object.")
    return body


def _question(fields: _Json, name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > MAX_QUESTION_CHARACTERS:
        raise PayloadError(
            f"The field '{name}' must be a non-empty string of at most {MAX_QUESTION_CHARACTERS} characters."
        )
    return value


def _filters(value: object) -> Filters:
    match value:
        case None:
            return Filters()
        case {**fields}:
            kinds, language = fields.get("kinds") or [], fields.get("language")
        case _:
            raise PayloadError("The field 'filters' must be null or an object.")
    if not isinstance(kinds, list) or not all(kind in tuple(Kind) for kind in kinds):
        raise PayloadError(f"The field 'filters.kinds' must be a list of: {', '.join(Kind)}.")
    if language is not None and (not isinstance(language, str) or language not in tuple(Language)):
        raise PayloadError(f"The field 'filters.language' must be null or one of: {', '.join(Language)}.")
    document = fields.get("document") or ""
    if not isinstance(document, str) or len(document) > MAX_PATH_CHARACTERS:
        raise PayloadError(f"The field 'filters.document' must be null or at most {MAX_PATH_CHARACTERS} characters.")
    return Filters(frozenset(map(Kind, kinds)), document, Language(language) if language else None)


def _language(fields: _Json) -> str | None:
    value = fields.get("language")
    if value is not None and (not isinstance(value, str) or len(value) > _MAX_LANGUAGE_CHARACTERS):
        raise PayloadError("The field 'language' must be null or a language code, as in 'ru' or 'ru-RU'.")
    return value or None

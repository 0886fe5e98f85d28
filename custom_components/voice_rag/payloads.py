"""What the knowledge service sends, as values. Pure.

Every function raises KnowledgeResponseError for what is not in the contract.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from homeassistant.util import dt as dt_util

from .errors import KnowledgeResponseError
from .models import (
    Chapter,
    Health,
    Hit,
    KnowledgeAnswer,
    KnowledgeVocabulary,
    Lecture,
    LectureDetails,
    SearchResult,
    Term,
)


def read_health(data: Mapping[str, Any]) -> Health:
    """Return the body of GET /health."""
    return Health(
        status=field(data, "status", str),
        version=field(data, "version", str),
        index=field(data, "index", str),
        documents=field(data, "documents", int),
        passages=field(data, "passages", int),
        pending=field(data, "pending", int),
        failed=field(data, "failed", int),
        vocabulary_version=field(data, "vocabulary_version", str),
        last_indexed=_time(data, "last_indexed"),
        folder_problem=_optional(data, "folder_problem", str) or "",
        lectures_version=_optional(data, "lectures_version", str) or "",
    )


def read_vocabulary(data: Mapping[str, Any]) -> KnowledgeVocabulary:
    """Return the body of GET /vocabulary."""
    return KnowledgeVocabulary(
        version=field(data, "version", str), topics=_texts(data, "topics"), titles=_texts(data, "titles")
    )


def read_answer(data: Mapping[str, Any], page: str) -> KnowledgeAnswer:
    """Return the body of POST /ask; its links lead to `page`."""
    return KnowledgeAnswer(
        found=field(data, "found", bool),
        language=field(data, "language", str),
        spoken=field(data, "spoken", str),
        written=field(data, "written", str),
        sources=_each(data, "sources", lambda item: _hit(item, page)),
    )


def read_search(data: Mapping[str, Any], page: str) -> SearchResult:
    """Return the body of POST /search; its links lead to `page`."""
    return SearchResult(
        relevant=field(data, "relevant", bool),
        language=field(data, "language", str),
        hits=_each(data, "hits", lambda item: _hit(item, page)),
    )


def read_lectures(data: Mapping[str, Any], page: str) -> tuple[Lecture, ...]:
    """Return the body of GET /lectures; its links lead to `page`."""
    return _each(data, "lectures", lambda item: _lecture(item, page))


def read_lecture(data: Mapping[str, Any], page: str) -> LectureDetails:
    """Return the body of GET /lectures/ID; its links lead to `page`."""
    summary = data.get("summary")
    return LectureDetails(
        lecture=_lecture(field(data, "lecture", dict), page),
        chapters=_each(data, "chapters", _chapter),
        summary=field(summary, "text", str) if isinstance(summary, dict) else "",
        glossary=_each(data, "glossary", _term),
    )


def field[T](data: Mapping[str, Any], name: str, kind: type[T]) -> T:
    """Return a field of a type."""
    value = data.get(name)
    # JSON's true is an int in Python.
    if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
        raise KnowledgeResponseError(f"The knowledge service sent no valid '{name}'")
    return value


def _optional[T](data: Mapping[str, Any], name: str, kind: type[T]) -> T | None:
    return None if data.get(name) is None else field(data, name, kind)


def _number(data: Mapping[str, Any], name: str) -> float:
    value = data.get(name)
    if not isinstance(value, int | float):
        raise KnowledgeResponseError(f"The knowledge service sent no valid '{name}'")
    return float(value)


def _time(data: Mapping[str, Any], name: str) -> datetime | None:
    if (text := _optional(data, name, str)) is None:
        return None
    if (time := dt_util.parse_datetime(text)) is None:
        raise KnowledgeResponseError(f"The knowledge service sent no valid '{name}'")
    return time


def _day(data: Mapping[str, Any], name: str) -> date | None:
    if (text := _optional(data, name, str)) is None:
        return None
    if (day := dt_util.parse_date(text)) is None:
        raise KnowledgeResponseError(f"The knowledge service sent no valid '{name}'")
    return day


def _texts(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = field(data, name, list)
    if not all(isinstance(value, str) for value in values):
        raise KnowledgeResponseError(f"The knowledge service sent no valid '{name}'")
    return tuple(values)


def _each[T](data: Mapping[str, Any], name: str, read: Callable[[Mapping[str, Any]], T]) -> tuple[T, ...]:
    values = field(data, name, list)
    if not all(isinstance(value, dict) for value in values):
        raise KnowledgeResponseError(f"The knowledge service sent no valid '{name}'")
    return tuple(map(read, values))


def _hit(data: Mapping[str, Any], page: str) -> Hit:
    link = _optional(data, "link", str)
    return Hit(
        number=field(data, "number", int),
        document=field(data, "document", str),
        kind=field(data, "kind", str),
        title=field(data, "title", str),
        place=data.get("place") or "",
        language=field(data, "language", str),
        text=field(data, "text", str),
        score=_number(data, "score"),
        start_seconds=_optional(data, "start_seconds", int),
        link=_on_page(page, link) if link else "",
    )


def _lecture(data: Mapping[str, Any], page: str) -> Lecture:
    lecture_id = field(data, "id", str)
    return Lecture(
        id=lecture_id,
        path=field(data, "path", str),
        title=field(data, "title", str),
        held_on=_day(data, "held_on"),
        duration=None if data.get("duration") is None else _number(data, "duration"),
        state=field(data, "state", str),
        problem=_optional(data, "problem", str) or "",
        ready_at=_time(data, "ready_at"),
        terms=field(data, "terms", int),
        summary_by=_optional(data, "summary_by", str) or "",
        link=_on_page(page, f"#lectures/{lecture_id}"),
    )


def _chapter(data: Mapping[str, Any]) -> Chapter:
    return Chapter(field(data, "title", str), _number(data, "start"), _number(data, "end"))


def _term(data: Mapping[str, Any]) -> Term:
    return Term(
        term=field(data, "term", str),
        definition=field(data, "definition", str),
        start=_number(data, "start"),
        is_supported=field(data, "is_supported", bool),
    )


def _on_page(page: str, link: str) -> str:
    """Return the address of a place, given as a fragment, on the page at a URL or in an app's panel.

    Of its address, a panel tells the app's page nothing but the path.
    """
    if page.startswith("/"):
        return f"{page}/{link.removeprefix('#').replace('?t=', '/')}"
    return f"{page.rstrip('/')}/{link}"

"""What requests say, checked field by field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from knowledge.errors import KnowledgeError
from knowledge.files.notes import Note
from knowledge.films.query import FilmQuery
from knowledge.models import EVERYTHING, FILE_KINDS, Filters, Kind, Language, Sentiment
from knowledge.search.retrieval import DEFAULT_LIMIT, Query

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_QUESTION_CHARACTERS = 2_000
MAX_LIMIT = 50
MAX_PATH_CHARACTERS = 1_000
MAX_PART_CHARACTERS = 200
MAX_NAME_CHARACTERS = 80
MAX_TEXT_CHARACTERS = 200_000
MAX_TOKEN_CHARACTERS = 512
MAX_LANGUAGE_CHARACTERS = 16
_YEARS = range(1870, 2200)
_FILM_FIELDS = {
    "title": "title",
    "person": "person",
    "actor": "actor",
    "director": "director",
    "genre": "genre",
    "country": "country",
    "collection": "collection",
    "year_from": "first_year",
    "year_to": "last_year",
    "rating": "least_rating",
    "limit": "limit",
    "offset": "offset",
}
_FILM_NUMBERS = {
    "year_from": (_YEARS[0], _YEARS[-1]),
    "year_to": (_YEARS[0], _YEARS[-1]),
    "rating": (0, 10),
    "limit": (1, 200),
    "offset": (0, 1_000_000),
}

_Json = dict[str, Any]


class PayloadError(KnowledgeError):
    """A request that does not say what it must; the message says which field."""


class UnknownDocumentError(KnowledgeError):
    """There is no such file in the folder."""

    def __init__(self, path: str) -> None:
        super().__init__(f"There is no document {path}.")


class UnreadableError(KnowledgeError):
    """A file is sent in a format that nothing here reads; the message says which are."""


class TooLargeError(KnowledgeError):
    """A file that is sent is larger than the service takes."""

    def __init__(self, name: str, most_bytes: int) -> None:
        super().__init__(f"{name} is larger than {most_bytes >> 20} MB. Split it.")


@dataclass(frozen=True, slots=True)
class AskRequest:
    """The body of POST /ask and POST /rephrase."""

    question: str
    language: str | None
    filters: Filters = EVERYTHING


def search_request(body: object) -> Query:
    """Return the query of POST /search; raises PayloadError."""
    fields = _object(body)
    limit = _whole(fields.get("limit", DEFAULT_LIMIT))
    if limit is None or not 1 <= limit <= MAX_LIMIT:
        raise PayloadError(f"The field 'limit' must be a whole number from 1 to {MAX_LIMIT}.")
    return Query(_question(fields, "query"), limit, _filters(fields.get("filters")), _language(fields))


def ask_request(body: object) -> AskRequest:
    """Return the question of POST /ask or POST /rephrase; raises PayloadError."""
    fields = _object(body)
    return AskRequest(_question(fields, "question"), _language(fields), _filters(fields.get("filters")))


def note_request(body: object) -> Note:
    """Return the document of POST /documents; raises PayloadError."""
    fields = _object(body)
    return Note(
        _text(fields, "name", MAX_NAME_CHARACTERS).strip(),
        _text(fields, "text", MAX_TEXT_CHARACTERS),
    )


def path_request(body: object) -> str:
    """Return the path of DELETE /documents or POST /reindex; raises PayloadError."""
    return _text(_object(body), "path", MAX_PATH_CHARACTERS).strip()


def login_request(body: object) -> str:
    """Return the token of POST /session; raises PayloadError."""
    return _text(_object(body), "token", MAX_TOKEN_CHARACTERS)


def kind_field(value: str) -> Kind:
    """Return the field 'kind' of a form; raises PayloadError."""
    if value not in FILE_KINDS:
        raise PayloadError(f"The field 'kind' must be one of: {', '.join(FILE_KINDS)}.")
    return Kind(value)


def film_query(fields: Mapping[str, str]) -> FilmQuery:
    """Return the query of GET /films; raises PayloadError."""
    unknown = fields.keys() - _FILM_FIELDS.keys()
    if unknown:
        raise PayloadError(f"There is no field '{min(unknown)}'. There are: {', '.join(_FILM_FIELDS)}.")
    values = {_FILM_FIELDS[name]: _film_value(name, value.strip()) for name, value in fields.items() if value.strip()}
    return FilmQuery(**values)


def _film_value(name: str, value: str) -> Any:
    if name not in _FILM_NUMBERS:
        if len(value) > MAX_PART_CHARACTERS:
            raise PayloadError(f"The field '{name}' must be at most {MAX_PART_CHARACTERS} characters.")
        return value
    least, most = _FILM_NUMBERS[name]
    try:
        number = float(value) if name == "rating" else int(value)
    except ValueError as err:
        raise PayloadError(f"The field '{name}' must be a number.") from err
    if not least <= number <= most:
        raise PayloadError(f"The field '{name}' must be from {least} to {most}.")
    return number


def _object(body: object) -> _Json:
    if not isinstance(body, dict):
        raise PayloadError("The body must be a JSON object.")
    return body


def _question(fields: _Json, name: str) -> str:
    return _text(fields, name, MAX_QUESTION_CHARACTERS)


def _text(fields: _Json, name: str, most: int) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > most:
        raise PayloadError(f"The field '{name}' must be a non-empty string of at most {most} characters.")
    return value


def _filters(value: object) -> Filters:
    if value is None:
        return EVERYTHING
    if not isinstance(value, dict):
        raise PayloadError("The field 'filters' must be null or an object.")
    fields: _Json = value
    kinds, language = fields.get("kinds") or [], fields.get("language")
    if not isinstance(kinds, list) or not all(kind in tuple(Kind) for kind in kinds):
        raise PayloadError(f"The field 'filters.kinds' must be a list of: {', '.join(Kind)}.")
    if language is not None and (not isinstance(language, str) or language not in tuple(Language)):
        raise PayloadError(f"The field 'filters.language' must be null or one of: {', '.join(Language)}.")
    return Filters(
        kinds=frozenset(map(Kind, kinds)),
        document=_part(fields, "document"),
        language=Language(language) if language else None,
        collection=_part(fields, "collection"),
        years=(_year(fields, "year_from"), _year(fields, "year_to")),
        person=_part(fields, "person"),
        dates=(_day(fields, "date_from"), _day(fields, "date_to")),
        sentiment=_sentiment(fields.get("sentiment")),
    )


def _sentiment(value: object) -> Sentiment | None:
    if value is None:
        return None
    if not isinstance(value, str) or value not in tuple(Sentiment):
        raise PayloadError(f"The field 'filters.sentiment' must be null or one of: {', '.join(Sentiment)}.")
    return Sentiment(value)


def _part(fields: _Json, name: str) -> str:
    value = fields.get(name) or ""
    if not isinstance(value, str) or len(value) > MAX_PART_CHARACTERS:
        raise PayloadError(f"The field 'filters.{name}' must be null or at most {MAX_PART_CHARACTERS} characters.")
    return value


def _year(fields: _Json, name: str) -> int | None:
    if fields.get(name) is None:
        return None
    year = _whole(fields[name])
    if year is None or year not in _YEARS:
        raise PayloadError(f"The field 'filters.{name}' must be null or a year from {_YEARS[0]} to {_YEARS[-1]}.")
    return year


def _whole(value: object) -> int | None:
    """Return a whole number, which JSON may write as 3 or 3.0; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        return None
    return int(value)


def _day(fields: _Json, name: str) -> date | None:
    value = fields.get(name)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as err:
        raise PayloadError(f"The field 'filters.{name}' must be null or a day, as in '2026-11-21'.") from err


def _language(fields: _Json) -> str | None:
    value = fields.get("language")
    if value is not None and (not isinstance(value, str) or len(value) > MAX_LANGUAGE_CHARACTERS):
        raise PayloadError("The field 'language' must be null or a language code, as in 'ru' or 'ru-RU'.")
    return value or None

"""Films from a table: CSV with a header, or JSON with a list of objects.

A column may carry a language: `title_en`, `synopsis_ru`. One without belongs to the language its row is written in.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

from knowledge.errors import SourceError
from knowledge.films import sections
from knowledge.language import detect
from knowledge.models import Document, Film, FilmText, Kind, Language
from knowledge.reasons import Reason
from knowledge.sources.text import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_Row = dict[str, object]

_ALIASES = {
    "title": ("title", "name", "название", "фильм", "片名"),
    "original_title": ("original_title", "originaltitle", "alternativename", "оригинальное название"),
    "year": ("year", "год", "年份"),
    "countries": ("countries", "country", "страны", "страна"),
    "genres": ("genres", "genre", "жанры", "жанр"),
    "directors": ("directors", "director", "режиссеры", "режиссер"),
    "actors": ("actors", "cast", "stars", "актеры", "в ролях"),
    "rating": ("rating", "score", "рейтинг"),
    "synopsis": ("synopsis", "description", "plot", "overview", "описание", "сюжет"),
}
_FIELDS = {alias: field for field, aliases in _ALIASES.items() for alias in aliases}
_LANGUAGE_SUFFIX = re.compile(r"^(.+)_(ru|en|zh)$")
_LIST_BORDER = re.compile(r"\s*[;|；]\s*|\s*[,，、]\s*")
_YEAR = re.compile(r"(?:18|19|20)\d\d")


class FilmsSource:
    """Reads films with typed fields."""

    kind = Kind.FILM
    extensions = frozenset({".csv", ".tsv", ".json"})

    def read(self, path: Path) -> list[Document]:
        """Return one document per film; rows without a title are skipped.

        Raises: SourceError if it is not a table with titles.
        """
        text = read_text(path)
        if not text.strip():
            return []
        rows = _json_rows(text) if path.suffix.lower() == ".json" else _csv_rows(text)
        films = [film for row in rows if (film := _film(_known_fields(row))) is not None]
        if not films:
            raise SourceError(Reason.NO_FILMS)
        return [_document(film) for film in films]


SOURCE = FilmsSource()


def _csv_rows(text: str) -> Iterable[_Row]:
    header = text.lstrip().splitlines()[0]
    delimiter = max(",;\t", key=header.count)
    try:
        return [dict(row) for row in csv.DictReader(io.StringIO(text.lstrip()), delimiter=delimiter, strict=True)]
    except csv.Error as err:
        raise SourceError(Reason.FILM_CSV, err) from err


def _json_rows(text: str) -> Iterable[_Row]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as err:
        raise SourceError(Reason.FILM_JSON, err) from err
    if isinstance(data, dict):  # {"docs": [...]}, as film databases export it
        data = next((value for value in data.values() if isinstance(value, list)), [])
    if not isinstance(data, list):
        raise SourceError(Reason.NOT_A_LIST)
    return [row for row in data if isinstance(row, dict)]


def _known_fields(row: _Row) -> dict[tuple[str, Language | None], object]:
    known: dict[tuple[str, Language | None], object] = {}
    for name, value in row.items():
        if value in (None, "", []):
            continue
        key = str(name).strip().casefold().replace("ё", "е")
        match = _LANGUAGE_SUFFIX.match(key)
        base, language = (match[1], Language(match[2])) if match else (key, None)
        if field := _FIELDS.get(base):
            known.setdefault((field, language), value)
    return known


def _film(fields: Mapping[tuple[str, Language | None], object]) -> Film | None:
    own_title = _words(fields.get(("title", None)))
    own_language = detect(own_title or _words(fields.get(("synopsis", None))))
    texts: dict[Language, FilmText] = {}
    for language in Language:
        text = _film_text(fields, language, is_own=language is own_language)
        if text != FilmText():
            texts[language] = text
    if not any(text.title for text in texts.values()):
        return None
    return Film(
        texts=texts,
        original_title=_words(fields.get(("original_title", None))),
        year=_year(fields.get(("year", None))),
        rating=_rating(fields.get(("rating", None))),
    )


def _film_text(fields: Mapping[tuple[str, Language | None], object], language: Language, *, is_own: bool) -> FilmText:
    def value(name: str) -> object:
        given = fields.get((name, language))
        return fields.get((name, None)) if given is None and is_own else given

    return FilmText(
        title=_words(value("title")),
        countries=_names(value("countries")),
        genres=_names(value("genres")),
        directors=_names(value("directors")),
        actors=_names(value("actors")),
        synopsis=_words(value("synopsis")),
    )


def _document(film: Film) -> Document:
    title = next(text.title for text in film.texts.values() if text.title)
    return Document(title=title, sections=sections(film), kind=Kind.FILM, film=film)


def _words(value: object) -> str:
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""


def _names(value: object) -> tuple[str, ...]:
    """Return a list's names; items may be objects with a name, as in Kinopoisk's export."""
    if isinstance(value, list):
        return tuple(filter(None, (_words(item.get("name") if isinstance(item, dict) else item) for item in value)))
    return tuple(filter(None, _LIST_BORDER.split(_words(value))))


def _year(value: object) -> int | None:
    match = _YEAR.search(_words(value))
    return int(match[0]) if match else None


def _rating(value: object) -> float | None:
    try:
        rating = float(_words(value).replace(",", "."))
    except ValueError:
        return None
    return rating if 0 <= rating <= 10 else None

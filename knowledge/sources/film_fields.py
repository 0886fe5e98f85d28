"""Rows of any film list to films: the names of columns in three languages, and values as people write them.

A column may carry a language: `title_en`, `synopsis_ru`. One without belongs to the language its row is written in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from knowledge.films.shelf import sections
from knowledge.language import detect
from knowledge.models import Document, Film, FilmText, Kind, Language
from knowledge.sources.film_reviews import Review, count, review_of, review_sections

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Row = dict[str, object]

_ALIASES = {
    "title": ("movie_name", "title", "name", "название", "фильм", "片名"),
    "original_title": ("original_title", "originaltitle", "alternativename", "оригинальное название"),
    "year": ("year", "год", "年份"),
    "countries": ("countries", "country", "страны", "страна"),
    "genres": ("genres", "genre", "жанры", "жанр"),
    "directors": ("directors", "director", "режиссеры", "режиссер"),
    "actors": ("actors", "cast", "stars", "актеры", "в ролях"),
    "rating": ("rating", "score", "рейтинг", "rating_kp", "kp_rating", "ratingkinopoisk", "imdb_rating", "评分"),
    "votes": ("votes", "numvotes", "голоса", "количество оценок"),
    "minutes": (
        "minutes",
        "runtime",
        "runtimeminutes",
        "duration",
        "length",
        "movielength",
        "длительность",
        "продолжительность",
        "хронометраж",
        "片长",
        "时长",
    ),
    "synopsis": ("synopsis", "description", "plot", "overview", "описание", "сюжет"),
}
_FIELDS = {alias: field for field, aliases in _ALIASES.items() for alias in aliases}
_LANGUAGE_SUFFIX = re.compile(r"^(.+)_(ru|en|zh)$")
_LIST_BORDER = re.compile(r"\s*[;|；]\s*|\s*[,，、]\s*")
_RATING_SOURCES = ("kp", "imdb", "value")
_HOURS = re.compile(r"(\d+)\s*(?:h|ч|小时)|^(\d+)(?=:\d\d$)", re.IGNORECASE)
_MINUTES = re.compile(r"(\d+)(?:\s*(?:m|м|分)|$)", re.IGNORECASE)
_LONGEST_MINUTES = 6_000
_YEAR = re.compile(r"(?:18|19|20)\d\d")


@dataclass(slots=True)
class _Entry:
    """A film with the reviews of all the rows that name it."""

    film: Film
    reviews: list[Review] = field(default_factory=list)


def documents_of(rows: Iterable[Row]) -> Iterator[Document]:
    """Yield a document per film; rows without a title are skipped, rows of one film may each bring a review."""
    entries: dict[tuple[str, int | None], _Entry] = {}
    for row in rows:
        film = film_of(row)
        if film is None:
            continue
        reviews = list(_reviews(row))
        key = (_title(film), film.year) if reviews else (_title(film), -len(entries))
        entries.setdefault(key, _Entry(film)).reviews += reviews
    return (document_of(entry.film, entry.reviews) for entry in entries.values())


def document_of(film: Film, reviews: Iterable[Review] = ()) -> Document:
    """Return a film's document: what is known of it in each language, then what people say of it."""
    given = list(reviews)
    title = _title(film)
    counted = replace(film, reviews=count(given))
    return Document(
        title=title, sections=(*sections(film), *review_sections(given, title)), kind=Kind.FILM, film=counted
    )


def film_of(row: Row) -> Film | None:
    """Return the film of a row; None without a title in any language."""
    return _film(_known_fields(row))


def _reviews(row: Row) -> Iterator[Review]:
    listed = row.get("reviews")
    for one in listed if isinstance(listed, list) else [row]:
        if isinstance(one, dict) and (review := review_of(one)):
            yield review


def _title(film: Film) -> str:
    return next(text.title for text in film.texts.values() if text.title)


def _known_fields(row: Row) -> dict[tuple[str, Language | None], object]:
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
        votes=_votes(fields.get(("votes", None))),
        minutes=_minutes(fields.get(("minutes", None))),
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


def _minutes(value: object) -> int | None:
    """Return a length as lists give it: "166", "166 мин", "2 h 46 min", "2:46"."""
    words = _words(value)
    hours, minutes = _HOURS.search(words), _MINUTES.search(words)
    total = 60 * int(hours[1] or hours[2]) if hours else 0
    total += int(minutes[1]) if minutes else 0
    return total if 0 < total <= _LONGEST_MINUTES else None


def _votes(value: object) -> int | None:
    if isinstance(value, dict):
        value = next((value[name] for name in _RATING_SOURCES if value.get(name)), None)
    digits = re.sub(r"\D", "", _words(value))
    return int(digits) if digits else None


def _rating(value: object) -> float | None:
    """Return a rating out of ten; exports hold several, by who gave it."""
    if isinstance(value, dict):
        value = next((value[name] for name in _RATING_SOURCES if value.get(name)), None)
    try:
        rating = float(_words(value).replace(",", "."))
    except ValueError:
        return None
    return rating if 0 <= rating <= 10 else None

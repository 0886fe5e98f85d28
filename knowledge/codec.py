"""Prepared files and films as JSON, between the parser process and its owner and in the catalogue."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from knowledge.models import Film, FilmText, Kind, Language, Passage, Prepared

Json = dict[str, Any]


def prepared_to_json(prepared: Prepared) -> Json:
    """Return a JSON-ready copy."""
    return {
        "title": prepared.title,
        "passages": [asdict(passage) for passage in prepared.passages],
        "films": [film_to_json(film) for film in prepared.films],
        "topics": list(prepared.topics),
    }


def prepared_from_json(data: Json) -> Prepared:
    """Return what `prepared_to_json` was given."""
    return Prepared(
        title=data["title"],
        passages=tuple(passage_from_json(passage) for passage in data["passages"]),
        films=tuple(film_from_json(film) for film in data["films"]),
        topics=tuple(data["topics"]),
    )


def passage_from_json(data: Json) -> Passage:
    """Return the passage of a dict with its fields."""
    typed = {"kind": Kind(data["kind"]), "language": Language(data["language"]), "headings": tuple(data["headings"])}
    return Passage(**{**data, **typed})


def film_to_json(film: Film) -> Json:
    """Return a JSON-ready copy."""
    texts = {language.value: asdict(text) for language, text in film.texts.items()}
    return {"texts": texts, "original_title": film.original_title, "year": film.year, "rating": film.rating}


def film_from_json(data: Json) -> Film:
    """Return what `film_to_json` was given."""
    texts = {Language(language): _film_text(text) for language, text in data["texts"].items()}
    return Film(texts=texts, original_title=data["original_title"], year=data["year"], rating=data["rating"])


def _film_text(data: Json) -> FilmText:
    lists: Json = {name: tuple(value) for name, value in data.items() if isinstance(value, list)}
    return FilmText(**{**data, **lists})

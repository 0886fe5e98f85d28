"""Prepared files and films as JSON, between the parser process and its owner and in the catalogue."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from knowledge.models import Film, FilmText, Kind, Language, LanguageTest, Passage, Prepared, SelfTestReport, Sentiment
from knowledge.reasons import Problem, Reason

Json = dict[str, Any]

_FILM_VALUES = ("original_title", "year", "rating", "votes", "minutes")


def prepared_to_json(prepared: Prepared) -> Json:
    """Return a JSON-ready copy."""
    return {
        "title": prepared.title,
        "passages": [asdict(passage) for passage in prepared.passages],
        "films": [film_to_json(film) for film in prepared.films],
        "topics": list(prepared.topics),
        "problem": problem_to_json(prepared.problem) if prepared.problem else None,
    }


def prepared_from_json(data: Json) -> Prepared:
    """Return what `prepared_to_json` was given."""
    problem = data["problem"]
    return Prepared(
        title=data["title"],
        passages=tuple(passage_from_json(passage) for passage in data["passages"]),
        films=tuple(film_from_json(film) for film in data["films"]),
        topics=tuple(data["topics"]),
        problem=Problem(Reason(problem["reason"]), problem["detail"]) if problem else None,
    )


def problem_to_json(problem: Problem) -> Json:
    """Return a JSON-ready copy."""
    return {"reason": problem.reason.value, "detail": problem.detail}


def passage_from_json(data: Json) -> Passage:
    """Return the passage of a dict with its fields."""
    sentiment = data.get("sentiment")
    typed = {
        "kind": Kind(data["kind"]),
        "language": Language(data["language"]),
        "headings": tuple(data["headings"]),
        "sentiment": Sentiment(sentiment) if sentiment else None,
    }
    return Passage(**{**data, **typed})


def report_to_json(report: SelfTestReport) -> Json:
    """Return a JSON-ready copy."""
    return asdict(report)


def report_from_json(data: Json) -> SelfTestReport:
    """Return what `report_to_json` was given."""
    tests = tuple(LanguageTest(**{**test, "language": Language(test["language"])}) for test in data["languages"])
    return SelfTestReport(data["embedder"], data["version"], tests)


def film_to_json(film: Film) -> Json:
    """Return a JSON-ready copy."""
    texts = {language.value: asdict(text) for language, text in film.texts.items()}
    return {**{name: getattr(film, name) for name in _FILM_VALUES}, "texts": texts, "reviews": dict(film.reviews)}


def film_from_json(data: Json) -> Film:
    """Return what `film_to_json` was given."""
    texts = {Language(language): _film_text(text) for language, text in data["texts"].items()}
    reviews = {Sentiment(sentiment): count for sentiment, count in data["reviews"].items()}
    values: Json = {name: data.get(name) for name in _FILM_VALUES}
    return Film(texts=texts, reviews=reviews, **values)


def _film_text(data: Json) -> FilmText:
    lists: Json = {name: tuple(value) for name, value in data.items() if isinstance(value, list)}
    return FilmText(**{**data, **lists})

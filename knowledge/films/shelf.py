"""Films as typed fields: their passages, and finding the one a question names."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from knowledge.models import Film, FilmText, Language, Section
from knowledge.text import analyzer
from knowledge.texts import TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ARTICLES = frozenset({"the", "a", "an"})


def in_language(film: Film, language: Language) -> FilmText:
    """Return the film's words in a language; what is not given in it comes from another one."""
    best = film.texts.get(language, FilmText())
    for text in film.texts.values():
        missing = {f.name: getattr(text, f.name) for f in fields(FilmText) if not getattr(best, f.name)}
        best = replace(best, **missing)
    return best


def titles(film: Film) -> tuple[str, ...]:
    """Return each name the film goes by, once."""
    names = [text.title for text in film.texts.values()] + [film.original_title]
    return tuple(dict.fromkeys(filter(None, names)))


def sections(film: Film, languages: Iterable[Language] = tuple(Language)) -> tuple[Section, ...]:
    """Return one section per language the film is described in: the facts as a sentence, then the synopsis."""
    return tuple(
        Section(_described(film, language), title=in_language(film, language).title)
        for language in languages
        if (text := film.texts.get(language)) and (text.title or text.synopsis)
    )


def _described(film: Film, language: Language) -> str:
    text = in_language(film, language)
    return "\n".join(filter(None, (TEXTS[language].film_facts(film, text), film.texts[language].synopsis)))


@dataclass(frozen=True, slots=True)
class Listed:
    """A film and the file that lists it."""

    path: str
    film: Film
    entry: int = 0
    """Which film of the file it is."""


@dataclass(frozen=True, slots=True)
class Named:
    """The films that a question names."""

    films: tuple[Listed, ...] = ()
    terms: frozenset[str] = frozenset()
    """The terms of the question that name them."""


@dataclass(frozen=True, slots=True)
class Credit:
    """A person's part in a film."""

    name: str
    is_director: bool
    listed: Listed


class FilmShelf:
    """All films of a household; small enough for memory."""

    def __init__(self, films: Iterable[Listed] = ()) -> None:
        self._titles: dict[tuple[str, ...], list[Listed]] = {}
        self._surnames: dict[str, list[Credit]] = {}
        for listed in films:
            for key in {key for title in titles(listed.film) for key in _keys(title)}:
                self._titles.setdefault(key, []).append(listed)
            for credit in _credits(listed):
                surname = analyzer.title_terms(credit.name)[-1:]
                self._surnames.setdefault("".join(surname), []).append(credit)
        self._longest = max(map(len, self._titles), default=0)

    def __bool__(self) -> bool:
        """Say whether there are any films."""
        return bool(self._titles)

    def named_in(self, question: str) -> Named:
        """Return the films with the longest title that the question contains; of a year, if it names one."""
        words = analyzer.title_terms(question)
        for size in range(min(self._longest, len(words)), 0, -1):
            keys = [key for key in dict.fromkeys(_windows(words, size)) if key in self._titles]
            if keys:
                named = tuple({id(listed): listed for key in keys for listed in self._titles[key]}.values())
                in_year = tuple(listed for listed in named if str(listed.film.year) in words)
                years = {str(listed.film.year) for listed in in_year}
                return Named(in_year or named, frozenset(term for key in keys for term in key) | years)
        return Named()

    def all(self) -> list[Listed]:
        """Return every film, in the order of its file."""
        return list({id(listed): listed for films in self._titles.values() for listed in films}.values())

    def credits_in(self, question: str) -> list[Credit]:
        """Return the parts of the people whose surname stands in a question."""
        words = dict.fromkeys(analyzer.title_terms(question))
        return [credit for word in words for credit in self._surnames.get(word, ())]


def _keys(title: str) -> Iterator[tuple[str, ...]]:
    """Yield the ways people say a title: whole, without its article, without its subtitle."""
    for spoken in {title, re.split(r":|\s[—–-]\s", title)[0]}:
        key = tuple(analyzer.title_terms(spoken))
        if key:
            yield key
        if len(key) > 1 and key[0] in _ARTICLES:
            yield key[1:]


def _credits(listed: Listed) -> Iterator[Credit]:
    for text in listed.film.texts.values():
        yield from (Credit(name, is_director=True, listed=listed) for name in text.directors)
        yield from (Credit(name, is_director=False, listed=listed) for name in text.actors)


def _windows(words: list[str], size: int) -> Iterator[tuple[str, ...]]:
    return (tuple(words[start : start + size]) for start in range(len(words) - size + 1))

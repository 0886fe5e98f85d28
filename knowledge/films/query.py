"""Films by their fields: what is asked for, whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.films.shelf import Listed

DEFAULT_FILMS = 50


@dataclass(frozen=True, slots=True)
class FilmQuery:
    """Which films are wanted; an empty value lets all through, several values must all be met.

    Names may be in any case of their grammar. A comma joins what a film must have both of, a bar what is enough alone.
    """

    title: str = ""
    """Words of a title, in any of its languages."""
    person: str = ""
    """A director or an actor."""
    actor: str = ""
    director: str = ""
    genre: str = ""
    country: str = ""
    first_year: int | None = None
    last_year: int | None = None
    least_rating: float | None = None
    collection: str = ""
    limit: int = DEFAULT_FILMS
    offset: int = 0


@dataclass(frozen=True, slots=True)
class FoundFilms:
    """The films of one page, best rated first, and how many there are on all."""

    total: int
    films: tuple[Listed, ...]

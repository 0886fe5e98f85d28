"""IMDb's data files: title.basics.tsv, and beside it title.ratings, title.principals and name.basics.

The files hold millions of rows, so they are read line by line, and what is kept are the titles with the most votes.
Format: https://developer.imdb.com/non-commercial-datasets/
"""

from __future__ import annotations

import gzip
import heapq
import re
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge.errors import SourceError
from knowledge.models import Document, Kind
from knowledge.reasons import Problem, Reason
from knowledge.sources.film_fields import document_of, film_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

MOST_FILMS = 5_000
COMPANION = re.compile(r"(?:title\.(?:akas|crew|episode|principals|ratings)|name\.basics)\.tsv(?:\.gz)?", re.IGNORECASE)
"""Names of files that are no lists of their own."""
_TYPES = frozenset({"movie", "tvMovie", "tvSeries", "tvMiniSeries", "short"})
_MOST_ACTORS = 10
_NOTHING = "\\N"


class ImdbSource:
    """Reads films by IMDb's own files."""

    kind = Kind.FILM
    extensions = frozenset({".basics.tsv", ".basics.tsv.gz"})

    def read(self, path: Path) -> list[Document]:
        """Return a document per film, those with the most votes first.

        Raises: SourceError for a file that is not IMDb's.
        """
        try:
            titles = _titles(path, _ratings(path))
            people = _people(path, titles)
        except (EOFError, OSError, UnicodeDecodeError) as err:
            raise SourceError(Reason.BROKEN) from err
        films = (film_of({**row, **people.get(key, {})}) for key, row in titles.items())
        documents = [document_of(film) for film in films if film is not None]
        if not documents:
            raise SourceError(Reason.NO_FILMS)
        if len(documents) > MOST_FILMS:
            problem = Problem(Reason.TOO_MANY_FILMS, f"{MOST_FILMS:,}")
            return [replace(documents[0], problem=problem), *documents[1:MOST_FILMS]]
        return documents


SOURCE = ImdbSource()


def _titles(path: Path, ratings: dict[str, tuple[str, int]]) -> dict[str, dict[str, object]]:
    """Return the best known titles by their key; without ratings the first ones."""
    with _rows(path) as rows:
        films = (row for row in rows if row.get("titleType") in _TYPES and row.get("isAdult") != "1")
        kept = heapq.nlargest(MOST_FILMS + 1, films, key=lambda row: ratings.get(row["tconst"], ("", 0))[1])
    return {row["tconst"]: _film_row(row, ratings) for row in kept}


def _film_row(row: dict[str, str], ratings: dict[str, tuple[str, int]]) -> dict[str, object]:
    rating, votes = ratings.get(row["tconst"], ("", 0))
    return {
        "title": _given(row, "primaryTitle"),
        "original_title": _given(row, "originalTitle"),
        "year": _given(row, "startYear"),
        "minutes": _given(row, "runtimeMinutes"),
        "genres": _given(row, "genres"),
        "rating": rating,
        "votes": str(votes or ""),
    }


def _ratings(path: Path) -> dict[str, tuple[str, int]]:
    with _rows(_beside(path, "title.ratings")) as rows:
        return {
            row["tconst"]: (row["averageRating"], int(row["numVotes"])) for row in rows if row["numVotes"].isdigit()
        }


def _people(path: Path, titles: Collection[str]) -> dict[str, dict[str, list[str]]]:
    """Return the directors and the first actors of the titles."""
    parts: dict[str, dict[str, list[str]]] = {}
    with _rows(_beside(path, "title.principals"), titles) as rows:
        for row in rows:
            role = {"director": "directors", "actor": "actors", "actress": "actors"}.get(row["category"])
            if role:
                parts.setdefault(row["tconst"], {}).setdefault(role, []).append(row["nconst"])
    wanted = {person for roles in parts.values() for people in roles.values() for person in people[:_MOST_ACTORS]}
    with _rows(_beside(path, "name.basics"), wanted) as rows:
        names = {row["nconst"]: row["primaryName"] for row in rows}
    return {
        key: {
            role: [names[person] for person in people[:_MOST_ACTORS] if person in names]
            for role, people in roles.items()
        }
        for key, roles in parts.items()
    }


def _beside(path: Path, name: str) -> Path:
    """Return another of IMDb's files, packed or not."""
    packed = path.with_name(f"{name}.tsv.gz")
    return packed if packed.exists() else path.with_name(f"{name}.tsv")


@contextmanager
def _rows(path: Path, keys: Collection[str] | None = None) -> Iterator[Iterator[dict[str, str]]]:
    """Open a file's rows, of certain keys only; none where there is no file."""
    if not path.exists():
        yield iter(())
        return
    opened = gzip.open if path.suffix.lower() == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="\n") as lines:
        head = next(lines, "").rstrip("\n").split("\t")
        chosen = lines if keys is None else (line for line in lines if line.partition("\t")[0] in keys)
        split = (line.rstrip("\n").split("\t") for line in chosen)
        yield (dict(zip(head, values, strict=True)) for values in split if len(values) == len(head))


def _given(row: dict[str, str], name: str) -> str:
    value = row.get(name, _NOTHING)
    return "" if value == _NOTHING else value

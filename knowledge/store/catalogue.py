"""The truth about every file, in SQLite; the index beside it can be rebuilt from the files."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING

from knowledge.codec import film_from_json, film_to_json
from knowledge.errors import FolderError, FolderFullError, is_no_room
from knowledge.films.shelf import Listed, titles
from knowledge.models import FileRecord, Kind, Status
from knowledge.reasons import Problem, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from knowledge.codec import Json
    from knowledge.films.query import FilmQuery
    from knowledge.models import Film, Prepared

_SCHEMA_VERSION = 2
_COUNTER = """
CREATE TABLE IF NOT EXISTS counter (generation INTEGER NOT NULL);
INSERT INTO counter SELECT 0 WHERE NOT EXISTS (SELECT * FROM counter);
"""
_SCHEMA = """
DROP TABLE IF EXISTS film_values;
DROP TABLE IF EXISTS films;
DROP TABLE IF EXISTS topics;
DROP TABLE IF EXISTS files;
CREATE TABLE files (
    path TEXT PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, status TEXT NOT NULL, reason TEXT, detail TEXT,
    passages INTEGER NOT NULL, size INTEGER NOT NULL, modified_ns INTEGER NOT NULL, sha256 TEXT NOT NULL,
    generation INTEGER NOT NULL, recipe TEXT NOT NULL, indexed_at TEXT
) WITHOUT ROWID;
CREATE INDEX files_by_content ON files (sha256);
CREATE TABLE films (
    path TEXT NOT NULL REFERENCES files ON DELETE CASCADE, entry INTEGER NOT NULL,
    year INTEGER, rating REAL, votes INTEGER, film TEXT NOT NULL,
    PRIMARY KEY (path, entry)
) WITHOUT ROWID;
CREATE TABLE film_values (
    path TEXT NOT NULL, entry INTEGER NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (field, value, path, entry),
    FOREIGN KEY (path, entry) REFERENCES films ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX film_values_by_film ON film_values (path, entry);
CREATE TABLE topics (
    path TEXT NOT NULL REFERENCES files ON DELETE CASCADE, topic TEXT NOT NULL,
    PRIMARY KEY (path, topic)
) WITHOUT ROWID;
"""
_COLUMNS = (
    "path", "kind", "title", "status", "reason", "detail", "passages", "size", "modified_ns", "sha256", "generation",
    "recipe", "indexed_at",
)  # fmt: skip
_PUT = f"INSERT OR REPLACE INTO files ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608
_GET = f"SELECT {', '.join(_COLUMNS)} FROM files"  # noqa: S608
_HAS_VALUE = (
    "EXISTS (SELECT * FROM film_values AS v WHERE v.path = films.path AND v.entry = films.entry"
    " AND v.field IN (SELECT value FROM json_each(?)) AND v.value IN (SELECT value FROM json_each(?)))"
)


# Beside the schema's version: without it nothing is lost but the time to embed again.
_EMBEDDERS = "CREATE TABLE IF NOT EXISTS embedders (name TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID"


class Catalogue:
    """Files, their films and topics. Any thread may call it."""

    def __init__(self, path: Path) -> None:
        """Open or create the database.

        Raises: FolderError if it is damaged or of a newer version.
        """
        self._lock = RLock()
        try:
            self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;")
            self._migrate()
            self._database.execute(_EMBEDDERS)
        except sqlite3.DatabaseError as err:
            if is_no_room(err):
                raise FolderFullError(path.parent) from err
            raise FolderError(
                path.parent, f"holds a damaged catalogue ({err}). Delete {path.name} in it: it is rebuilt."
            ) from err

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._database.close()

    def next_generation(self) -> int:
        """Return a number never given before, even if the process dies right after."""
        with self._transaction() as database:
            row = database.execute("UPDATE counter SET generation = generation + 1 RETURNING generation").fetchone()
            return int(row[0])

    def put(self, record: FileRecord, prepared: Prepared) -> None:
        """Store a file with its films and topics in place of what was known of it."""
        with self._transaction() as database:
            database.execute("DELETE FROM films WHERE path = ?", (record.path,))
            database.execute("DELETE FROM topics WHERE path = ?", (record.path,))
            database.execute(_PUT, _row(record))
            for entry, film in enumerate(prepared.films):
                _put_film(database, Listed(record.path, film, entry))
            database.executemany(
                "INSERT INTO topics VALUES (?, ?)", [(record.path, topic) for topic in dict.fromkeys(prepared.topics)]
            )

    def embedders(self) -> dict[str, Json]:
        """Return what is known of each embedder that has vectors, by the name of their table."""
        with self._lock:
            rows = self._database.execute("SELECT name, record FROM embedders").fetchall()
        return {name: json.loads(record) for name, record in rows}

    def put_embedder(self, name: str, record: Json, *, alone: bool) -> None:
        """Store what is known of an embedder; `alone` forgets the others."""
        with self._transaction() as database:
            if alone:
                database.execute("DELETE FROM embedders")
            database.execute("INSERT OR REPLACE INTO embedders VALUES (?, ?)", (name, json.dumps(record)))

    def touch(self, path: str, modified_ns: int) -> None:
        """Note that a file was saved again with the same content."""
        with self._transaction() as database:
            database.execute("UPDATE files SET modified_ns = ? WHERE path = ?", (modified_ns, path))

    def mark_lost(self, path: str) -> None:
        """Note that the index has nothing of a file any more: the next scan reads it again."""
        with self._transaction() as database:
            database.execute("UPDATE files SET passages = 0, recipe = '' WHERE path = ?", (path,))

    def remove(self, path: str) -> None:
        """Forget a file."""
        with self._transaction() as database:
            database.execute("DELETE FROM files WHERE path = ?", (path,))

    def files(self) -> list[FileRecord]:
        """Return every file, by path."""
        with self._lock:
            return [_record(row) for row in self._database.execute(f"{_GET} ORDER BY path")]

    def file(self, path: str) -> FileRecord | None:
        """Return one file; None if it is not known."""
        with self._lock:
            row = self._database.execute(f"{_GET} WHERE path = ?", (path,)).fetchone()
        return _record(row) if row else None

    def beside(self, path: str) -> list[str]:
        """Return the paths of the files in the folder of a file, and below it."""
        folder = path.rpartition("/")[0]
        query = "SELECT path FROM files WHERE path > ? AND path < ?"  # "0" is what follows "/"
        with self._lock:
            return [row[0] for row in self._database.execute(query, (f"{folder}/", f"{folder}0"))]

    def with_content(self, sha256: str) -> list[FileRecord]:
        """Return the files of this content, by path."""
        with self._lock:
            return [_record(row) for row in self._database.execute(f"{_GET} WHERE sha256 = ? ORDER BY path", (sha256,))]

    def films(self) -> list[Listed]:
        """Return every film, by the path of the file that lists it."""
        return self._listed("SELECT path, film, entry FROM films ORDER BY path, entry", ())

    def film_values(self, field: str) -> list[str]:
        """Return what stands in a field of any film, each value once: titles, directors, actors, genres, countries."""
        query = "SELECT DISTINCT value FROM film_values WHERE field = ?"
        with self._lock:
            return [row[0] for row in self._database.execute(query, (field,))]

    def films_where(self, query: FilmQuery, values: Iterable[tuple[Sequence[str], Sequence[str]]]) -> list[Listed]:
        """Return films, best rated first, by the query's numbers and by `values`.

        `values` are pairs of fields and values: one of the fields must hold one of the values.
        """
        conditions, arguments = _numbers(query)
        for fields, wanted in values:
            conditions.append(_HAS_VALUE)
            arguments += [json.dumps(fields), json.dumps(list(wanted))]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        order = " ORDER BY rating IS NULL, rating DESC, votes DESC, year DESC, path, entry"
        return self._listed(f"SELECT path, film, entry FROM films{where}{order}", arguments)  # noqa: S608

    def topics(self) -> dict[str, list[str]]:
        """Return the topics of each file that has some, by its path."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        with self._lock:
            for path, topic in self._database.execute("SELECT path, topic FROM topics"):
                found[path].append(topic)
        return dict(found)

    def _listed(self, query: str, arguments: Sequence[object]) -> list[Listed]:
        with self._lock:
            rows = self._database.execute(query, arguments).fetchall()
        return [Listed(path, film_from_json(json.loads(film)), entry) for path, film, entry in rows]

    def _migrate(self) -> None:
        version = self._database.execute("PRAGMA user_version").fetchone()[0]
        if version in range(_SCHEMA_VERSION):  # an earlier one is filled from the files again
            version_of_schema = f"PRAGMA user_version = {_SCHEMA_VERSION};"
            self._database.executescript(f"BEGIN; {_COUNTER} {_SCHEMA} {version_of_schema} COMMIT;")
        elif version != _SCHEMA_VERSION:
            raise sqlite3.DatabaseError(f"version {version}, this program writes {_SCHEMA_VERSION}")

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")


def _row(record: FileRecord) -> tuple[object, ...]:
    problem = record.problem
    parts = {"reason": problem and problem.reason, "detail": problem and problem.detail}
    return tuple(parts[column] if column in parts else getattr(record, column) for column in _COLUMNS)


def _record(row: tuple[object, ...]) -> FileRecord:
    values = dict(zip(_COLUMNS, row, strict=True))
    reason, detail = values.pop("reason"), values.pop("detail")
    problem = Problem(Reason(str(reason)), str(detail or "")) if reason else None
    typed = {"kind": Kind(str(values["kind"])), "status": Status(str(values["status"])), "problem": problem}
    return FileRecord(**{**values, **typed})  # type: ignore[arg-type]


def _put_film(database: sqlite3.Connection, listed: Listed) -> None:
    film = listed.film
    database.execute(
        "INSERT INTO films VALUES (?, ?, ?, ?, ?, ?)",
        (
            listed.path,
            listed.entry,
            film.year,
            film.rating,
            film.votes,
            json.dumps(film_to_json(film), ensure_ascii=False),
        ),
    )
    database.executemany(
        "INSERT OR IGNORE INTO film_values VALUES (?, ?, ?, ?)",
        [(listed.path, listed.entry, field, value) for field, value in _film_values(film)],
    )


def _film_values(film: Film) -> Iterator[tuple[str, str]]:
    yield from (("titles", title) for title in titles(film))
    for text in film.texts.values():
        for field in ("directors", "actors", "genres", "countries"):
            yield from ((field, value) for value in getattr(text, field))


def _numbers(query: FilmQuery) -> tuple[list[str], list[object]]:
    given = {
        "year >= ?": query.first_year,
        "year <= ?": query.last_year,
        "rating >= ?": query.least_rating,
    }
    conditions = [condition for condition, value in given.items() if value is not None]
    return conditions, [value for value in given.values() if value is not None]

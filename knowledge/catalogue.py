"""The truth about every file, in SQLite; the index beside it can be rebuilt from the files."""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING

from knowledge.codec import film_from_json, film_to_json
from knowledge.errors import FolderError
from knowledge.models import FileRecord, Kind, Status

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from knowledge.models import Film, Prepared

_SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE counter (generation INTEGER NOT NULL);
INSERT INTO counter VALUES (0);
CREATE TABLE files (
    path TEXT PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, status TEXT NOT NULL, reason TEXT,
    passages INTEGER NOT NULL, size INTEGER NOT NULL, modified_ns INTEGER NOT NULL, sha256 TEXT NOT NULL,
    generation INTEGER NOT NULL, recipe TEXT NOT NULL, indexed_at TEXT
) WITHOUT ROWID;
CREATE TABLE films (
    path TEXT NOT NULL REFERENCES files ON DELETE CASCADE, entry INTEGER NOT NULL, film TEXT NOT NULL,
    PRIMARY KEY (path, entry)
) WITHOUT ROWID;
CREATE TABLE topics (
    path TEXT NOT NULL REFERENCES files ON DELETE CASCADE, topic TEXT NOT NULL,
    PRIMARY KEY (path, topic)
) WITHOUT ROWID;
"""
_COLUMNS = tuple(FileRecord.__slots__)
_PUT = f"INSERT OR REPLACE INTO files ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608
_GET = f"SELECT {', '.join(_COLUMNS)} FROM files"  # noqa: S608


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
        except sqlite3.DatabaseError as err:
            raise FolderError(
                path.parent, f"holds a damaged catalogue ({err}). Delete the folder: it is rebuilt."
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
            database.execute(_PUT, tuple(getattr(record, column) for column in _COLUMNS))
            database.executemany(
                "INSERT INTO films VALUES (?, ?, ?)",
                [
                    (record.path, entry, json.dumps(film_to_json(film), ensure_ascii=False))
                    for entry, film in enumerate(prepared.films)
                ],
            )
            database.executemany(
                "INSERT INTO topics VALUES (?, ?)", [(record.path, topic) for topic in dict.fromkeys(prepared.topics)]
            )

    def touch(self, path: str, modified_ns: int) -> None:
        """Note that a file was saved again with the same content."""
        with self._transaction() as database:
            database.execute("UPDATE files SET modified_ns = ? WHERE path = ?", (modified_ns, path))

    def remove(self, path: str) -> None:
        """Forget a file."""
        with self._transaction() as database:
            database.execute("DELETE FROM files WHERE path = ?", (path,))

    def files(self) -> list[FileRecord]:
        """Return every file, by path."""
        with self._lock:
            return [_record(row) for row in self._database.execute(f"{_GET} ORDER BY path")]

    def films(self) -> list[tuple[str, Film]]:
        """Return (path of the file that lists it, film) for every film."""
        with self._lock:
            rows = self._database.execute("SELECT path, film FROM films ORDER BY path, entry").fetchall()
        return [(path, film_from_json(json.loads(film))) for path, film in rows]

    def topics(self) -> list[str]:
        """Return every topic once."""
        with self._lock:
            return [row[0] for row in self._database.execute("SELECT DISTINCT topic FROM topics")]

    def _migrate(self) -> None:
        version = self._database.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            self._database.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {_SCHEMA_VERSION}; COMMIT;")
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


def _record(row: tuple[object, ...]) -> FileRecord:
    values = dict(zip(_COLUMNS, row, strict=True))
    return FileRecord(**{**values, "kind": Kind(str(values["kind"])), "status": Status(str(values["status"]))})  # type: ignore[arg-type]

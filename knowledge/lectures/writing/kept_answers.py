"""What a model wrote of pieces of lectures: a kill, a correction or another summary costs only what has changed."""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_LOGGER = logging.getLogger(__name__)

_TABLE = "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer TEXT, written_at REAL)"
_KEEP_SECONDS = 30 * 86_400.0
"""As long as what was transcribed of a file that is gone."""


def key(model: str, system: str, asked: str, schema: dict[str, Any]) -> str:
    """Return what tells a request from all others."""
    return hashlib.sha256(json.dumps([model, system, asked, schema], sort_keys=True).encode()).hexdigest()


class KeptAnswers:
    """Answers in one file, for a month; the file can be deleted. One thread at a time asks.

    A disk that is full or a file that is broken costs the memory, not the lecture.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def get(self, key: str) -> Any | None:
        """Return an answer; None where there is none."""
        rows = self._run("SELECT answer FROM answers WHERE key = ?", key)
        try:
            return json.loads(rows[0][0]) if rows else None
        except ValueError:
            return None

    def put(self, key: str, answer: Any) -> None:
        """Keep an answer, and forget those of long ago."""
        self._run("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", key, json.dumps(answer), time.time())
        self._run("DELETE FROM answers WHERE written_at < ?", time.time() - _KEEP_SECONDS)

    def clear(self) -> None:
        """Forget all answers, as nobody knows which tell of a lecture that is deleted. Any thread may call it."""
        try:
            self._file.unlink(missing_ok=True)
        except OSError as err:
            _LOGGER.warning("%s cannot be deleted: %s", self._file, err.strerror)

    def _run(self, statement: str, *values: object) -> list[Any]:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            database = sqlite3.connect(self._file)
            try:
                with database:
                    database.execute(
                        "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer TEXT, written_at REAL)"
                    )
                    return database.execute(statement, values).fetchall()
            finally:
                database.close()
        except (OSError, sqlite3.Error) as err:
            _LOGGER.warning("What the model wrote of lectures is not kept: %s", err)
            return []

"""The tables of lectures.sqlite: how they are opened and brought up to date, and what their rows are."""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import TYPE_CHECKING

from knowledge.errors import FolderFullError, LecturesDamagedError, is_no_room
from knowledge.lectures.codec import words_from_text
from knowledge.lectures.entry import Entry
from knowledge.lectures.models import LectureState, Maker, Segment
from knowledge.models import Language
from knowledge.reasons import Problem, Reason

if TYPE_CHECKING:
    from pathlib import Path

_MIGRATIONS = (
    """
    CREATE TABLE lectures (
        place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL UNIQUE,
        path TEXT NOT NULL, file_mark TEXT NOT NULL, title TEXT NOT NULL, held_on TEXT NOT NULL,
        has_media INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting', reason TEXT, detail TEXT,
        language TEXT, duration REAL, done_until REAL NOT NULL DEFAULT 0, is_transcribed INTEGER NOT NULL DEFAULT 0,
        transcriber TEXT NOT NULL DEFAULT '', transcript_mark TEXT NOT NULL DEFAULT '',
        template TEXT NOT NULL DEFAULT '', content TEXT NOT NULL DEFAULT '', is_complete INTEGER NOT NULL DEFAULT 0,
        ready_at TEXT, version INTEGER NOT NULL DEFAULT 1,
        edition INTEGER NOT NULL DEFAULT 0, edition_until REAL NOT NULL DEFAULT 0, gone_at TEXT
    );
    CREATE INDEX lectures_by_path ON lectures (path);
    CREATE TABLE segments (
        lecture TEXT NOT NULL REFERENCES lectures (id) ON DELETE CASCADE, number INTEGER NOT NULL,
        text TEXT NOT NULL, start REAL NOT NULL, end REAL NOT NULL, words TEXT NOT NULL, speaker TEXT NOT NULL,
        PRIMARY KEY (lecture, number)
    ) WITHOUT ROWID;
    CREATE TABLE corrections (
        lecture TEXT NOT NULL REFERENCES lectures (id) ON DELETE CASCADE, number INTEGER NOT NULL,
        said TEXT NOT NULL, text TEXT NOT NULL,
        PRIMARY KEY (lecture, number, said)
    ) WITHOUT ROWID;
    """,
    # What lists show of the content: reading all of it takes seconds where there are hundreds of lectures.
    """
    ALTER TABLE lectures ADD COLUMN summary_by TEXT;
    ALTER TABLE lectures ADD COLUMN terms INTEGER NOT NULL DEFAULT 0;
    UPDATE lectures SET summary_by = json_extract(content, '$.summary.by'),
        terms = json_array_length(content, '$.glossary') WHERE content != '';
    """,
    """
    ALTER TABLE lectures ADD COLUMN gone_days INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE lectures ADD COLUMN counted_on TEXT;
    """,
)
_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
"""What is deleted is overwritten: a household's words are not left in the file's free pages."""
_COLUMNS = (
    "id", "sha256", "path", "file_mark", "title", "held_on", "has_media", "state", "reason", "detail", "language",
    "duration", "done_until", "is_transcribed", "transcriber", "transcript_mark", "template", "is_complete", "ready_at",
    "version", "edition", "summary_by", "terms",
)  # fmt: skip
GET = f"SELECT {', '.join(_COLUMNS)} FROM lectures WHERE gone_at IS NULL"  # noqa: S608
# A correction holds for what it was made of: words that were transcribed anew and differ are not replaced by it.
SEGMENTS = """
SELECT s.number, s.text, s.start, s.end, s.words, s.speaker, c.text FROM segments AS s
LEFT JOIN corrections AS c ON c.lecture = s.lecture AND c.number = s.number AND c.said = s.text
WHERE s.lecture = ? AND (c.text IS NULL OR c.text != '') ORDER BY s.number
"""
FOLLOW = """
UPDATE OR IGNORE corrections SET number = (
    SELECT s.number FROM segments AS s WHERE s.lecture = corrections.lecture AND s.text = corrections.said
    ORDER BY abs(s.number - corrections.number) LIMIT 1
) WHERE lecture = ? AND said IN (SELECT text FROM segments WHERE lecture = corrections.lecture)
"""


def connect(file: Path) -> sqlite3.Connection:
    """Open or create the database, for any thread that holds a lock. Raises: LecturesDamagedError, FolderFullError."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        database.executescript(_PRAGMAS)
        _migrate(database)
        (report,) = database.execute("PRAGMA quick_check(1)").fetchone()
    except (OSError, sqlite3.Error) as err:
        if is_no_room(err):
            raise FolderFullError(file.parent) from err
        raise LecturesDamagedError(file, err) from err
    if report != "ok":
        database.close()
        raise LecturesDamagedError(file, report)
    return database


def _migrate(database: sqlite3.Connection) -> None:
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version > len(_MIGRATIONS):
        raise sqlite3.DatabaseError(f"written by a newer program, version {version}")
    for number, script in enumerate(_MIGRATIONS[version:], start=version + 1):
        database.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")


def entry_of_row(row: tuple[object, ...]) -> Entry:
    """Return a lecture of a query by GET."""
    values = dict(zip(_COLUMNS, row, strict=True))
    reason, detail = values.pop("reason"), values.pop("detail")
    language, maker = values["language"], values["summary_by"]
    typed: dict[str, object] = {
        "held_on": date.fromisoformat(str(values["held_on"])),
        "state": LectureState(str(values["state"])),
        "problem": Problem(Reason(str(reason)), str(detail or "")) if reason else None,
        "language": Language(str(language)) if language else None,
        "summary_by": Maker(str(maker)) if maker else None,
    }
    flags = {name: bool(values[name]) for name in ("has_media", "is_transcribed", "is_complete")}
    return Entry(**{**values, **typed, **flags})  # type: ignore[arg-type]


def segment_of_row(row: tuple[object, ...]) -> Segment:
    """Return a segment of a query by SEGMENTS."""
    _, said, start, end, words, speaker, corrected = row
    if corrected is not None:
        return Segment(str(corrected), float(start), float(end), speaker=str(speaker), is_corrected=True)  # type: ignore[arg-type]
    return Segment(str(said), float(start), float(end), words_from_text(str(words)), str(speaker))  # type: ignore[arg-type]

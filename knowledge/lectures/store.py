"""What is known of lectures, in SQLite: transcripts, corrections by hand, and what was made of them.

Unlike the catalogue it cannot be made anew from the files in minutes, and a correction not at all. So migrations only
ever add, a damaged database is left as it is, and a lecture whose file is gone is kept for a while: it may come back.
Lectures are known by the SHA-256 of their file, whatever it is called.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from datetime import UTC, date, datetime
from threading import RLock
from typing import TYPE_CHECKING

from knowledge.errors import (
    LectureChangedError,
    LectureStateError,
    LectureStoreError,
    UnknownLectureError,
)
from knowledge.lectures.codec import content_from_text, content_to_text, storable, words_to_text
from knowledge.lectures.edits import without_segments
from knowledge.lectures.models import LectureState, Segment
from knowledge.lectures.schema import FOLLOW, GET, SEGMENTS, connect, entry_of_row, segment_of_row
from knowledge.lectures.writing.spoken import punctuated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from knowledge.lectures.entry import Entry, Found
    from knowledge.lectures.models import Content
    from knowledge.lectures.protocols import Piece
    from knowledge.models import Language
    from knowledge.reasons import Problem

KEPT_DAYS = 30
"""How long a lecture is remembered whose file is gone: a share may be away, a folder be sorted anew.

Days are counted as they are seen: a small machine starts with the time at which it was switched off, and its clock
leaps.
"""
_SAME_PLACE_SECONDS = 0.05
_GROWTH = 1.5
"""How much longer a transcript is when it is indexed again while it grows: 14 times in three hours."""


class LectureStore:
    """The lectures of a data folder. Any thread may call it.

    Every method raises LectureStoreError when the disk does not let it, and UnknownLectureError for an id that is not
    there.
    """

    def __init__(self, file: Path) -> None:
        """Open or create the database. Raises: LecturesDamagedError, FolderFullError."""
        self._lock = RLock()
        self._database = connect(file)

    def close(self) -> None:
        """Close the database; what is asked afterwards raises LectureStoreError."""
        with self._lock:
            self._database.close()

    def put(self, found: Found) -> Entry:
        """Take a file in: as a new lecture, or as the one that its content has been before."""
        with self._writing() as database:
            _forget(database, found.path, but=found.id)
            database.execute(
                "INSERT INTO lectures (id, sha256, path, file_mark, title, held_on, has_media)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sha256) DO UPDATE SET path = excluded.path,"
                " file_mark = excluded.file_mark, title = excluded.title, held_on = excluded.held_on,"
                " has_media = excluded.has_media, gone_at = NULL, gone_days = 0",
                (found.id, found.sha256, *_shown(found)),
            )
            return _entry_of(database, found.id)

    def forget(self, path: str) -> None:
        """Note that a file is gone; what was transcribed is kept for a while."""
        with self._writing() as database:
            _forget(database, path)

    def remove(self, path: str) -> bool:
        """Delete at once what there is of the lectures that a file has been; say whether there was any."""
        with self._writing() as database:
            removed = database.execute("DELETE FROM lectures WHERE path = ?", (path,)).rowcount > 0
        if removed:
            with self._reading() as database:
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log still has the words
        return removed

    def purge(self, today: date | None = None) -> None:
        """Count a day for what is gone, once a day, and delete what has been gone for too long."""
        day = (today or datetime.now(UTC).date()).isoformat()
        with self._writing() as database:
            database.execute(
                "UPDATE lectures SET gone_days = gone_days + 1, counted_on = ?"
                " WHERE gone_at IS NOT NULL AND counted_on IS NOT ?",
                (day, day),
            )
            database.execute("DELETE FROM lectures WHERE gone_at IS NOT NULL AND gone_days > ?", (KEPT_DAYS,))

    def all(self) -> list[Entry]:
        """Return every lecture whose file is there, the newest first."""
        return self._entries(f"{GET} ORDER BY held_on DESC, place DESC")

    def entry(self, id_: str) -> Entry:
        """Return one lecture."""
        with self._reading() as database:
            return _entry_of(database, id_)

    def by_path(self, path: str) -> Entry | None:
        """Return the lecture of a file."""
        return next(iter(self._entries(f"{GET} AND path = ?", path)), None)

    def queue(self) -> list[Entry]:
        """Return what is to be worked on, first what can be finished soonest."""
        order = "state = 'transcribing' DESC, is_transcribed DESC, place"
        return self._entries(f"{GET} AND state IN ('waiting', 'transcribing', 'writing') ORDER BY {order}")

    def incomplete(self) -> list[Entry]:
        """Return the lectures that are ready but were written without a model."""
        return self._entries(f"{GET} AND state = 'ready' AND NOT is_complete ORDER BY place")

    def segments(self, id_: str) -> tuple[Segment, ...]:
        """Return what is said, as it was corrected; in sentences also where the transcriber writes words only."""
        with self._reading() as database:
            found = [segment_of_row(row) for row in database.execute(SEGMENTS, (id_,))]
        return punctuated(found)

    def content(self, id_: str) -> Content:
        """Return what was made of the transcript."""
        with self._reading() as database:
            row = database.execute("SELECT content FROM lectures WHERE id = ?", (id_,)).fetchone()
        if row is None:
            raise UnknownLectureError(id_)
        return content_from_text(row[0])

    def set_state(self, id_: str, state: LectureState, *, of: Iterable[LectureState], problem: Problem | None) -> bool:
        """Change the state if it is one `of` these; say whether it was."""
        reason, detail = (problem.reason, storable(problem.detail)) if problem else (None, None)
        with self._writing() as database:
            changed = database.execute(
                "UPDATE lectures SET edition = edition + (state = 'failed' OR ? = 'failed'), state = ?, reason = ?,"
                " detail = ? WHERE id = ? AND state IN (SELECT value FROM json_each(?))",
                (state, state, reason, detail, id_, json.dumps(list(of))),
            )
            return changed.rowcount > 0

    def set_duration(self, id_: str, duration: float | None) -> None:
        """Note how long the recording says that it is."""
        with self._writing() as database:
            database.execute("UPDATE lectures SET duration = coalesce(?, duration) WHERE id = ?", (duration, id_))

    def add_piece(self, id_: str, piece: Piece, segments: Sequence[Segment], transcriber: str) -> bool:
        """Append what is said in a piece; say whether the piece is the next one.

        It is not when the transcript has come from elsewhere meanwhile. All in one transaction: after a kill the piece
        is either done or begins anew.
        """
        with self._writing() as database:
            changed = database.execute(
                "UPDATE lectures SET done_until = ?, transcriber = ?, version = version + 1"
                " WHERE id = ? AND NOT is_transcribed AND abs(done_until - ?) < ?",
                (piece.end, transcriber, id_, piece.start, _SAME_PLACE_SECONDS),
            )
            if not changed.rowcount:
                return False
            _append(database, id_, segments)
            database.execute(
                "UPDATE lectures SET edition = edition + 1, edition_until = done_until"
                " WHERE id = ? AND done_until >= ? * edition_until"
                " AND EXISTS (SELECT * FROM segments WHERE lecture = lectures.id)",
                (id_, _GROWTH),
            )
            return True

    def set_language(self, id_: str, language: Language) -> None:
        """Note which language is spoken."""
        with self._writing() as database:
            database.execute("UPDATE lectures SET language = ? WHERE id = ?", (language, id_))

    def end_transcript(self, id_: str) -> None:
        """Note that the recording is through."""
        with self._writing() as database:
            database.execute(
                "UPDATE lectures SET is_transcribed = 1, duration = coalesce(duration, done_until),"
                " version = version + 1, edition = edition + 1 WHERE id = ?",
                (id_,),
            )

    def adopt_corrections(self, id_: str, path: str) -> None:
        """Take over what was corrected in a transcript while it was a lecture of its own, before it had a recording."""
        with self._writing() as database:
            database.execute(
                "INSERT OR IGNORE INTO corrections SELECT ?, c.number, c.said, c.text FROM corrections AS c"
                " JOIN lectures AS l ON l.id = c.lecture WHERE l.path = ? AND l.gone_at IS NULL",
                (id_, path),
            )

    def replace_transcript(self, id_: str, segments: Sequence[Segment], name: str, mark: str) -> None:
        """Put a transcript that was found in a file in place of what there is; `mark` tells when the file changes.

        Corrections stay with the words that they correct.
        """
        with self._writing() as database:
            database.execute("DELETE FROM segments WHERE lecture = ?", (id_,))
            _append(database, id_, segments)
            database.execute(FOLLOW, (id_,))
            last = segments[-1].end if segments else 0.0
            database.execute(
                "UPDATE lectures SET is_transcribed = 1, transcriber = ?, transcript_mark = ?, state = 'waiting',"
                " reason = NULL, detail = NULL, content = '', is_complete = 0, summary_by = NULL, terms = 0,"
                " done_until = ?, duration = max(coalesce(duration, 0), ?), version = version + 1,"
                " edition = edition + 1 WHERE id = ?",
                (name, mark, last, last, id_),
            )

    def drop_transcript(self, id_: str) -> None:
        """Forget a transcript that came from a file, so that the recording is transcribed; corrections wait for it."""
        with self._writing() as database:
            database.execute("DELETE FROM segments WHERE lecture = ?", (id_,))
            database.execute(
                "UPDATE lectures SET is_transcribed = 0, transcriber = '', transcript_mark = '', state = 'waiting',"
                " reason = NULL, detail = NULL, content = '', is_complete = 0, summary_by = NULL, terms = 0,"
                " done_until = 0, language = NULL, version = version + 1, edition = edition + 1, edition_until = 0"
                " WHERE id = ?",
                (id_,),
            )

    def put_content(self, id_: str, content: Content, version: int) -> bool:
        """Store what was made of a version of the lecture, which is ready now; say whether it is still that version."""
        maker = content.summary.by if content.summary else None
        with self._writing() as database:
            changed = database.execute(
                "UPDATE lectures SET content = ?, is_complete = ?, summary_by = ?, terms = ?,"
                " state = 'ready', reason = NULL, detail = NULL,"
                " ready_at = coalesce(ready_at, ?), version = version + 1, edition = edition + 1"
                " WHERE id = ? AND version = ? AND state IN ('writing', 'ready') AND gone_at IS NULL",
                (content_to_text(content), content.is_complete, maker, len(content.glossary), _now(), id_, version),
            )
            return changed.rowcount > 0

    def request_summary(self, id_: str, template: str) -> None:
        """Have the content written anew by a template: of a lecture that is ready, or that the last one has failed on.

        Raises: LectureStateError.
        """
        with self._writing() as database:
            entry = _entry_of(database, id_)
            if not (entry.state is LectureState.FAILED and entry.is_transcribed):
                _check_ready(entry)
            database.execute(
                "UPDATE lectures SET template = ?, edition = edition + (state = 'failed'), state = 'writing',"
                " reason = NULL, detail = NULL, version = version + 1 WHERE id = ?",
                (template, id_),
            )

    def correct(self, id_: str, version: int, texts: Mapping[int, str]) -> None:
        """Replace texts of segments by their places in `segments`; an empty one removes the segment.

        Raises: LectureStateError, LectureChangedError.
        """
        with self._writing() as database:
            entry = _entry_of(database, id_)
            _check_ready(entry)
            if entry.version != version:
                raise LectureChangedError
            shown = database.execute(SEGMENTS, (id_,)).fetchall()
            given = {place: _one_line(text) for place, text in texts.items() if 0 <= place < len(shown)}
            for place, text in given.items():
                number, said = shown[place][:2]
                database.execute("INSERT OR REPLACE INTO corrections VALUES (?, ?, ?, ?)", (id_, number, said, text))
            database.execute("DELETE FROM corrections WHERE lecture = ? AND text = said", (id_,))
            content = database.execute("SELECT content FROM lectures WHERE id = ?", (id_,)).fetchone()[0]
            removed = [place for place, text in given.items() if not text]
            database.execute(
                "UPDATE lectures SET content = ?, version = version + 1, edition = edition + 1 WHERE id = ?",
                (content_to_text(without_segments(content_from_text(content), removed)), id_),
            )

    def _entries(self, query: str, *arguments: object) -> list[Entry]:
        with self._reading() as database:
            return [entry_of_row(row) for row in database.execute(query, arguments)]

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._database
            except sqlite3.Error as err:
                raise LectureStoreError(err) from err

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._reading() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
                database.execute("COMMIT")
            except BaseException:
                if database.in_transaction:
                    database.execute("ROLLBACK")
                raise


def _append(database: sqlite3.Connection, id_: str, segments: Sequence[Segment]) -> None:
    (count,) = database.execute("SELECT count(*) FROM segments WHERE lecture = ?", (id_,)).fetchone()
    database.executemany(
        "INSERT INTO segments VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (id_, number, storable(one.text), one.start, one.end, words_to_text(one.words), storable(one.speaker))
            for number, one in enumerate(segments, start=count)
        ],
    )


def _forget(database: sqlite3.Connection, path: str, but: str = "") -> None:
    database.execute(
        "UPDATE lectures SET gone_at = ? WHERE path = ? AND id != ? AND gone_at IS NULL", (_now(), path, but)
    )


def _entry_of(database: sqlite3.Connection, id_: str) -> Entry:
    row = database.execute(f"{GET} AND id = ?", (id_,)).fetchone()
    if row is None:
        raise UnknownLectureError(id_)
    return entry_of_row(row)


def _shown(found: Found) -> tuple[object, ...]:
    return found.path, found.file_mark, found.title, found.held_on.isoformat(), found.has_media


def _check_ready(entry: Entry) -> None:
    if entry.state is not LectureState.READY:
        raise LectureStateError(f"The lecture is {entry.state}; wait until it is ready.")


def _one_line(text: str) -> str:
    return storable(" ".join(text.split()))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

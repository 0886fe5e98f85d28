"""Keeping the library equal to the folder."""

from __future__ import annotations

import hashlib
import logging
import os
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath
from threading import Event, Lock
from typing import TYPE_CHECKING

from knowledge.errors import SourceError
from knowledge.events import Events, IngestEvent, Stage
from knowledge.files.disk import KnownDisk
from knowledge.files.folder import FileState, Listing, Settling, file_state, listing
from knowledge.files.lectures import LectureFile, set_aside
from knowledge.lectures.files import is_lecture, is_recording
from knowledge.lectures.hashing import Hashing
from knowledge.models import FileRecord, Kind, Prepared, Status
from knowledge.reading.prepare import RECIPE, file_title
from knowledge.reasons import Problem, Reason
from knowledge.sources import imdb, kind_of, source_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from knowledge.files.lectures import Aside, LectureFiles
    from knowledge.reading.parser import Parser
    from knowledge.settings import KnowledgeSettings
    from knowledge.store.library import Library

_LOGGER = logging.getLogger(__name__)

_WRITES_BEFORE_OPTIMISE = 20
_WRITES_BEFORE_MERGE = 500
"""The same within one scan of many files: what is not merged is searched row by row."""
# Formats that hold text which we cannot read yet: their owner must hear of it. Anything else that is not ours
# (pictures, videos) is passed over in silence.
_UNREAD_FORMATS = frozenset({".doc", ".xls", ".ods", ".ppt", ".odp", ".djvu", ".mobi", ".azw3", ".pages"})


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What one look at the folder did, in files."""

    indexed: int = 0
    failed: int = 0
    removed: int = 0
    unsettled: int = 0
    """Still being copied; they are looked at again."""
    duplicates: int = 0


class Ingester:
    """Compares the folder with the catalogue and takes in what differs. Blocking; one scan at a time."""

    def __init__(
        self,
        settings: KnowledgeSettings,
        library: Library,
        parser: Parser,
        lectures: LectureFiles,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.pending = 0
        """Files that the scan in progress still has before it."""
        self.events = Events[IngestEvent]()
        self._folder = settings.folder
        self._settings = settings.ingest
        self._most_recorded = settings.lectures.max_file_bytes
        self._library = library
        self._parser = parser
        self._lectures = lectures
        self._hashing = Hashing()
        self._aside: dict[str, Aside] = {}
        self._clock = clock
        self._settling = Settling(settings.ingest.settle_seconds)
        self._lock = Lock()
        self._stopping = Event()
        self._disk = KnownDisk(settings.data / "disk")

    def scan(self, *, retry_failed: bool = False) -> ScanReport:
        """Take in what was added, changed, moved or deleted since the last scan.

        A file that cannot be read is noted with its reason and costs nothing else.

        Raises: FolderError if the folder itself cannot be read; nothing is forgotten then.
        """
        with self._lock:
            return self._scan(retry_failed=retry_failed)

    def stop(self) -> None:
        """Let a scan end after the file in work; that file is given up and read again next time."""
        self._stopping.set()
        self._parser.close()

    def _scan(self, *, retry_failed: bool) -> ScanReport:
        self._library.repair()
        self._hashing.next_turn()
        known = {record.path: record for record in self._library.catalogue.files()}
        found = listing(self._folder)
        self._disk.check(self._folder, is_empty=not found.files and not found.unreadable)
        self._aside = set_aside(found)
        outdated = [
            path
            for path, state in found.files.items()
            if self._is_outdated(known.get(path), state, path, retry_failed=retry_failed)
        ]
        results = self._take_in_all(sorted(outdated, key=_is_large), found)
        # After the additions, so that a file that was moved is never absent.
        gone = [path for path in known if not found.may_hold(path)]
        for path in gone:
            _LOGGER.info("Forgetting %s", path)
            self._library.forget(path)
            self._lectures.forget(path)
            self.events.emit(IngestEvent(Stage.REMOVED, path))
        results += self._take_in_all(self._orphans(found), found)
        self.pending = results.count(None)
        if results or gone:
            self.events.emit(IngestEvent(Stage.DONE, done=len(results), total=len(results)))
        self._optimise(is_idle=not results and not gone)
        if not self._stopping.is_set():
            self._parser.warm()
        return ScanReport(
            indexed=results.count(Status.INDEXED),
            failed=results.count(Status.FAILED),
            removed=len(gone),
            unsettled=results.count(None),
            duplicates=results.count(Status.DUPLICATE),
        )

    def _take_in_all(self, paths: Sequence[str], found: Listing) -> list[Status | None]:
        results: list[Status | None] = []
        for done, path in enumerate(paths):
            if self._stopping.is_set():
                break
            self.pending = len(paths) - done
            step = IngestEvent(Stage.READING, path, done=done, total=len(paths))
            results.append(self._take_in(path, found, step))
            if self._library.unmerged_writes >= _WRITES_BEFORE_MERGE:
                self._optimise(is_idle=False)
        return results

    def _take_in(self, path: str, found: Listing, step: IngestEvent) -> Status | None:
        """Return the file's new status; None if it has to wait."""
        state, absolute = found.files[path], self._folder / found.name_on_disk(path)
        if not self._is_settled(path, state):
            return None
        self.events.emit(step)
        sha256, recipe, prepared = "", self._recipe(path), Prepared("", ())
        try:
            self._check(path, found)
            digest = self._digest(path, absolute, state)
            if digest is None:
                return None
            sha256 = digest
            known = self._library.catalogue.file(path)
            if known and known.sha256 == sha256 and self._is_current(known) and known.status is Status.INDEXED:
                self._library.catalogue.touch(path, state.modified_ns)
                self._take_in_lecture(path, absolute, sha256, state)
                return known.status
            self._check_is_no_copy(path, sha256, found)
            self._take_in_lecture(path, absolute, sha256, state)
            recipe = self._recipe(path)  # before the passages: a lecture grows meanwhile
            prepared = self._prepared(path, absolute)
            problem = prepared.problem
        except SourceError as err:
            problem = err.problem
            self._lectures.forget(path)
            recipe = self._recipe(path)
        if self._stopping.is_set() or file_state(absolute) != state:
            return None  # it changed under the reader's hands
        record = _record(path, state, sha256, problem, prepared)
        return self._put(replace(record, recipe=recipe), prepared, step)

    def _is_settled(self, path: str, state: FileState) -> bool:
        aside = self._aside.get(path)
        is_settled = self._settling.is_settled(path, state, self._clock())
        return is_settled and (aside is None or self._settling.is_settled(aside.path, aside.state, self._clock()))

    def _digest(self, path: str, absolute: Path, state: FileState) -> str | None:
        """Return the file's digest; None if a large one needs another turn. Raises: SourceError."""
        if not _is_large(path):
            return _sha256(absolute)
        known = self._library.catalogue.file(path)
        if known and known.sha256 and (known.size, known.modified_ns) == (state.size, state.modified_ns):
            return known.sha256
        return self._lectures.sha256(path, state) or self._hashing.sha256(absolute, state)

    def _take_in_lecture(self, path: str, absolute: Path, sha256: str, state: FileState) -> None:
        if is_lecture(PurePosixPath(path)):
            aside = self._aside.get(path)
            transcript = None if aside is None else (self._folder / aside.name, aside.mark)
            self._lectures.take_in(LectureFile(path, absolute, sha256, state, transcript))

    def _prepared(self, path: str, absolute: Path) -> Prepared:
        if is_lecture(PurePosixPath(path)):
            return self._lectures.prepared(path)
        return self._parser.prepare(absolute, path)

    def _recipe(self, path: str) -> str:
        """Return the versions of everything that turns a file into passages."""
        if not is_lecture(PurePosixPath(path)):
            return RECIPE
        aside = self._aside.get(path)
        return f"{RECIPE}, {self._lectures.recipe(path)}{f', {aside.mark}' if aside else ''}"

    def _is_current(self, record: FileRecord) -> bool:
        return record.recipe == self._recipe(record.path)

    def _check(self, path: str, found: Listing) -> None:
        """Raise SourceError for what is not to be opened at all."""
        size = found.files[path].size
        if path in found.links_outside:
            raise SourceError(Reason.LINK_OUTSIDE)
        if size == 0:
            raise SourceError(Reason.EMPTY)
        is_streamed = source_for(PurePosixPath(path)) is imdb.SOURCE
        most = self._settings.max_list_bytes if is_streamed else self._settings.max_file_bytes
        most = self._most_recorded if _is_large(path) else most
        if size > most:
            raise SourceError(Reason.TOO_LARGE, most >> 20)

    def _check_is_no_copy(self, path: str, sha256: str, found: Listing) -> None:
        """Raise SourceError if another file of the same content and format is there; lectures are known by content."""
        kind = kind_of(PurePosixPath(path))
        for other in self._library.catalogue.with_content(sha256):
            is_same = other.kind is kind and _is_original(other, sha256)
            if (
                is_same
                and (kind is Kind.LECTURE or _is_alike(other.path, path))
                and other.path != path
                and found.may_hold(other.path)
            ):
                raise SourceError(Reason.DUPLICATE, other.path)

    def _orphans(self, found: Listing) -> list[str]:
        """Return the copies of files that have gone or changed: the first of them takes the place."""
        files = {record.path: record for record in self._library.catalogue.files()}
        copies = [record for record in files.values() if record.status is Status.DUPLICATE and record.problem]
        return [
            copy.path
            for copy in copies
            if copy.path in found.files
            and not _is_original(files.get(copy.problem.detail if copy.problem else ""), copy.sha256)
        ]

    def _put(self, record: FileRecord, prepared: Prepared, step: IngestEvent) -> Status:
        self._library.put(record, prepared)
        if record.status is Status.FAILED:
            _LOGGER.warning("Cannot index %s: %s", record.path, record.reason)
        else:
            _LOGGER.info("Indexed %s: %d passages", record.path, record.passages)
        stage, done = Stage(record.status.value), step.done + 1
        self.events.emit(replace(step, stage=stage, problem=record.problem, passages=record.passages, done=done))
        return record.status

    def _is_outdated(self, known: FileRecord | None, state: FileState, path: str, *, retry_failed: bool) -> bool:
        if known is None:
            return is_readable(path)
        if (known.size, known.modified_ns) != (state.size, state.modified_ns) or not self._is_current(known):
            return True
        if known.problem is not None and known.problem.reason is Reason.CANNOT_OPEN:
            return os.access(self._folder / path, os.R_OK)  # its permissions have no date
        return retry_failed and known.status is Status.FAILED

    def _optimise(self, *, is_idle: bool) -> None:
        writes = self._library.unmerged_writes
        if writes >= _WRITES_BEFORE_OPTIMISE or (writes and is_idle):
            try:
                self._library.optimise()
            except (OSError, RuntimeError) as err:  # what LanceDB raises for a full disk and for a lost race
                _LOGGER.warning("The index could not be optimised, it will be tried again: %s", err)


def is_readable(path: str) -> bool:
    """Say whether a file is for us, or one whose owner must hear that it is not."""
    pure = PurePosixPath(path)
    if kind_of(pure) is Kind.FILM and imdb.COMPANION.fullmatch(pure.name):
        return False
    return is_lecture(pure) or source_for(pure) is not None or pure.suffix.lower() in _UNREAD_FORMATS


def _is_large(path: str) -> bool:
    """Say whether a file may take minutes to read from the disk; such ones come after all others."""
    return is_recording(PurePosixPath(path))


def _is_alike(path: str, other: str) -> bool:
    return PurePosixPath(path).suffix.lower() == PurePosixPath(other).suffix.lower()


def _is_original(record: FileRecord | None, sha256: str) -> bool:
    if record is None or record.sha256 != sha256:
        return False
    # A lecture that could not be transcribed is one all the same.
    return record.status is Status.INDEXED or (record.kind is Kind.LECTURE and record.status is Status.FAILED)


def _record(path: str, state: FileState, sha256: str, problem: Problem | None, prepared: Prepared) -> FileRecord:
    is_indexed = bool(prepared.passages) or problem is None  # a lecture may have no words yet
    is_copy = problem is not None and problem.reason is Reason.DUPLICATE
    return FileRecord(
        path=path,
        kind=kind_of(PurePosixPath(path)),
        title=prepared.title or file_title(path),
        status=Status.INDEXED if is_indexed else Status.DUPLICATE if is_copy else Status.FAILED,
        problem=problem,
        passages=len(prepared.passages),
        size=state.size,
        modified_ns=state.modified_ns,
        sha256=sha256,
        generation=0,
        recipe=RECIPE,
        indexed_at=datetime.now(UTC).isoformat(timespec="seconds") if is_indexed else None,
    )


def _sha256(path: Path) -> str:
    """Return the digest of a file's content; raises SourceError if it cannot be opened."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as err:
        raise SourceError(Reason.CANNOT_OPEN, err.strerror) from err

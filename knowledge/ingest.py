"""Keeping the library equal to the folder."""

from __future__ import annotations

import hashlib
import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from threading import Event, Lock
from typing import TYPE_CHECKING

from knowledge.errors import SourceError
from knowledge.folder import FileState, Settling, file_state, listing
from knowledge.models import FileRecord, Prepared, Status
from knowledge.prepare import RECIPE, file_title
from knowledge.sources import kind_of, source_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from knowledge.library import Library
    from knowledge.parser import Parser
    from knowledge.settings import KnowledgeSettings

_LOGGER = logging.getLogger(__name__)

_WRITES_BEFORE_OPTIMISE = 20
# Formats that hold text which we cannot read yet: their owner must hear of it. Anything else that is not ours
# (pictures, videos) is passed over in silence.
_UNREAD_FORMATS = frozenset({".doc", ".rtf", ".xls", ".ods", ".ppt", ".odp", ".djvu", ".mobi", ".azw3", ".pages"})


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What one look at the folder did, in files."""

    indexed: int = 0
    failed: int = 0
    removed: int = 0
    unsettled: int = 0
    """Still being copied; they are looked at again."""


class Ingester:
    """Compares the folder with the catalogue and takes in what differs. Blocking; one scan at a time."""

    def __init__(
        self, settings: KnowledgeSettings, library: Library, parser: Parser, clock: Callable[[], float] = time.time
    ) -> None:
        self.pending = 0
        """Files that the scan in progress still has before it."""
        self._folder = settings.folder
        self._settings = settings.ingest
        self._library = library
        self._parser = parser
        self._clock = clock
        self._settling = Settling(settings.ingest.settle_seconds)
        self._lock = Lock()
        self._stopping = Event()

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
        known = {record.path: record for record in self._library.catalogue.files()}
        found = listing(self._folder)
        outdated = [
            (path, state)
            for path, state in found.files.items()
            if _is_outdated(known.get(path), state, path, retry_failed=retry_failed)
        ]
        results: list[Status | None] = []
        for position, (path, state) in enumerate(outdated):
            if self._stopping.is_set():
                break
            self.pending = len(outdated) - position
            results.append(self._take_in(path, state, known.get(path)))
        self.pending = results.count(None)
        # After the additions, so that a file that was moved is never absent.
        gone = [path for path in known if not found.may_hold(path)]
        for path in gone:
            _LOGGER.info("Forgetting %s", path)
            self._library.forget(path)
        self._optimise(is_idle=not results and not gone)
        return ScanReport(results.count(Status.INDEXED), results.count(Status.FAILED), len(gone), results.count(None))

    def _take_in(self, path: str, state: FileState, known: FileRecord | None) -> Status | None:
        """Return the file's new status; None if it has to wait."""
        if not self._settling.is_settled(path, state, self._clock()):
            return None
        absolute = self._folder / path
        try:
            self._check_size(state)
            sha256 = _sha256(absolute)
        except SourceError as err:
            return self._put(_record(path, state, "", str(err)), Prepared("", ()))
        if known and known.sha256 == sha256 and known.recipe == RECIPE and known.status is Status.INDEXED:
            self._library.catalogue.touch(path, state.modified_ns)
            return known.status
        record, prepared = self._prepare(absolute, path, state, sha256)
        if self._stopping.is_set() or file_state(absolute) != state:
            return None  # it changed under the reader's hands
        return self._put(record, prepared)

    def _check_size(self, state: FileState) -> None:
        if state.size == 0:
            raise SourceError("The file is empty.")
        if state.size > self._settings.max_file_bytes:
            raise SourceError(f"The file is larger than {self._settings.max_file_bytes >> 20} MB. Split it.")

    def _prepare(self, absolute: Path, path: str, state: FileState, sha256: str) -> tuple[FileRecord, Prepared]:
        try:
            prepared = self._parser.prepare(absolute, path)
        except SourceError as err:
            return _record(path, state, sha256, str(err)), Prepared("", ())
        return _record(path, state, sha256, None, prepared), prepared

    def _put(self, record: FileRecord, prepared: Prepared) -> Status:
        self._library.put(record, prepared)
        if record.reason is None:
            _LOGGER.info("Indexed %s: %d passages", record.path, record.passages)
        else:
            _LOGGER.warning("Cannot index %s: %s", record.path, record.reason)
        return record.status

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
    return source_for(pure) is not None or pure.suffix.lower() in _UNREAD_FORMATS


def _is_outdated(known: FileRecord | None, state: FileState, path: str, *, retry_failed: bool) -> bool:
    if known is None:
        return is_readable(path)
    if (known.size, known.modified_ns, known.recipe) != (state.size, state.modified_ns, RECIPE):
        return True
    return retry_failed and known.status is Status.FAILED


def _record(
    path: str, state: FileState, sha256: str, reason: str | None, prepared: Prepared | None = None
) -> FileRecord:
    is_indexed = reason is None
    return FileRecord(
        path=path,
        kind=kind_of(PurePosixPath(path)),
        title=prepared.title if prepared else file_title(path),
        status=Status.INDEXED if is_indexed else Status.FAILED,
        reason=reason,
        passages=len(prepared.passages) if prepared else 0,
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
        raise SourceError(f"The file cannot be opened: {err.strerror}. Check its permissions.") from err

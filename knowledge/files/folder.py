"""What is in the knowledge folder right now, and which of it is still being copied."""

from __future__ import annotations

import logging
import os
import stat
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from knowledge.errors import FolderError
from knowledge.files.ignore import IgnoreRules

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOGGER = logging.getLogger(__name__)

_UNFINISHED = frozenset({".part", ".partial", ".crdownload", ".download", ".tmp", ".temp", ".swp", ".filepart", ".!ut"})
_SYSTEM = frozenset({"thumbs.db", "desktop.ini", "lost+found", "@eadir", "$recycle.bin", "system volume information"})


class FolderProblem(StrEnum):
    """What keeps the household from using its folder."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    """Nothing in it can be read."""
    READ_ONLY = "read_only"
    """Nothing can be added to it through the service."""


@dataclass(frozen=True, slots=True)
class FileState:
    """What tells a changed file from an unchanged one."""

    size: int
    modified_ns: int
    changed_ns: int
    """The inode's change time: a copy that keeps the old modification time cannot keep this one."""

    @property
    def mark(self) -> str:
        """Size and time of the content as text, to be kept."""
        return f"{self.size} {self.modified_ns}"


@dataclass(frozen=True, slots=True)
class Listing:
    """The folder's files by their path inside it, with forward slashes."""

    files: dict[str, FileState] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)
    """Folders that could not be listed; nothing is known about the files below them."""
    links_outside: set[str] = field(default_factory=set)
    """Links to what is not in the folder; they are not followed."""
    names: dict[str, str] = field(default_factory=dict)
    """The names on disk of files whose paths are not those, because they are composed differently."""

    def may_hold(self, path: str) -> bool:
        """Say whether a file may still be there."""
        return path in self.files or any(path.startswith(f"{folder}/") for folder in self.unreadable)

    def name_on_disk(self, path: str) -> str:
        """Return the path by which a file is opened."""
        return self.names.get(path, path)


def find_problem(folder: Path, *, is_empty: bool) -> FolderProblem | None:
    """Return what is wrong with the folder, the worst first; blocking. Whether it is empty is for the caller to say."""
    if not folder.is_dir():
        return FolderProblem.MISSING
    if not os.access(folder, os.R_OK | os.X_OK):
        return FolderProblem.UNREADABLE
    if is_empty:
        return FolderProblem.EMPTY
    return None if os.access(folder, os.W_OK) else FolderProblem.READ_ONLY


def listing(folder: Path) -> Listing:
    """Return what the folder holds, all levels deep; blocking.

    Raises: FolderError if it is not there or cannot be listed.
    """
    found, home, ignore = Listing(), folder.resolve(), IgnoreRules.of(folder)
    for directory, names in _walk(folder, found):
        for name in names:
            path = directory / name
            relative = path.relative_to(folder).as_posix()
            if is_ignored(relative) or ignore.match(relative) or not _is_storable(relative):
                continue
            state = file_state(path)
            if state is not None:
                _add(found, relative, state, is_outside=path.is_symlink() and not path.resolve().is_relative_to(home))
    return found


def file_state(path: Path) -> FileState | None:
    """Return a file's state; None if it is gone or is no regular file."""
    try:
        status = path.stat()
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return FileState(status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def is_ignored(relative: str) -> bool:
    """Say whether a path is hidden, a system's own, or of a download in progress."""
    path = PurePosixPath(relative)
    if any(part.startswith((".", "~$")) or part.casefold() in _SYSTEM for part in path.parts):
        return True
    return path.suffix.lower() in _UNFINISHED or path.name.endswith("~")


def name_on_disk(folder: Path, path: str) -> Path | None:
    """Return where a listed file is, by its composed or decomposed name; None if it is not there or leads elsewhere."""
    for name in (path, unicodedata.normalize("NFD", path)):
        place = folder / name
        if place.is_file() and place.resolve().is_relative_to(folder.resolve()):
            return place
    return None


class Settling:
    """Tells files at rest from files still being copied."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._first_seen: dict[str, tuple[FileState, float]] = {}

    def is_settled(self, path: str, state: FileState, now: float) -> bool:
        """Say whether a file has kept its state for long enough; `now` is in seconds since the epoch.

        Its own time stamps are enough if they are old. On a share whose clock is ahead they never are, so a state
        that was seen long enough ago counts as well.
        """
        age = now - max(state.modified_ns, state.changed_ns) / 1e9
        seen_state, seen_at = self._first_seen.get(path, (None, now))
        if age >= self._seconds or (seen_state == state and now - seen_at >= self._seconds):
            self._first_seen.pop(path, None)
            return True
        if seen_state != state:
            self._first_seen[path] = (state, now)
        return False


def _add(found: Listing, relative: str, state: FileState, *, is_outside: bool) -> None:
    """Add a file by its composed name: a Mac writes «й» as two characters, and people ask for one."""
    path = unicodedata.normalize("NFC", relative)
    if path in found.files:
        path = relative
    if path != relative:
        found.names[path] = relative
    found.files[path] = state
    if is_outside:
        found.links_outside.add(path)


def _walk(folder: Path, found: Listing) -> Iterator[tuple[Path, list[str]]]:
    def on_error(err: OSError) -> None:
        if Path(err.filename) == folder:
            raise FolderError(
                folder, f"cannot be read: {err.strerror}. Check that it exists and its permissions."
            ) from err
        _LOGGER.warning("The folder %s cannot be read: %s", err.filename, err.strerror)
        found.unreadable.append(Path(err.filename).relative_to(folder).as_posix())

    for directory, folders, names in os.walk(folder, onerror=on_error):
        folders[:] = sorted(name for name in folders if not is_ignored(name))
        yield Path(directory), sorted(names)


def _is_storable(relative: str) -> bool:
    """Say whether the name is text: a name in a broken encoding cannot be shown, stored or spoken."""
    try:
        relative.encode()
    except UnicodeEncodeError:
        _LOGGER.warning("Skipping a file whose name is not UTF-8: %r", relative)
        return False
    return True

"""Files that people put into the knowledge folder, and take out of it, through the service."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from knowledge.errors import NoteError, TooLargeError, UnknownNoteError, UnreadableError
from knowledge.ingest import is_readable
from knowledge.names import file_name, folder_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

TRASH_FOLDER = ".trash"
"""Where deleted files go; hidden, so that nothing is read from there."""

_MOST_COPIES = 1_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file shall stand."""

    kind: str
    """The folder of its kind: documents, films or lectures."""
    collection: str
    """Folders below that; empty for none."""
    name: str


class Arrival:
    """A file while it comes in; blocking."""

    def __init__(self, stream: BinaryIO, name: str, most_bytes: int) -> None:
        self._stream = stream
        self._name = name
        self._room = self._most_bytes = most_bytes

    def write(self, piece: bytes) -> None:
        """Take the next piece; raises TooLargeError, OSError."""
        self._room -= len(piece)
        if self._room < 0:
            raise TooLargeError(self._name, self._most_bytes)
        self._stream.write(piece)


@dataclass(slots=True)
class Shelved:
    """What became of a file that came in."""

    path: str = ""
    """Inside the knowledge folder; known when the block has ended."""


@contextmanager
def arriving(folder: Path, place: Place, most_bytes: int) -> Iterator[tuple[Arrival, Shelved]]:
    """Take in a file; it stands in its place when the block ends, under another name if its own is taken. Blocking.

    Raises: NoteError, UnreadableError, TooLargeError.
    """
    name = file_name(PurePosixPath(place.name.replace("\\", "/")).name)
    if not is_readable(name):
        raise UnreadableError(name)
    directory = _inside(folder, "/".join(filter(None, (place.kind, folder_path(place.collection)))))
    unfinished = directory / f".{os.getpid()}-{os.urandom(6).hex()}.part"
    shelved = Shelved()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with unfinished.open("xb") as stream:
            yield Arrival(stream, name, most_bytes), shelved
        shelved.path = _moved(unfinished, directory / name).relative_to(folder.resolve()).as_posix()
    except OSError as err:
        raise NoteError(
            f"{name} cannot be written: {err.strerror}. The service needs to write to its folder."
        ) from err
    finally:
        unfinished.unlink(missing_ok=True)


def original(folder: Path, path: str) -> Path:
    """Return a file of the knowledge folder.

    Raises: UnknownNoteError for what is not there, is hidden, or stands outside.
    """
    try:
        target = _inside(folder, path)
        is_file = target.is_file()
    except (OSError, ValueError, NoteError) as err:
        raise UnknownNoteError(path) from err
    if not is_file:
        raise UnknownNoteError(path)
    return target


def throw_away(folder: Path, path: str) -> str:
    """Move a file of the knowledge folder to its trash and return where it lies now; blocking.

    Raises: UnknownNoteError, NoteError.
    """
    target = original(folder, path)
    trash = folder.resolve() / TRASH_FOLDER
    try:
        trash.mkdir(exist_ok=True)
        thrown = _moved(target, trash / target.name)
    except OSError as err:
        raise NoteError(f"{path} cannot be deleted: {err.strerror}.") from err
    return thrown.relative_to(folder.resolve()).as_posix()


def _inside(folder: Path, path: str) -> Path:
    """Return a path below a folder; raises NoteError for one that is hidden or, by links or dots, leads elsewhere."""
    parts = PurePosixPath(path).parts
    root = folder.resolve()
    target = root.joinpath(*parts)
    if not parts or any(part.startswith(".") or part == "/" for part in parts) or "\0" in path:
        raise NoteError(f"{path} is no path in the knowledge folder.")
    if not target.resolve().is_relative_to(root):
        raise NoteError(f"{path} leads out of the knowledge folder.")
    return target


def _moved(source: Path, wanted: Path) -> Path:
    """Move a file to a name that nothing had, and return it; never writes over another file."""
    for copy in range(1, _MOST_COPIES):
        free = wanted if copy == 1 else wanted.with_name(f"{wanted.stem} ({copy}){wanted.suffix}")
        try:
            free.touch(exist_ok=False)  # keeps the name until the file is there
        except FileExistsError:
            continue
        return source.replace(free)
    raise NoteError(f"There are too many files of the name {wanted.name}.")

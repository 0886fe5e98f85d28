"""Documents that come in through the service: files of their own folder, beside the household's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from knowledge.errors import NoteError, UnknownNoteError

NOTES_FOLDER = "from-home-assistant"
"""The only folder that the service writes to and deletes from; all the others are the household's."""

_FORBIDDEN = re.compile(r'[\x00-\x1f<>:"/\\|?*]')
_MAX_NAME_BYTES = 240


@dataclass(frozen=True, slots=True)
class Note:
    """A text under a name."""

    name: str
    """For people; becomes the file's name."""
    text: str
    """Markdown or plain text."""


def write_note(folder: Path, note: Note) -> str:
    """Write a note, in place of one of the same name, and return its path in the knowledge folder; blocking.

    Raises: NoteError.
    """
    path = f"{NOTES_FOLDER}/{file_name(note.name)}"
    target = folder / path
    unfinished = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(exist_ok=True)
        unfinished.write_text(note.text, encoding="utf-8")
        unfinished.replace(target)
    except OSError as err:
        raise NoteError(f"{path} cannot be written: {err.strerror}. The service needs to write to its folder.") from err
    return path


def remove_note(folder: Path, path: str) -> None:
    """Delete a note; blocking.

    Raises: UnknownNoteError for what did not come in through the service, NoteError.
    """
    parts = PurePosixPath(path).parts
    if len(parts) != 2 or parts[0] != NOTES_FOLDER or parts[1].startswith("."):
        raise UnknownNoteError(path)
    try:
        (folder / NOTES_FOLDER / parts[1]).unlink()
    except FileNotFoundError as err:
        raise UnknownNoteError(path) from err
    except OSError as err:
        raise NoteError(f"{path} cannot be deleted: {err.strerror}.") from err


def file_name(name: str) -> str:
    """Return a name that every file system takes and that no path can hide in.

    Raises: NoteError if nothing is left of it.
    """
    return f"{plain_name(name.removesuffix('.md'))}.md"


def plain_name(name: str) -> str:
    """Return a name for a file or a folder, its extension kept.

    Raises: NoteError if nothing is left of it.
    """
    plain = " ".join(_FORBIDDEN.sub(" ", name).split()).strip(". ~")
    stem, dot, extension = plain.rpartition(".")
    while len(plain.encode()) > _MAX_NAME_BYTES:
        stem = (stem or extension)[:-1]
        plain = f"{stem}{dot}{extension}" if dot else stem
        if not stem:
            break
    if not plain or len(plain.encode()) > _MAX_NAME_BYTES:
        raise NoteError("The name has no letters or digits that a file can be named with.")
    return plain

"""Documents that come in through the service: files of their own folder, beside the household's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from knowledge.errors import NoteError, UnknownNoteError
from knowledge.names import file_name as named

NOTES_FOLDER = "from-home-assistant"
"""The only folder that Home Assistant's actions write to and delete from; the others are the household's."""



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
    """Return the name of a note's file; raises NoteError if nothing is left of it."""
    return named(f"{name.removesuffix('.md')}.md")

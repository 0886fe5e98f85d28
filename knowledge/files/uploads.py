"""Files that come in through the service: kept in folders of their own, beside the household's."""

from __future__ import annotations

import filecmp
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from knowledge.errors import NoRoomError, NoteError, UnknownNoteError, is_no_room
from knowledge.files.ingest import is_readable
from knowledge.files.notes import NOTES_FOLDER, plain_name, remove_note
from knowledge.lectures.files import (
    RECORDINGS,
    SOUND,
    TRANSCRIPTS,
    VIDEO,
    is_lecture,
    is_recording,
    is_slides,
    transcripts_beside,
)
from knowledge.models import FILE_KINDS, Kind
from knowledge.places import KIND_FOLDERS, UPLOADS_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from knowledge.settings import KnowledgeSettings

_MOST_LEVELS = 4
_UNFINISHED = re.compile(r"\.[0-9a-f]{16}\.part")
_OF_LECTURES = (
    f"Lectures are sound ({', '.join(SOUND)}), video ({', '.join(VIDEO)}) or transcripts ({', '.join(TRANSCRIPTS)}), "
    "with slides as .pdf or .pptx. Convert the recording, for example to MP3, and add that."
)


@dataclass(frozen=True, slots=True)
class Upload:
    """Where an uploaded file goes."""

    name: str
    """The file's name as its owner has it; only the last part of a path counts."""
    kind: Kind = Kind.DOCUMENT
    collection: str = ""
    """Names of folders, separated by slashes."""


def refusal(upload: Upload) -> str:
    """Return why a file is not taken, and what to do; empty for a format that is read."""
    name = _own_name(upload)
    path = PurePosixPath(upload.kind.folder, name)
    if upload.kind is Kind.LECTURE:
        return "" if is_lecture(path) or is_slides(path) else f"{name}: this format is not read. {_OF_LECTURES}"
    if is_readable(str(path)):
        return ""
    if path.suffix.lower() in RECORDINGS:
        return f"{name} is a recording. Add it among the lectures, with the kind 'lecture'."
    return f"{name}: this format is not supported. Save it as PDF, Word (.docx), EPUB or plain text."


def byte_limit(upload: Upload, settings: KnowledgeSettings) -> int:
    """Return how large an upload may be."""
    is_large = is_recording(PurePosixPath(upload.kind.folder, _own_name(upload)))
    return settings.lectures.max_file_bytes if is_large else settings.ingest.max_file_bytes


def upload_path(upload: Upload) -> str:
    """Return the path inside the knowledge folder that an upload gets.

    Raises: NoteError for a name or a collection that no path can be made of, and for a format that is not read.
    """
    levels = [plain_name(level) for level in upload.collection.split("/") if level.strip()]
    if len(levels) > _MOST_LEVELS:
        raise NoteError(f"A collection has at most {_MOST_LEVELS} levels.")
    name = plain_name(_own_name(upload))
    path = PurePosixPath(upload.kind.folder, UPLOADS_FOLDER, *levels, name).as_posix()
    if reason := refusal(upload):
        raise NoteError(reason)
    return path


def write_upload(folder: Path, upload: Upload, chunks: Iterable[bytes], most_bytes: int) -> str:
    """Write an upload and return its path in the knowledge folder; blocking.

    It takes the place of a file of the same name; a recording that is another one gets a number instead.

    Raises: NoteError, also for one that is larger than `most_bytes`; nothing is left of it then.
    """
    path = upload_path(upload)
    target = folder / path
    unfinished = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _check_inside(folder, target)
        try:
            _write(unfinished, chunks, most_bytes)
            if is_recording(PurePosixPath(path)):
                target = _free_place(target, unfinished)
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as err:
        if is_no_room(err):
            raise NoRoomError(path) from err
        raise NoteError(f"{path} cannot be written: {err.strerror}. The service needs to write to its folder.") from err
    return target.relative_to(folder).as_posix()


def remove_unfinished(folder: Path) -> None:
    """Delete what is left of uploads that the end of the program has cut off; blocking."""
    for kind in FILE_KINDS:
        for path in (folder / kind.folder / UPLOADS_FOLDER).rglob(".*.part"):
            if _UNFINISHED.fullmatch(path.name):
                with suppress(OSError):
                    path.unlink()


def remove_upload(folder: Path, path: str) -> None:
    """Delete a file that came in through the service, and the transcripts beside a recording; blocking.

    Raises: UnknownNoteError for any other file, NoteError.
    """
    if path.startswith(f"{NOTES_FOLDER}/"):
        remove_note(folder, path)
        return
    parts = path.split("/")
    is_ours = len(parts) > 2 and parts[0] in KIND_FOLDERS and parts[1] == UPLOADS_FOLDER
    if not is_ours or any(part.startswith(".") or not part for part in parts):
        raise UnknownNoteError(path)
    target = folder / path
    try:
        _check_inside(folder, target)
        beside = _transcripts_of(path, target)
        target.unlink()
        for transcript in beside:
            transcript.unlink(missing_ok=True)
    except (FileNotFoundError, IsADirectoryError) as err:
        raise UnknownNoteError(path) from err
    except OSError as err:
        raise NoteError(f"{path} cannot be deleted: {err.strerror}.") from err


def is_removable(path: str) -> bool:
    """Say whether a file came in through the service, which may then delete it."""
    parts = path.split("/")
    return parts[0] == NOTES_FOLDER or (parts[0] in KIND_FOLDERS and parts[1:2] == [UPLOADS_FOLDER])


def _transcripts_of(path: str, target: Path) -> list[Path]:
    """Return the transcripts of a recording that are no other's: without it they would be lectures of their own."""
    folder, _, name = path.rpartition("/")
    beside = transcripts_beside(f"{folder}/{one.name}" for one in target.parent.iterdir())
    own = beside.pop(f"{folder}/{name}", [])
    shared = {transcript for transcripts in beside.values() for transcript in transcripts}
    return [target.with_name(PurePosixPath(one).name) for one in own if one not in shared]


def _own_name(upload: Upload) -> str:
    return upload.name.replace("\\", "/").rsplit("/", maxsplit=1)[-1]


def _write(path: Path, chunks: Iterable[bytes], most_bytes: int) -> None:
    size = 0
    with path.open("xb") as stream:
        for chunk in chunks:
            size += len(chunk)
            if size > most_bytes:
                raise NoteError(f"The file is larger than {most_bytes >> 20} MB. Split it.")
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())


def _free_place(target: Path, recording: Path) -> Path:
    """Return where a recording goes: telephones call each one the same, and nobody can say it again."""
    places = chain([target], (target.with_stem(f"{target.stem} {number}") for number in count(2)))
    return next(place for place in places if not place.exists() or filecmp.cmp(place, recording, shallow=False))


def _check_inside(folder: Path, target: Path) -> None:
    """Raise NoteError where a folder on the way is a link that leads elsewhere."""
    if not target.parent.resolve().is_relative_to(folder.resolve()):
        raise NoteError(f"{target.parent.name} leads out of the knowledge folder.")

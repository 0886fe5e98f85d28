"""Names of files as people or strangers give them, made into names that every file system takes."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from knowledge.errors import NoteError

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
_DIRECTIONS = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks of writing direction: "photo<mark>fdp.exe" would be shown as another name than it is."""
_MAX_NAME_BYTES = 240


def file_name(name: str) -> str:
    """Return a name, with its ending, that no path can hide in.

    Raises: NoteError if nothing is left of it.
    """
    suffix = PurePosixPath(name).suffix
    stem = plain(name[: -len(suffix)] if suffix else name)
    ending = plain(suffix.removeprefix("."))
    ending = f".{ending}" if ending else ""
    while stem and len(f"{stem}{ending}".encode()) > _MAX_NAME_BYTES:
        stem = stem[:-1].rstrip(". ")
    if not stem:
        raise NoteError("The name has no letters or digits that a file can be named with.")
    return f"{stem}{ending}"


def folder_path(names: str) -> str:
    """Return a path of folders, with forward slashes; names of which nothing is left are left out."""
    return "/".join(filter(None, (plain(name)[:_MAX_NAME_BYTES // 4] for name in names.split("/"))))


def plain(name: str) -> str:
    """Return a name without what a file system refuses, hides or shows as something else."""
    visible = _DIRECTIONS.sub("", unicodedata.normalize("NFC", name))
    return " ".join(_FORBIDDEN.sub(" ", visible).split()).strip(". ~")

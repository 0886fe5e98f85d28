"""Formats that are ZIP archives of XML: opened with limits, so that a bomb is refused and not unpacked."""

from __future__ import annotations

import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lxml import etree

from knowledge.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MOST_FILES = 20_000
_MOST_BYTES = 500 << 20
"""Unpacked; what an archive declares is what `zipfile` reads of it at most."""

BROKEN = "The file is damaged or is not what its name says. Open it, save it again, or replace it."
_ENCRYPTED = "The file is protected by a password. Save a copy without the password."
_BOMB = "The file unpacks to far more than a document holds. Save it again without its pictures, or split it."


@contextmanager
def open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive for reading.

    Raises: SourceError for one that is damaged, encrypted or too large, also while it is read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check(archive)
            yield archive
    except (zipfile.BadZipFile, EOFError, KeyError, NotImplementedError, ValueError, etree.XMLSyntaxError) as err:
        raise SourceError(BROKEN) from err


def _check(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > _MOST_FILES or sum(member.file_size for member in members) > _MOST_BYTES:
        raise SourceError(_BOMB)
    if any(member.flag_bits & 1 for member in members):
        raise SourceError(_ENCRYPTED)

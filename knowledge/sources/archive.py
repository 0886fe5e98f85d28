"""Formats that are ZIP archives of XML: opened with limits, so that a bomb is refused and not unpacked."""

from __future__ import annotations

import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from knowledge.errors import SourceError
from knowledge.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MOST_FILES = 20_000
_MOST_BYTES = 500 << 20
"""Unpacked; what an archive declares is what `zipfile` reads of it at most."""


@contextmanager
def open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive for reading.

    Raises: SourceError for one that is damaged, encrypted or too large, also while it is read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check(archive)
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, SyntaxError, ValueError) as err:
        # A SyntaxError is what both lxml and xml.etree raise for broken XML.
        raise SourceError(Reason.BROKEN) from err


def _check(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > _MOST_FILES or sum(member.file_size for member in members) > _MOST_BYTES:
        raise SourceError(Reason.UNPACKS_TO_TOO_MUCH)
    if any(member.flag_bits & 1 for member in members):
        raise SourceError(Reason.PASSWORD)

"""Which disk the folder's files are on: the empty folder that a disk leaves behind is not the household's wish."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from knowledge.errors import FolderError

if TYPE_CHECKING:
    from pathlib import Path

_LOGGER = logging.getLogger(__name__)


class KnownDisk:
    """Remembers the folder's file system in a file. Blocking."""

    def __init__(self, record: Path) -> None:
        self._record = record

    def check(self, folder: Path, *, is_empty: bool) -> None:
        """Remember where the files of a folder are.

        Raises: FolderError for a folder without files on another file system than that of the files which were there.
        """
        device, known = str(folder.stat().st_dev), self._known()
        if is_empty:
            if known not in ("", device):
                raise FolderError(folder, "is empty, and its files were on another disk. Connect that disk.")
        elif known != device:
            self._remember(device)

    def _known(self) -> str:
        try:
            return self._record.read_text(encoding="ascii")
        except (OSError, ValueError):
            return ""

    def _remember(self, device: str) -> None:
        try:
            self._record.write_text(device, encoding="ascii")
        except OSError as err:
            _LOGGER.warning("%s cannot be written: %s", self._record, err.strerror)

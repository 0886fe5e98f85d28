"""The one folder in which the demo house lives, and who may live there."""

from __future__ import annotations

import fcntl
import filecmp
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from demo.errors import FolderNotWritableError, ForeignFolderError, HouseOccupiedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK_NAME = "house.lock"


@dataclass(frozen=True, slots=True)
class HouseFolders:
    """Where everything of one demo house is kept."""

    root: Path

    @property
    def ha(self) -> Path:
        """Home Assistant's configuration."""
        return self.root / "ha"

    @property
    def knowledge(self) -> Path:
        """The documents that the house answers from."""
        return self.root / "knowledge"

    @property
    def data(self) -> Path:
        """What the servers keep: the index, models."""
        return self.root / "data"

    @property
    def logs(self) -> Path:
        """One file for each process."""
        return self.root / "logs"

    @property
    def audio(self) -> Path:
        """What the microphone heard and the loudspeaker said."""
        return self.root / "audio"

    @property
    def login(self) -> Path:
        """The account of the house, readable by its owner only."""
        return self.root / "login.txt"

    @property
    def cleared(self) -> tuple[Path, ...]:
        """What a new run starts without."""
        return (self.ha, self.knowledge, self.data, self.logs, self.audio)


@contextmanager
def occupy(folders: HouseFolders) -> Iterator[None]:
    """Hold the folder for this process; the lock goes with the process, however that ends.

    Raises: FolderNotWritableError, ForeignFolderError, HouseOccupiedError.
    """
    lock_path = folders.root / LOCK_NAME
    try:
        folders.root.mkdir(parents=True, exist_ok=True)
        if not lock_path.exists() and any(folders.root.iterdir()):
            raise ForeignFolderError(folders.root)
        lock = lock_path.open("a")
    except OSError as err:
        raise FolderNotWritableError(folders.root, err.strerror or str(err)) from err
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HouseOccupiedError(folders.root) from None
        yield


def clear(folders: HouseFolders, samples: Path, dropped: Path) -> Path | None:
    """Remove what an earlier run left, and lay out the folders again with the sample documents.

    Documents that somebody added or changed are not removed: unless everything comes from the samples or from what a
    run drops later, the old knowledge folder is moved aside, and its new place is returned.

    Raises: FolderNotWritableError.
    """
    try:
        rescued = _move_aside(folders) if _has_own_documents(folders.knowledge, (samples, dropped)) else None
        for folder in folders.cleared:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        if samples.is_dir():
            shutil.copytree(samples, folders.knowledge, dirs_exist_ok=True)
    except OSError as err:
        raise FolderNotWritableError(folders.root, err.strerror or str(err)) from err
    return rescued


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, from its first byte on."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def _has_own_documents(knowledge: Path, ours: tuple[Path, ...]) -> bool:
    files = (path for path in knowledge.rglob("*") if path.is_file())
    return not all(any(_is_same(path, folder / path.relative_to(knowledge)) for folder in ours) for path in files)


def _is_same(path: Path, original: Path) -> bool:
    return original.is_file() and filecmp.cmp(path, original, shallow=False)


def _move_aside(folders: HouseFolders) -> Path:
    stamp = datetime.now(UTC).strftime("%Y-%m-%d_%H-%M-%S")
    return folders.knowledge.rename(folders.root / f"knowledge-{stamp}")

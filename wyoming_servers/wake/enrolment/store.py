"""The household's words and voices on disk: one file each, in the folder that the server looks at."""

import os
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import IO, TypeVar

from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.wake import speakers
from wyoming_servers.wake.own_word import SUFFIX, OwnWord, read

from .errors import EnrolmentError, ExistsError

_NAME = re.compile(r"[^\W_][\w-]{0,63}")
_SETTINGS = ".toml"

_Thing = TypeVar("_Thing")


def path_of(folder: Path, name: str) -> Path:
    """Return where a word is kept. Raises: EnrolmentError for a name that can't be a file's."""
    return folder / f"{_checked(name)}{SUFFIX}"


def speaker_path(folder: Path, name: str) -> Path:
    """Return where a person's voice is kept; `folder` is that of the words. Raises: EnrolmentError."""
    return folder / speakers.FOLDER / f"{_checked(name)}{speakers.SUFFIX}"


def check_free(path: Path) -> None:
    """Raise ExistsError when this name is taken, by a file of whatever format."""
    for other in path.parent.glob(f"{path.stem}.*"):
        if other.suffix != _SETTINGS:
            raise ExistsError(other)


def save(path: Path, write: Callable[[IO[bytes]], object], *, is_replacing: bool) -> None:
    """Write a file; the server sees all of it or nothing. Raises: EnrolmentError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=path.suffix) as file:
            write(file.file)
            file.flush()
            Path(file.name).chmod(0o644)
            if is_replacing:
                path.unlink(missing_ok=True)
            os.link(file.name, path)
    except FileExistsError as err:
        raise ExistsError(path) from err
    except OSError as err:
        raise EnrolmentError(f"Can't write {path}: {err.strerror or err}.") from err


def listed(folder: Path) -> Mapping[Path, OwnWord | str]:
    """Return the words of a folder, or why one can't be read."""
    return _read_each(folder.glob(f"[!.]*{SUFFIX}"), read)


def listed_speakers(folder: Path) -> Mapping[Path, speakers.SpeakerModel | str]:
    """Return whose voice was learnt, or why a file can't be read; `folder` is that of the words."""
    return _read_each((folder / speakers.FOLDER).glob(f"[!.]*{speakers.SUFFIX}"), speakers.read_speaker)


def remove(path: Path) -> None:
    """Remove a word with the settings beside it, or a person. Raises: EnrolmentError."""
    try:
        path.unlink()
        path.with_suffix(_SETTINGS).unlink(missing_ok=True)
    except FileNotFoundError as err:
        raise EnrolmentError(f"There is no {path.stem!r} in {path.parent}.") from err
    except OSError as err:
        raise EnrolmentError(f"Can't remove {path}: {err.strerror}.") from err


def _read_each(paths: Iterable[Path], read_one: Callable[[Path], _Thing]) -> Mapping[Path, _Thing | str]:
    found: dict[Path, _Thing | str] = {}
    for path in sorted(paths):
        try:
            found[path] = read_one(path)
        except EngineError as err:
            found[path] = str(err)
    return found


def _checked(name: str) -> str:
    name = unicodedata.normalize("NFC", name)
    if not _NAME.fullmatch(name):
        raise EnrolmentError(f"Can't use the name {name!r}: letters, digits, - and _ are possible, 64 at most.")
    return name

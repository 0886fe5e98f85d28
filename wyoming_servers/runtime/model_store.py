"""Models on disk: a folder of one's own, what was downloaded before, or a download from a model hub.

What is there is used as it is and the network is not asked; delete a model's folder to have it downloaded anew.
"""

import fcntl
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from shutil import disk_usage

from .errors import StoreError
from .model_hub import PART, HubError, HubFile, ModelHub
from .progress import Report, showing

_DEFAULT_ENDPOINT = "https://huggingface.co"
_REPOSITORY = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*", re.ASCII)
_REVISION = re.compile(r"\w[\w./-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """What an engine needs of a model."""

    model: str
    """A repository of the hub, "owner/name", or a folder that has the files."""

    needed: tuple[str, ...]
    """Patterns of file names, as of a shell; each has to match."""

    extra: tuple[str, ...] = ()
    """Patterns of files that are used where the model has them."""

    revision: str = "main"


def default_folder() -> Path:
    """Return where models are kept unless told otherwise."""
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(cache).expanduser() / "voice-rag" / "models"


def locate(files: ModelFiles, folder: Path) -> Path | None:
    """Return the model's folder if it has all that is needed, without asking the network. Raises: StoreError."""
    place = _place(files, folder)
    return None if _missing(files, place) else place


def fetch(files: ModelFiles, folder: Path, hub: ModelHub | None = None) -> Path:
    """Return the model's folder, downloading what is missing into `folder`.

    Blocking; called in a worker thread. Raises: StoreError that names the model, where it was looked for, and the
    folder to put the files in.
    """
    place = _place(files, folder)
    if not (missing := _missing(files, place)):
        return place
    if _is_own(files.model):
        raise StoreError(files.model, f"the folder lacks {', '.join(missing)}", place, missing)
    hub = hub or ModelHub(os.environ.get("HF_ENDPOINT") or _DEFAULT_ENDPOINT, token=os.environ.get("HF_TOKEN") or None)
    try:
        _check_endpoint(hub)
        with _only_one(place):
            if _missing(files, place):  # another process may have fetched it meanwhile
                _download(files, place, hub)
    except HubError as err:
        raise StoreError(files.model, str(err), place, missing) from err
    except OSError as err:
        raise StoreError(files.model, f"can't write there: {err.strerror or err}", place, missing) from err
    return place


def _place(files: ModelFiles, folder: Path) -> Path:
    if _is_own(files.model):
        return Path(files.model).expanduser()
    if not _REPOSITORY.fullmatch(files.model) or not _REVISION.fullmatch(files.revision) or ".." in files.revision:
        raise StoreError(files.model, "this is neither a folder nor a repository of the form owner/name", folder, ())
    revision = "" if files.revision == "main" else f"@{files.revision.replace('/', '--')}"
    return folder.expanduser() / f"{files.model.replace('/', '--')}{revision}"


def _is_own(model: str) -> bool:
    return model.startswith(("/", "./", "../", "~")) or ("/" in model and Path(model).is_dir())


def _missing(files: ModelFiles, place: Path) -> tuple[str, ...]:
    return tuple(pattern for pattern in files.needed if not any(map(_is_complete, place.glob(pattern))))


def _is_complete(path: Path) -> bool:
    return path.is_file() and path.suffix != PART


def _check_endpoint(hub: ModelHub) -> None:
    if os.environ.get("HF_HUB_OFFLINE", "").lower() in ("1", "on", "true", "yes"):
        raise HubError(hub.endpoint, "HF_HUB_OFFLINE forbids to ask the hub")
    if not hub.endpoint.startswith(("https://", "http://")):
        raise HubError(hub.endpoint, "HF_ENDPOINT is not an http address")


def _download(files: ModelFiles, place: Path, hub: ModelHub) -> None:
    listing = hub.list_files(files.model, files.revision)
    wanted = [file for file in _select(files, listing.files, hub) if not _is_there(file, place)]
    total = sum(file.size for file in wanted)
    if (free := disk_usage(place).free) < total:
        raise HubError(hub.endpoint, f"{total / 1e9:.2f} GB are needed and {free / 1e9:.2f} GB are free")
    done = 0
    with showing(files.model, total) as report:
        for file in wanted:
            hub.download(files.model, listing.commit, file, place / file.name, _from(done, report))
            done += file.size
            report(done)


def _select(files: ModelFiles, listed: Sequence[HubFile], hub: ModelHub) -> list[HubFile]:
    """Return the wanted files, what is needed at the end: a folder that has it has everything."""
    selected = dict[str, HubFile]()
    for pattern in (*files.extra, *files.needed):
        found = [file for file in listed if fnmatchcase(file.name, pattern)]
        if pattern in files.needed and not found:
            raise HubError(hub.endpoint, f"the repository has no file {pattern}")
        for file in found:
            _check_name(file.name, hub)
            selected.pop(file.name, None)
            selected[file.name] = file
    return list(selected.values())


def _check_name(name: str, hub: ModelHub) -> None:
    """Refuse a name that would leave the model's folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name:
        raise HubError(hub.endpoint, f"the repository has a file with the forbidden name {name!r}")


def _is_there(file: HubFile, place: Path) -> bool:
    path = place / file.name
    return path.is_file() and file.is_intact(path)


def _from(begin: int, report: Report) -> Report:
    return lambda received: report(begin + received)


@contextmanager
def _only_one(place: Path) -> Iterator[None]:
    """Wait until no other process downloads into the folder. Raises: OSError."""
    place.mkdir(parents=True, exist_ok=True)
    with (place / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

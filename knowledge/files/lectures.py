"""What the folder's ingest and the lectures say to each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from knowledge.lectures.files import transcripts_beside

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.files.folder import FileState, Listing
    from knowledge.models import Prepared


@dataclass(frozen=True, slots=True)
class LectureFile:
    """A lecture's file that is copied to its end."""

    path: str
    """Inside the knowledge folder."""
    place: Path
    """On disk."""
    sha256: str
    state: FileState
    transcript: tuple[Path, str] | None = None
    """Of a recording that has one beside it: its place, and a mark that changes with it."""


class LectureFiles(Protocol):
    """Who keeps the lectures."""

    def recipe(self, path: str) -> str:
        """Return what tells whether what is indexed of a file is up to date."""
        ...

    def sha256(self, path: str, state: FileState) -> str | None:
        """Return the digest of a file that is known in this state, also when the catalogue was lost."""
        ...

    def take_in(self, file: LectureFile) -> None:
        """Know a file that is copied to its end. Raises: SourceError for one that cannot be used."""
        ...

    def prepared(self, path: str) -> Prepared:
        """Return what is found of a file so far; no passages and no problem before its first words."""
        ...

    def forget(self, path: str) -> None:
        """Hear that a file is gone or cannot be used; it may be no lecture."""
        ...


@dataclass(frozen=True, slots=True)
class Aside:
    """The transcript beside a recording."""

    path: str
    name: str
    """The path by which it is opened."""
    state: FileState

    @property
    def mark(self) -> str:
        """What changes with the file."""
        return f"{self.path} {self.state.mark}"


def set_aside(found: Listing) -> dict[str, Aside]:
    """Take the transcripts that belong to recordings out of a listing; return the best of each recording.

    A link that leads out of the folder belongs to nothing: what is outside is not read.
    """
    beside = transcripts_beside(path for path in found.files if path not in found.links_outside)
    best = {
        recording: Aside(paths[0], found.name_on_disk(paths[0]), found.files[paths[0]])
        for recording, paths in beside.items()
    }
    for path in {path for paths in beside.values() for path in paths}:
        del found.files[path]
    return best

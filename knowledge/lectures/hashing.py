"""The digests of large files a little at a time, so that they keep no other file waiting."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING

from knowledge.errors import SourceError
from knowledge.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from knowledge.files.folder import FileState

_CHUNK_BYTES = 4 << 20
_SECONDS = 3.0


class Hashing:
    """Digests of files, each over as many calls as it takes."""

    def __init__(self, seconds: float = _SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        """Take how long a turn may last, of all files together."""
        self._seconds = seconds
        self._clock = clock
        self._until: float | None = None
        self._begun: dict[Path, tuple[FileState, int, hashlib._Hash]] = {}

    def next_turn(self) -> None:
        """Begin a turn."""
        self._until = None

    def sha256(self, place: Path, state: FileState) -> str | None:
        """Return the digest of a file in a state; None when it has to be asked again in the next turn. Blocking.

        Raises: SourceError if it cannot be read.
        """
        if self._until is None:
            self._until = self._clock() + self._seconds
        elif self._clock() >= self._until:
            return None
        seen, done, digest = self._begun.pop(place, (state, 0, hashlib.sha256()))
        if seen != state:
            done, digest = 0, hashlib.sha256()
        try:
            with place.open("rb") as stream:
                stream.seek(done)
                while chunk := stream.read(_CHUNK_BYTES):
                    digest.update(chunk)
                    if self._clock() >= self._until:
                        self._begun[place] = (state, stream.tell(), digest)
                        return None
        except OSError as err:
            raise SourceError(Reason.CANNOT_OPEN, err.strerror) from err
        return digest.hexdigest()

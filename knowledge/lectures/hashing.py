"""The digest of a large file a little at a time, so that it keeps no other file waiting."""

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
        """Take how long one call may last."""
        self._seconds = seconds
        self._clock = clock
        self._begun: dict[Path, tuple[FileState, int, hashlib._Hash]] = {}

    def sha256(self, place: Path, state: FileState) -> str | None:
        """Return the digest of a file in a state; None when it has to be asked again to go on. Blocking.

        Raises: SourceError if it cannot be read.
        """
        until = self._clock() + self._seconds
        seen, done, digest = self._begun.pop(place, (state, 0, hashlib.sha256()))
        if seen != state:
            done, digest = 0, hashlib.sha256()
        try:
            with place.open("rb") as stream:
                stream.seek(done)
                while chunk := stream.read(_CHUNK_BYTES):
                    digest.update(chunk)
                    if self._clock() >= until:
                        self._begun[place] = (state, stream.tell(), digest)
                        return None
        except OSError as err:
            raise SourceError(Reason.CANNOT_OPEN, err.strerror) from err
        return digest.hexdigest()

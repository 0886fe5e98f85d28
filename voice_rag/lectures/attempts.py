"""Whether a piece is worth another try. Pure."""

from knowledge.errors import TranscriberError, TranscriberUnavailableError
from knowledge.lectures.protocols import Piece

MOST_ATTEMPTS = 3
"""A server that fails may have been restarting; a piece that makes it fail each time would do so for ever."""


class Attempts:
    """Counts the failures of one piece after another."""

    def __init__(self) -> None:
        self._start: float | None = None
        self._count = 0

    def failure(self, piece: Piece, message: str) -> TranscriberError:
        """Return what to raise when something went wrong that may be the piece's fault or not."""
        self._count = self._count + 1 if piece.start == self._start else 1
        self._start = piece.start
        if self._count < MOST_ATTEMPTS:
            return TranscriberUnavailableError(message)
        self._count = 0
        return TranscriberError(message)

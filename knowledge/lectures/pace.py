"""How fast a lecture is worked through, and how long the rest will take. Pure."""

from __future__ import annotations

from knowledge.lectures.models import Progress

_MEMORY = 0.8
"""Share of what was seen before that counts when the next step is seen."""


class Pace:
    """A moving average of seconds of the recording per second of work."""

    def __init__(self) -> None:
        self._done = 0.0
        self._spent = 0.0

    def add(self, done: float, spent: float) -> None:
        """Learn from a step: seconds of the recording, and seconds of work."""
        self._done = self._done * _MEMORY + done
        self._spent = self._spent * _MEMORY + spent

    def progress(self, done: float, total: float) -> Progress:
        """Return how far it is; `total` is 0 where the length is not known."""
        left = max(total - done, 0.0)
        is_known = total > 0 and self._done > 0
        return Progress(done, max(total, done if total else 0.0), left * self._spent / self._done if is_known else None)

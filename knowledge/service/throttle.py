"""How often listeners hear of a lecture: of progress now and then, of everything else at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.lectures.models import Lecture

PROGRESS_SECONDS = 1.0


class Throttle:
    """Remembers what was told of each lecture, and when."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[Lecture, float]] = {}

    def lets_through(self, lecture: Lecture, now: float) -> bool:
        """Say whether a lecture as it is at a moment, in seconds of any clock, is news."""
        # In work, its version grows with its progress.
        still = replace(lecture, progress=None, version=0) if lecture.progress else lecture
        before = self._told.get(lecture.id)
        if before is not None and before[0] == still and now - before[1] < PROGRESS_SECONDS:
            return False
        self._told[lecture.id] = (still, now)
        return True

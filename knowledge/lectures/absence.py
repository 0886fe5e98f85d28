"""When something that is away is looked for again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST_SECONDS = 300.0


class Absence:
    """Each time that it is still away, it is left alone for twice as long, up to five minutes. Any thread may ask."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._times = 0
        self.until = 0.0
        """By the clock; it may be looked for from then on."""

    def __bool__(self) -> bool:
        """Say whether it is to be left alone."""
        return self._clock() < self.until

    def note(self, first_seconds: float) -> None:
        """It was looked for and is away; the first time, leave it alone for so long."""
        self.until = self._clock() + min(first_seconds * 2**self._times, _LONGEST_SECONDS)
        self._times += first_seconds * 2**self._times < _LONGEST_SECONDS

    def hurry(self) -> None:
        """Look for it at once."""
        self.until = 0.0

    def end(self) -> None:
        """It is there."""
        self._times, self.until = 0, 0.0

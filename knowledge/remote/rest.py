"""A pause after a failure, so that each question does not wait for it anew."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

REST_SECONDS = 30.0


class Rest:
    """Whether something that failed is left alone for now. Any thread may ask."""

    def __init__(self, seconds: float = REST_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._until = 0.0

    def begin(self) -> None:
        """Leave it alone from now on."""
        self._until = self._clock() + self._seconds

    def __bool__(self) -> bool:
        """Say whether it is to be left alone."""
        return self._clock() < self._until

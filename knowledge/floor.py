"""Who has the floor: while people ask, the language model is theirs."""

from __future__ import annotations

import time
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Floor:
    """Counts who asks. Any thread may take it, and look whether it is free."""

    def __init__(self, quiet_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Keep it taken for so long after a question: an assistant that has searched asks the model only then."""
        self._quiet_seconds = quiet_seconds
        self._clock = clock
        self._people = 0
        self._quiet_until = 0.0
        self._lock = Lock()

    @property
    def is_free(self) -> bool:
        """Whether nobody asks, nor has asked a moment ago."""
        return not self._people and self._clock() >= self._quiet_until

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Have the floor while the context lasts."""
        with self._lock:
            self._people += 1
        try:
            yield
        finally:
            with self._lock:
                self._quiet_until = self._clock() + self._quiet_seconds
                self._people -= 1

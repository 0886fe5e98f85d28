"""A circuit breaker: after failures nobody waits for a server that does not answer. Pure; the caller has the clock."""

from collections.abc import Sequence

PAUSES_SECONDS = (10.0, 20.0, 40.0, 60.0)
"""Between attempts; the last one repeats."""
DOUBTS = 2
"""Answers that are errors, one after another, until the server counts as gone."""


class CircuitBreaker:
    """Closed while the server answers, open while it does not."""

    def __init__(self, pauses_seconds: Sequence[float] = PAUSES_SECONDS) -> None:
        self._pauses = pauses_seconds
        self._doubts = 0
        self._openings = 0

    @property
    def is_open(self) -> bool:
        """Whether requests are to be spared."""
        return self._openings > 0

    @property
    def attempts(self) -> int:
        """How many attempts have failed since it opened, the one that opened it included."""
        return self._openings

    @property
    def pause_seconds(self) -> float:
        """How long to wait before the next attempt; longer after each one that failed."""
        return self._pauses[min(max(self._openings, 1), len(self._pauses)) - 1]

    def succeeded(self) -> bool:
        """Note an answer; true when that closed the breaker."""
        was_open = self.is_open
        self._doubts = self._openings = 0
        return was_open

    def failed(self, *, is_gone: bool) -> bool:
        """Note a failure; true when that opened the breaker.

        `is_gone` is a failure that leaves no doubt: nothing answers, or not in time.
        """
        self._doubts += 1
        if not is_gone and self._doubts < DOUBTS:
            return False
        was_open = self.is_open
        self._openings += 1
        return not was_open

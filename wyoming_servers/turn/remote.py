"""Detectors on other machines: they may be slow or gone, and a home that waits for them would be silent.

After a failure the local detector answers; after several in a row the other machine is left alone for a while.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence

from wyoming_servers.runtime import metrics
from wyoming_servers.runtime.errors import EngineError

from .detector import Pause, TurnDetector
from .engine import JudgesBatches

_LOGGER = logging.getLogger(__name__)
_TIMEOUT_SECONDS = 0.3
"""Longer than an answer from the same network takes; what a machine that hangs costs a speaker, the first few times."""

_LIST_TIMEOUT_SECONDS = 10.0


def timeout_seconds(pauses: int) -> float:
    """Return how long to wait for so many answers: somebody speaks now where it is one, nobody waits for a list."""
    return _TIMEOUT_SECONDS if pauses == 1 else _LIST_TIMEOUT_SECONDS


class Circuit:
    """A circuit breaker: whether it is worth asking. For any thread."""

    def __init__(
        self, *, failures: int = 3, seconds: float = 30.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """It opens after so many failures in a row; after so many seconds one question tries anew."""
        self._most = failures
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._open_until = 0.0

    def allows(self) -> bool:
        """Return whether to ask now."""
        with self._lock:
            if self._failures < self._most:
                return True
            now = self._clock()
            if now < self._open_until:
                return False
            self._open_until = now + self._seconds  # the others wait for what this question finds out
            return True

    def succeeded(self) -> bool:
        """Return whether it was open before."""
        with self._lock:
            was_open, self._failures = self._failures >= self._most, 0
            return was_open

    def failed(self) -> None:
        """Count a failure."""
        with self._lock:
            self._failures += 1
            self._open_until = self._clock() + self._seconds


class GuardedDetector:
    """A detector that may fail, with another that takes its place then."""

    def __init__(self, remote: JudgesBatches, local: TurnDetector, circuit: Circuit) -> None:
        self._remote = remote
        self._local = local
        self._circuit = circuit

    def completeness(self, pause: Pause) -> float:
        """Return the probability that the speaker has finished."""
        return self.completeness_of_all([pause])[0]

    def completeness_of_all(self, pauses: Sequence[Pause]) -> Sequence[float]:
        """Return it for each pause, all of them from the same detector."""
        if self._circuit.allows():
            try:
                answers = self._remote.completeness_of_all(pauses)
            except EngineError as err:
                self._circuit.failed()
                _LOGGER.warning("The remote turn detector failed, a local one answers: %s", err)
            else:
                if self._circuit.succeeded():
                    _LOGGER.info("The remote turn detector answers again")
                return answers
        metrics.TURN_FALLBACKS.inc(len(pauses))
        return [self._local.completeness(pause) for pause in pauses]

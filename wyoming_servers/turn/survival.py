"""How long people pause in the middle of a turn, as the share of pauses that last longer than a time. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

_STEP_SECONDS = 0.1
_STEPS = 30
"""Pauses are told apart up to three seconds."""

_FIRST_STEP = 2
"""Shorter pauses are not noticed."""

_DECAY = 0.98
"""What a pause weighs after the next one: half after 35 pauses."""

_PRIOR_PAUSES = 20.0
"""The default curve weighs as much as this many pauses."""


@dataclass(frozen=True, slots=True)
class Survival:
    """A falling curve through points, exponential between them and after the last."""

    points: tuple[tuple[float, float], ...]
    """Seconds, and the share of pauses that last longer; two points or more, from zero seconds on."""

    def share_above(self, seconds: float) -> float:
        """Return the share of pauses that last longer than so many seconds."""
        pieces = pairwise(self.points)
        (start, high), (end, low) = next((piece for piece in pieces if seconds <= piece[1][0]), self.points[-2:])
        return float(high * (low / high) ** ((seconds - start) / (end - start)))

    def seconds_until(self, share: float) -> float:
        """Return the time that no larger share of pauses lasts longer than; infinite for none at all."""
        if share <= 0:
            return math.inf
        pieces = pairwise(self.points)
        (start, high), (end, low) = next((piece for piece in pieces if piece[1][1] <= share), self.points[-2:])
        return start if share >= high else start + (end - start) * math.log(share / high) / math.log(low / high)


DEFAULT_PAUSES = Survival(((0.0, 1.0), (0.1, 0.999), (0.3, 0.556), (0.6, 0.217), (1.0, 0.1), (1.6, 0.05)))
"""The pauses in recorded conversations of LiveKit's eot-bench (2026), from its row for silence alone."""


class PauseHistory:
    """The pauses that the speakers of a house have made, the latest with the greatest weight.

    A turn that was answered hides how long its last pause would have been, had there been more to say: the curve is
    Kaplan and Meier's estimate, which takes such a pause for one that was at least as long.
    """

    def __init__(self, resumed: Sequence[float] = (), lasted: Sequence[float] = ()) -> None:
        """Takes what `to_json` gave."""
        self._resumed = _steps(resumed)
        """Weight of the pauses that ended in each step, because the speaker went on."""

        self._lasted = _steps(lasted)
        """Weight of the pauses that lasted into each step."""

    def resumed(self, seconds: float) -> None:
        """Take a pause after which the speaker went on."""
        last = min(int(seconds / _STEP_SECONDS), _STEPS - 1)
        self._count(last + 1, 1.0)
        self._resumed[last] += 1.0

    def ended(self, seconds: float, probability: float) -> None:
        """Take a pause that was answered, and the probability that the speaker had finished."""
        self._count(min(int(seconds / _STEP_SECONDS), _STEPS), 1.0 - probability)

    def survival(self) -> Survival:
        """Return the curve of these pauses, on top of the default one."""
        share = 1.0
        points = [(0.0, share)]
        for step in range(_STEPS):
            start, end = (DEFAULT_PAUSES.share_above(number * _STEP_SECONDS) for number in (step, step + 1))
            resumed = self._resumed[step] + _PRIOR_PAUSES * (start - end)
            share *= 1.0 - resumed / (self._lasted[step] + _PRIOR_PAUSES * start)
            points.append(((step + 1) * _STEP_SECONDS, share))
        return Survival(tuple(points))

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {"resumed": self._resumed, "lasted": self._lasted}

    def _count(self, end: int, weight: float) -> None:
        kept = _DECAY**weight
        for step in range(_STEPS):
            self._resumed[step] *= kept
            self._lasted[step] = self._lasted[step] * kept + (weight if _FIRST_STEP <= step < end else 0.0)


def _steps(weights: Sequence[float]) -> list[float]:
    return [float(weight) for weight in weights] if len(weights) == _STEPS else [0.0] * _STEPS

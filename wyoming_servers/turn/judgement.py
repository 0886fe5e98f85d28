"""What is made of the words before a pause."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from .detector import Pause, TurnDetector


class Bound(StrEnum):
    """What is known of the words besides a probability; it bounds the pause."""

    AT_ONCE = "at-once"
    """Somebody wants an end of it: «стоп»."""

    WHOLE = "whole"
    """A command that nothing can be added to."""

    UNFINISHED = "unfinished"
    """The beginning of a command."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a speaker who pauses has finished."""

    probability: float
    bound: Bound | None = None


@runtime_checkable
class TurnJudge(Protocol):
    """A detector that knows more than a probability."""

    def judge(self, pause: Pause) -> Judgement:
        """Return what the words tell. Called from any thread."""


def judge(detector: TurnDetector, pause: Pause) -> Judgement:
    """Return what a detector of either kind makes of a pause. Blocking."""
    return detector.judge(pause) if isinstance(detector, TurnJudge) else Judgement(detector.completeness(pause))

"""What the wake word service can be told."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WakeSettings:
    """How sure is sure enough, and what to do when the machine can't keep up."""

    threshold: float = 0.5
    """A window counts when its score is above this."""

    trigger_windows: int = 1
    """Consecutive windows above the threshold that make a detection."""

    refractory_seconds: float = 2.0
    """After a detection the same word stays silent for so long, counted in audio."""

    backlog_seconds: float = 1.0
    """Audio that may wait for the engine; beyond it the oldest is skipped, so that a word is never noticed late."""

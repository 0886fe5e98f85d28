"""What the end of the turn can be told."""

from dataclasses import dataclass
from enum import StrEnum


class Patience(StrEnum):
    """How much silence a speaker is given; the three that Home Assistant lets people choose from."""

    RELAXED = "relaxed"
    DEFAULT = "default"
    AGGRESSIVE = "aggressive"


@dataclass(frozen=True, slots=True)
class TurnSettings:
    """Pauses and limits, all counted in audio."""

    patience: Patience = Patience.DEFAULT

    speech_threshold: float = 0.5
    """A window is speech from this probability on, and until it falls 0.15 below it."""

    speech_ms: int = 96
    """Speech of this length begins an utterance; clicks are shorter."""

    speculate_ms: int = 192
    """After a pause of this length the words so far are transcribed."""

    shortest_pause_ms: int = 224
    """No shorter pause ends a turn."""

    whole_pause_ms: int = 288
    """The longest pause after a command that nothing can be added to."""

    unfinished_pause_ms: int = 1500
    """The shortest pause after the beginning of a command."""

    longest_unfinished_pause_ms: int = 2500
    """The longest one."""

    longest_pause_ms: int = 1600
    """The longest pause after any other words; see docs/benchmarks.md for how it was chosen."""

    no_speech_seconds: float = 5.0
    """Nobody spoke for so long: the transcript is empty."""

    longest_seconds: float = 30.0
    """A turn is over after this time, whoever still speaks."""

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

    shortest_pause_ms: int = 384
    """The pause that ends a turn whose words are surely complete."""

    longest_pause_ms: int = 1800
    """The pause that ends a turn whose words are surely incomplete; see docs/benchmarks.md for how it was chosen."""

    no_speech_seconds: float = 5.0
    """Nobody spoke for so long: the transcript is empty."""

    longest_seconds: float = 30.0
    """A turn is over after this time, whoever still speaks."""

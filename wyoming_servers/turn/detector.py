"""Whether words are a whole turn."""

from typing import Protocol


class TurnDetector(Protocol):
    """Judges the words before a pause."""

    def completeness(self, text: str, language: str) -> float:
        """Return the probability that the speaker has finished, 0 to 1. Fast enough for the event loop."""

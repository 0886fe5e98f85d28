"""Whether words are a whole turn."""

from dataclasses import dataclass
from typing import Protocol

from wyoming_servers.runtime.audio import Samples


@dataclass(frozen=True, slots=True)
class Pause:
    """What is known when a speaker pauses."""

    text: str
    """The words so far, as a recogniser or a writer gives them: case and punctuation make no difference."""

    language: str
    """A base code: "ru", "en", "zh"."""

    context: tuple[str, ...] = ()
    """Earlier turns of the dialogue, oldest first."""

    audio: Samples | None = None
    """The utterance up to the pause, where a detector may hear it: mono int16 at 16 kHz."""


class TurnDetector(Protocol):
    """Judges the words before a pause. Shared by all clients; called from any thread."""

    def completeness(self, pause: Pause) -> float:
        """Return the probability that the speaker has finished, 0 to 1."""

"""What a wake word engine does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from wyoming_servers.runtime.audio import Samples


@dataclass(frozen=True, slots=True)
class WakeWord:
    """A word or phrase that can be detected."""

    name: str
    """The model's id, as clients ask for it."""

    phrase: str
    """As people say it."""

    language: str


@dataclass(frozen=True, slots=True)
class Score:
    """How sure the engine is that a word ends in the window just heard."""

    name: str
    probability: float


class WakeStream(Protocol):
    """One stream of audio listened to."""

    def process(self, window: Samples) -> Sequence[Score]:
        """Return the scores after the next window of `WakeEngine.window_samples`. Blocking; one thread at a time."""


class WakeEngine(Protocol):
    """A loaded engine, shared by all streams."""

    name: str
    window_samples: int

    def words(self) -> Sequence[WakeWord]:
        """Return what can be detected now."""

    def open(self, names: Sequence[str]) -> WakeStream:
        """Return a fresh stream that listens for `names`, all of them known. Blocking."""

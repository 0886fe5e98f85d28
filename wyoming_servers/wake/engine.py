"""What a wake word engine does: listen to many streams at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from wyoming_servers.runtime.audio import Samples
from wyoming_servers.runtime.errors import ServerError

from .words import Evidence


@dataclass(frozen=True, slots=True)
class Score:
    """How sure the engine is that a word ends in the window just heard."""

    name: str
    probability: float


class WakeStream(Protocol):
    """One stream's past and the words that it listens for."""

    def evidence(self, score: Score) -> Evidence:
        """Return what led to a score of the last window."""


@dataclass(frozen=True, slots=True)
class Due:
    """A stream's next window."""

    stream: WakeStream
    samples: Samples
    """Shape [WakeEngine.window_samples]."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a window brought."""

    scores: Sequence[Score] = ()
    """Of each word that the stream listens for."""

    failure: ServerError | None = None
    """Why the stream can't go on."""


class WakeEngine(Protocol):
    """A loaded engine, shared by all streams; one thread at a time."""

    name: str
    window_samples: int
    lead_samples: int
    """Silence to be put before each stream: with it, windows end where the engine has use for their last sample."""

    memory_windows: int
    """What lies further back has no influence on a score."""

    def open(self, names: Sequence[str]) -> WakeStream:
        """Return a stream that has heard silence so far. Blocking. Raises: EngineError, UnknownNameError."""

    def process(self, due: Sequence[Due]) -> Sequence[Heard]:
        """Return for each window what it brought; no stream may be among them twice. Blocking."""

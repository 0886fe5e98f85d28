"""Speech with pauses, and a recogniser that knows what was said by when."""

import threading
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tests.fakes.spoken import spoken
from tests.waiting import PATIENCE_SECONDS
from wyoming_servers.runtime.audio import Samples
from wyoming_servers.stt.engine import Transcription

RATE = 16_000
_AUDIBLE = 300


@dataclass(frozen=True)
class Said:
    """What somebody said, and when each piece of it was over."""

    samples: NDArray[np.int16]
    pieces: tuple[tuple[int, str], ...]
    """The sample at which a piece ends, and its words."""

    def text_at(self, sample: int) -> str:
        """Return the pieces that are over by then."""
        return " ".join(text for end, text in self.pieces if end <= sample)


def say(*parts: str | float, voice: str = "en-us") -> Said:
    """Return speech made of words and of pauses in seconds."""
    sounds: list[NDArray[np.int16]] = []
    pieces: list[tuple[int, str]] = []
    for part in parts:
        sounds.append(_trimmed(part, voice) if isinstance(part, str) else np.zeros(int(part * RATE), np.int16))
        if isinstance(part, str):
            pieces.append((sum(map(len, sounds)), part))
    return Said(np.concatenate(sounds), tuple(pieces))


@dataclass
class OracleEngine:
    """Returns the words whose sound is in the audio that it is given, as soon as `gate` is open."""

    said: Said
    name: str = "oracle"
    languages: tuple[str, ...] = ("en", "ru")
    gate: threading.Event = field(default_factory=threading.Event)
    begun: threading.Event = field(default_factory=threading.Event)
    heard: list[int] = field(default_factory=list)
    """Samples of each call."""

    failures: list[Exception] = field(default_factory=list)
    """Raised by the next calls, one each."""

    def __post_init__(self) -> None:
        self.gate.set()

    def transcribe(self, samples: Samples, language: str | None) -> Transcription:
        self.heard.append(len(samples))
        self.begun.set()
        self.gate.wait(PATIENCE_SECONDS)
        if self.failures:
            raise self.failures.pop(0)
        return Transcription(self.said.text_at(len(samples)), language or "en")


def _trimmed(text: str, voice: str) -> NDArray[np.int16]:
    sound = spoken(text, voice)
    audible = np.flatnonzero(np.abs(sound.astype(np.int32)) > _AUDIBLE)
    return sound[audible[0] : audible[-1] + 1]

"""What a speech synthesis engine does."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice as clients see it. Its name says engine, language and speaker: Home Assistant shows nothing else."""

    name: str
    description: str
    languages: tuple[str, ...]


class TtsEngine(Protocol):
    """A loaded engine, shared by all clients; one call at a time."""

    name: str
    sample_rate: int
    """Hertz; the audio is 16-bit mono."""

    def synthesize(self, text: str, voice: Voice) -> Generator[bytes]:
        """Yield the sentence's PCM piece by piece; closing the generator cancels. Blocking; in a worker thread.

        Raises: EngineError.
        """

"""What the speech recognition service can be told."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SttSettings:
    """How long an utterance may be, and where the house's words are kept."""

    longest_seconds: float = 60.0
    """Audio of one utterance that is kept; what comes after it is dropped and the beginning is transcribed."""

    data: Path | None = None
    """Folder for the vocabulary. None forgets it at the end."""

    @property
    def vocabulary_path(self) -> Path | None:
        """Return the file of the vocabulary."""
        return self.data / "vocabulary.json" if self.data else None

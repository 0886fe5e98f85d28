"""What the speech synthesis service can be told."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TtsSettings:
    """Limits, pauses and the voice for clients that name none."""

    longest_text: int = 20_000
    """Characters of one answer."""

    pause_ms: int = 150
    """Silence between sentences."""

    chunk_ms: int = 64
    """Audio in one event: small, so that playing starts at once."""

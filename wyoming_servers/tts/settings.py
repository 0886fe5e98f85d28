"""What the speech synthesis service can be told."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TtsSettings:
    """Limits, pauses and loudness."""

    longest_text: int = 20_000
    """Characters of one answer."""

    most_answers: int = 32
    """Spoken at once; beyond them a client is told that the server is busy."""

    pause_ms: int = 250
    """Silence between sentences; half of it between parts of one."""

    chunk_ms: int = 64
    """Audio in one event: small, so that playing starts at once."""

    loudness: float = -20.0
    """LUFS of every voice; leaves the peaks of speech room below full scale."""

    ahead_bytes: int = 480_000
    """Audio that may wait for a client when its next unit is begun: ten seconds at 24 kHz."""

    stall_seconds: float = 30.0
    """A client that takes nothing for so long is told so, and not served further."""

    patience_seconds: float = 30.0
    """An engine that gives no audio for so long has failed."""

    cache_bytes: int = 16 << 20
    """Audio of short phrases that is kept."""

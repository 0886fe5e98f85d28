"""What the user may choose of Piper."""

from dataclasses import dataclass, field

from .config import Scales


@dataclass(frozen=True, slots=True)
class PiperOptions:
    """Which voices, how they speak, and how much memory they take."""

    voices: tuple[str, ...] = ()
    """Names of the catalogue, as "ru_RU-irina-medium", or of files of one's own. Empty: a default for each language."""

    voices_in_memory: int = 3
    """A voice of medium quality takes about 100 MB."""

    scales: Scales = field(default_factory=Scales)

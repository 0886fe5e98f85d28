"""Which dialogues are trained on and which are held out."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from zlib import crc32

from .config import DataSettings
from .dialogues import Dialogue, read_dialogues
from .errors import DataError


def split(files: Iterable[Path], settings: DataSettings) -> tuple[Sequence[Dialogue], Sequence[Dialogue]]:
    """Return the dialogues to train on and those held out. Raises: DataError."""
    trained: list[Dialogue] = []
    held_out: list[Dialogue] = []
    for file in files:
        for number, dialogue in enumerate(read_dialogues(file)):
            if dialogue.is_held_out(settings.held_out):
                held_out.append(dialogue)
            elif _is_drawn(number, settings.shares.get(dialogue.source, 1.0)):
                trained.append(dialogue)
    if not trained or not held_out:
        raise DataError("Too few dialogues: there are none left to train on, or none to evaluate with.")
    return trained, held_out


def _is_drawn(number: int, share: float) -> bool:
    return crc32(str(number).encode()) % 1000 < share * 1000

"""The languages that have a command grammar."""

from .lexicon import Lexicon
from .morphology import RussianMorphology

LANGUAGES = frozenset({"ru"})


def load_lexicon(language: str) -> Lexicon | None:
    """Return the lexicon of a base language; None where there is none. Blocking: half a second for Russian.

    Raises: ImportError when a dictionary is not installed.
    """
    if language == "ru":
        from .lexicon_ru import RUSSIAN  # noqa: PLC0415

        return Lexicon(RUSSIAN, RussianMorphology())
    return None

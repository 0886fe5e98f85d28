"""The languages that have a command grammar."""

from .lexicon import Lexicon
from .morphology import PlainMorphology, RussianMorphology


def load_lexicon(language: str) -> Lexicon | None:
    """Return the lexicon of a base language; None where there is none. Blocking: half a second for Russian.

    Raises: ImportError when a dictionary is not installed.
    """
    if language == "ru":
        from .lexicon_ru import RUSSIAN  # noqa: PLC0415

        return Lexicon(RUSSIAN, RussianMorphology())
    if language == "en":
        from .lexicon_en import ENGLISH  # noqa: PLC0415

        return Lexicon(ENGLISH, PlainMorphology())
    if language == "zh":
        from .lexicon_zh import CHINESE  # noqa: PLC0415

        return Lexicon(CHINESE, PlainMorphology())
    return None

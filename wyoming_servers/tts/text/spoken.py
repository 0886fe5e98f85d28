"""A text as the words that a voice says."""

import re
from collections.abc import Callable

from . import chinese, english, russian
from .markup import plain

_READERS: dict[str, Callable[[str], str]] = {"ru": russian.spoken, "en": english.spoken, "zh": chinese.spoken}
_PASSES = 4
"""What one rule leaves can be what another reads; the second pass, over words alone, is cheap and mostly the last."""

_PIECE = re.compile(r".{1,800}(?:\s|$)|.{1,800}", re.DOTALL)
"""Units are shorter; in a longer text the patterns would take time by its square."""

_WORD = re.compile(r"[^\W_]")


def speakable(text: str, language: str) -> str:
    """Return the text in words, as a speaker of the language would read it aloud; empty where nothing is to be said.

    `language` is the voice's ("ru", "en", "zh", also with a region); for others only the markup is removed.
    Idempotent. The first text of a language loads its dictionaries, see `warm_up`. Safe to call from several threads.
    """
    read = _READERS.get(language[:2].lower(), str)
    said = " ".join(filter(None, (_settle(piece, read) for piece in _PIECE.findall(text))))
    return said if _WORD.search(said) else ""


def _settle(text: str, read: Callable[[str], str]) -> str:
    for _ in range(_PASSES):
        before, text = text, read(plain(text))
        if text == before:
            break
    return text


def warm_up(language: str) -> None:
    """Load what `speakable` needs for a language. Blocking, up to a second; in a worker thread."""
    speakable("21 °C, 2-й дом", language)

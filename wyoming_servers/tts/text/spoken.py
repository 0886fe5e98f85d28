"""A text as the words that a voice says."""

import re
from collections.abc import Callable

from . import russian
from .markup import plain

_READERS: dict[str, Callable[[str], str]] = {"ru": russian.spoken}
_WORD = re.compile(r"[^\W_]")


def speakable(text: str, language: str) -> str:
    """Return the text in words, as a speaker of the language would read it aloud; empty where nothing is to be said.

    `language` is the voice's ("ru", "en", "zh", also with a region); for others only the markup is removed.
    Idempotent. The first text of a language loads its dictionaries, see `warm_up`. Safe to call from several threads.
    """
    reader = _READERS.get(language[:2].lower())
    said = plain(text)
    if reader:
        said = reader(said)
    return said if _WORD.search(said) else ""


def warm_up(language: str) -> None:
    """Load what `speakable` needs for a language. Blocking, up to a second; in a worker thread."""
    speakable("1", language)

"""What XTTS can be trusted with: texts below its limit, and audio that is not longer than the text can be. Pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_PAUSES = ("[.!?…。！？]", "[,;:—–，、；：)»”]", r"\s")
"""Where a text may be cut, the best first. A mark stays with the words before it."""

_SYLLABLES = frozenset({"zh", "ja", "ko"})
"""Languages whose characters are whole syllables."""


def pieces(text: str, limit: int) -> Iterator[str]:
    """Yield the text in pieces of at most `limit` characters, cut at the end of a sentence, a clause or a word."""
    text = " ".join(text.split())
    while len(text) > limit:
        end = _cut(text, limit)
        yield text[:end].strip()
        text = text[end:].strip()
    if text:
        yield text


def pieces_by_tokens(text: str, limit: int, fits: Callable[[str], bool]) -> Iterator[str]:
    """Yield pieces as above, cut smaller where a piece does not fit the model for another reason."""
    for piece in pieces(text, limit):
        if fits(piece) or len(piece) < 2:
            yield piece
        else:
            yield from pieces_by_tokens(piece, (len(piece) + 1) // 2, fits)


def _cut(text: str, limit: int) -> int:
    """Return where to cut: behind the last pause of the best kind that leaves no tiny piece, else at the limit."""
    for pause in _PAUSES:
        ends = [match.end() for match in re.finditer(pause, text[:limit])]
        if ends and ends[-1] > limit // 4:
            return ends[-1]
    return limit


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long the audio of a piece may be, in seconds."""

    least: float
    """Shorter audio lacks words."""

    typical: float
    """Of slow speech; by then the words have been said."""

    most: float
    """Longer audio is babble: the model has missed its end."""


def lengths(text: str, language: str) -> Lengths:
    """Return how long the text may take. Speech has some 10 to 20 letters a second, or 3 to 6 syllables."""
    count = sum(character.isalnum() for character in text)
    seconds = count * (0.25 if language.split("-", maxsplit=1)[0] in _SYLLABLES else 0.075)
    return Lengths(least=seconds * 0.35, typical=0.5 + seconds, most=2.0 + 2.5 * seconds)

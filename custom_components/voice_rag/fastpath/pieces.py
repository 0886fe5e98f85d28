"""A sentence cut into pieces: words and phrases with what they can mean."""

from collections.abc import Sequence
from dataclasses import dataclass

from .lexicon import Lexicon, Meaning, Role
from .numbers import read_number
from .tokens import Word


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that mean something together."""

    words: tuple[Word, ...]
    meanings: tuple[Meaning, ...] = ()
    """Empty for a word that the lexicon does not have: a name, perhaps."""
    number: float | None = None

    def value(self, role: Role) -> str | None:
        """Return what the piece means in a role; None when it has no such role."""
        return next((meaning.value for meaning in self.meanings if meaning.role is role), None)

    def values(self, role: Role) -> frozenset[str]:
        """Return all it can mean in a role."""
        return frozenset(meaning.value for meaning in self.meanings if meaning.role is role)

    def has(self, *roles: Role) -> bool:
        """Tell whether it can have one of the roles."""
        return any(meaning.role in roles for meaning in self.meanings)

    @property
    def is_mark(self) -> bool:
        """Tell whether this is punctuation."""
        return self.words[0].is_mark

    @property
    def is_preposition(self) -> bool:
        """Tell whether this is a small word without a meaning of its own."""
        return self.meanings == (_PREPOSITION,)


_PREPOSITION = Meaning(Role.FILLER, "preposition")


def cut(words: Sequence[Word], lexicon: Lexicon) -> list[Piece]:
    """Return the pieces of a sentence, the longest phrases first."""
    pieces: list[Piece] = []
    position = 0
    while position < len(words):
        piece = _cut_one(words, position, lexicon)
        pieces.append(piece)
        position += len(piece.words)
    return pieces


def _cut_one(words: Sequence[Word], start: int, lexicon: Lexicon) -> Piece:
    word = words[start]
    if word.is_mark:
        return Piece((word,))
    phrase_length, meanings = lexicon.find(words, start)
    number_length, number = read_number(words, start, lexicon.vocabulary)
    if number_length >= max(phrase_length, 1):
        return Piece(tuple(words[start : start + number_length]), number=number)
    if phrase_length:
        return Piece(tuple(words[start : start + phrase_length]), meanings)
    if word.text in lexicon.vocabulary.prepositions:
        return Piece((word,), (_PREPOSITION,))
    return Piece((word,))

"""A sentence cut into pieces: words and phrases with what they can mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .lexicon import Lexicon, Meaning, Role
from .numbers import read_number
from .tokens import COMMAS, Word


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
    def is_comma(self) -> bool:
        """Tell whether this is a comma."""
        return self.words[0].text in COMMAS

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


def cut_without_asides(words: Sequence[Word], lexicon: Lexicon) -> list[Piece]:
    """Return the pieces without what stands between commas and says nothing: "switch on, my dear, the lamp"."""
    pieces = cut(words, lexicon)
    kept: list[Piece] = []
    is_after_aside = True
    for chunk in _split_at_commas(pieces):
        if _is_aside(chunk):
            kept += [piece for piece in chunk if piece.is_mark and not piece.is_comma]
            is_after_aside = True
        else:
            kept += chunk[1:] if is_after_aside and chunk[0].is_comma else chunk
            is_after_aside = False
    if len(kept) == len(pieces) or all(piece.is_mark for piece in kept):
        return pieces
    # The words around an aside may be a phrase: "what, my dear, time is it".
    return cut([word for piece in kept for word in piece.words], lexicon)


def has_unknown_aside(pieces: Sequence[Piece]) -> bool:
    """Tell whether commas set something apart right behind the verb: "add, Mary, milk to the list"."""
    return any(
        before[-1].has(Role.VERB) and not any(piece.has(Role.VERB) for piece in chunk)
        for before, chunk in pairwise(_split_at_commas(pieces)[:-1])
    )


def _split_at_commas(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Return the pieces from comma to comma; each but the first begins with one."""
    chunks: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece.is_comma:
            chunks.append([])
        chunks[-1].append(piece)
    return [chunk for chunk in chunks if chunk]


def _is_aside(chunk: Sequence[Piece]) -> bool:
    spoken = [piece for piece in chunk if not piece.is_mark]
    return all(piece.meanings and {meaning.role for meaning in piece.meanings} <= _ASIDES for piece in spoken)


_ASIDES = frozenset({Role.FILLER, Role.ASIDE, Role.MORE})


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

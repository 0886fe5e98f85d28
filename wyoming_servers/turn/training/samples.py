"""What a dialogue teaches: after each word of each turn, whether to wait or to speak. Pure.

As in the usual recipe, a turn cut at a random word is a "wait" and the whole turn a "speak". Instead of drawing a cut,
all are used, with weights that add up to one; a share of it can be moved to the cuts at commas, where people pause.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from random import Random

from wyoming_servers.turn.ngram_features import BOUNDARY
from wyoming_servers.turn.text import normalize, tokenize

_SEPARATOR = re.compile(r"([.!?…。！？]+|[,;:，；：、]+|\s[-–—]+\s)")
_SENTENCE_ENDS = frozenset(".!?…。！？")


class Mark(IntEnum):
    """What was written after a word."""

    NONE = 0
    COMMA = 1
    """A comma, colon, semicolon or dash."""

    SENTENCE = 2
    TURN = 3
    """Nothing more: the turn is over."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn as it would be heard, with what was written after each word."""

    words: Sequence[str]
    marks: Sequence[Mark]


def read_turn(text: str) -> Turn:
    """Return a written turn's words and marks."""
    words: list[str] = []
    marks: list[Mark] = []
    for piece in _SEPARATOR.split(text):
        found = tokenize(normalize(piece))
        if found:
            words += found
            marks += [Mark.NONE] * len(found)
        elif marks and _SEPARATOR.fullmatch(piece):
            mark = Mark.SENTENCE if _SENTENCE_ENDS.intersection(piece) else Mark.COMMA
            marks[-1] = max(marks[-1], mark)
    if marks:
        marks[-1] = Mark.TURN
    return Turn(words, marks)


def weigh(turn: Turn, comma_share: float) -> Sequence[float]:
    """Return the weight of each place of a turn: 1 at its end and 1 in all before it.

    `comma_share` of the latter goes to the commas, where there are any.
    """
    cuts = len(turn.words) - 1
    commas = sum(mark is Mark.COMMA for mark in turn.marks)
    even = (1.0 - comma_share if commas else 1.0) / max(cuts, 1)
    extra = {Mark.COMMA: comma_share / max(commas, 1)}
    return [1.0 if mark is Mark.TURN else even + extra.get(mark, 0.0) for mark in turn.marks]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring tokens of a dialogue that a network reads at once: words, and the boundary before each turn."""

    words: Sequence[str]
    positions: Sequence[int]
    """The place in the turn; 0 is the boundary."""

    turns: Sequence[int]
    """The turn's number in the dialogue."""


def stretch(turns: Sequence[Turn], longest: int) -> Iterator[Stretch]:
    """Cut a dialogue into pieces of at most `longest` tokens, at turns where possible."""
    words: list[str] = []
    positions: list[int] = []
    numbers: list[int] = []
    for number, turn in enumerate(turns):
        tokens = [BOUNDARY, *turn.words]
        if words and len(words) + len(tokens) > longest:
            yield Stretch(words, positions, numbers)
            words, positions, numbers = [], [], []
        for start in range(0, len(tokens), longest):
            if start:
                yield Stretch(words, positions, numbers)
                words, positions, numbers = [], [], []
            piece = tokens[start : start + longest]
            words += piece
            positions += range(start, start + len(piece))
            numbers += [number] * len(piece)
    if words:
        yield Stretch(words, positions, numbers)


@dataclass(frozen=True, slots=True)
class Sample:
    """A turn up to a place, and what was said before it."""

    text: str
    """As it would be heard."""

    context: tuple[str, ...]
    """Earlier turns, oldest first."""

    mark: Mark
    """What was written there; TURN for a whole turn."""


def draw(turns: Sequence[Turn], random: Random, longest_context: int) -> Iterator[Sample]:
    """Yield each turn of a dialogue whole and, where it has more words, cut after a random one."""
    texts = [_join(turn.words) for turn in turns]
    for number, turn in enumerate(turns):
        context = tuple(texts[max(0, number - longest_context) : number])
        if len(turn.words) > 1:
            words = random.randrange(1, len(turn.words))
            yield Sample(_join(turn.words[:words]), context, turn.marks[words - 1])
        yield Sample(texts[number], context, Mark.TURN)


def _join(words: Sequence[str]) -> str:
    return normalize(" ".join(words))

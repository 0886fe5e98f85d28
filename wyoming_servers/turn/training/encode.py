"""Dialogues as arrays that a network is trained on. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from wyoming_servers.turn.ngram import NgramConfig
from wyoming_servers.turn.ngram_features import (
    BOUNDARY,
    MOST_PIECES,
    PLACE_FEATURES,
    rows_of_hashes,
    word_hashes,
    word_rows,
)

from .dialogues import Dialogue
from .samples import Mark, read_turn, stretch, weigh

_SLICE = 500_000
"""Places whose rows are computed at once; bounds the memory for it."""


@dataclass(frozen=True, slots=True)
class Group:
    """Where dialogues are from."""

    language: str
    source: str
    is_phrase: bool


@dataclass(frozen=True, slots=True)
class Corpus:
    """Stretches of dialogues, one after another, and the words that they are made of."""

    words: NDArray[np.int32]
    """The number of each token's word; 0 is the boundary."""

    positions: NDArray[np.int64]
    """The place of each token in its turn, the boundary's being 0."""

    places: NDArray[np.int32]
    """Rows of each place, shape [tokens, PLACE_FEATURES]."""

    marks: NDArray[np.int64]
    """A Mark for each token; NONE for boundaries."""

    weights: NDArray[np.float32]
    """What each place counts; 0 for boundaries."""

    is_first: NDArray[np.bool_]
    """Whether the turn is the first of its dialogue."""

    groups: NDArray[np.int16]
    """The number of each token's group in `origins`."""

    origins: Sequence[Group]
    ends: NDArray[np.int64]
    """Where each stretch ends."""

    pieces: NDArray[np.int64]
    """Rows of each word's pieces, shape [words, MOST_PIECES]; -1 where it has fewer."""


class Encoder:
    """Numbers the words of corpora that share a vocabulary."""

    def __init__(self, config: NgramConfig) -> None:
        self._config = config
        self._numbers = {BOUNDARY: 0}

    def encode(self, dialogues: Iterable[Dialogue], comma_share: float = 0.0, phrase_weight: float = 1.0) -> Corpus:
        """Return the dialogues as arrays; phrases that stand alone count `phrase_weight`."""
        rows = _Rows()
        for dialogue in dialogues:
            origin = Group(dialogue.language, dialogue.source, dialogue.is_phrase)
            group = rows.origins.setdefault(origin, len(rows.origins))
            factor = phrase_weight if dialogue.is_phrase else 1.0
            turns = [turn for turn in map(read_turn, dialogue.turns) if turn.words]
            for turn in turns:
                rows.marks += [Mark.NONE, *turn.marks]
                rows.weights += [0.0, *(factor * weight for weight in weigh(turn, comma_share))]
            for piece in stretch(turns, self._config.longest):
                rows.words += [self._numbers.setdefault(word, len(self._numbers)) for word in piece.words]
                rows.positions += piece.positions
                rows.is_first += [number == 0 for number in piece.turns]
                rows.ends.append(len(rows.words))
            rows.groups += [group] * (len(rows.words) - len(rows.groups))
        return self._corpus(rows)

    def _corpus(self, rows: "_Rows") -> Corpus:
        words = np.array(rows.words, np.int32)
        positions = np.array(rows.positions, np.int64)
        hashes = np.array([word_hashes(word) for word in self._numbers], np.uint64)
        return Corpus(
            words=words,
            positions=np.minimum(positions, self._config.positions - 1),
            places=_places(hashes, words, positions, self._config.place_table),
            marks=np.array(rows.marks, np.int64),
            weights=np.array(rows.weights, np.float32),
            is_first=np.array(rows.is_first, np.bool_),
            groups=np.array(rows.groups, np.int16),
            origins=list(rows.origins),
            ends=np.array(rows.ends, np.int64),
            pieces=self._pieces(),
        )

    def _pieces(self) -> NDArray[np.int64]:
        pieces = np.full((len(self._numbers), MOST_PIECES), -1, np.int64)
        for number, word in enumerate(self._numbers):
            rows = word_rows(word, self._config.word_table)
            pieces[number, : len(rows)] = rows
        return pieces


class _Rows:
    """Columns that grow."""

    def __init__(self) -> None:
        self.words: list[int] = []
        self.positions: list[int] = []
        self.marks: list[int] = []
        self.weights: list[float] = []
        self.is_first: list[bool] = []
        self.groups: list[int] = []
        self.origins: dict[Group, int] = {}
        self.ends: list[int] = []


def _places(
    hashes: NDArray[np.uint64], words: NDArray[np.int32], positions: NDArray[np.int64], table: int
) -> NDArray[np.int32]:
    is_word = positions > 0
    numbers, places = words[is_word], positions[is_word] - 1
    found = np.zeros((len(words), PLACE_FEATURES), np.int32)
    starts = np.flatnonzero(places == 0)
    before = np.searchsorted(starts, np.arange(0, len(numbers), _SLICE), side="right") - 1
    rows = [
        rows_of_hashes(hashes[numbers[start:end]], places[start:end], table).astype(np.int32)
        for start, end in pairwise([*np.unique(starts[before]), len(numbers)])
    ]
    if rows:
        found[is_word] = np.concatenate(rows)
    return found

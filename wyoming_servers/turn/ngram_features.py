"""Words and their sequences as rows of hashed tables; the same code trains and serves. Pure.

A word is the sum of its beginnings and endings, so that Russian forms share what they have in common (after fastText,
Bojanowski et al. 2017). A place in a turn is described by the few words before it.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]

BOUNDARY = "\n"
"""The token before each turn."""

PLACE_FEATURES = 8
"""Rows for each place in a turn."""

MOST_PIECES = 10
_BEGINNINGS = (2, 3, 4, 5)
_ENDINGS = (1, 2, 3, 4)
_LATEST_PLACE = 7
_MULTIPLIER = 0x9E3779B97F4A7C15
_MASK = 0xFFFFFFFFFFFFFFFF
_SHIFT = 29
_HIGH = 32

Value = TypeVar("Value", int, NDArray[np.uint64])
"""One hash, or those of many places at once."""


@lru_cache(maxsize=8192)
def word_rows(word: str, table: int) -> tuple[int, ...]:
    """Return the rows of a word's pieces in a table of that many rows: one to MOST_PIECES."""
    pieces = [f"{word}>"]
    pieces += [word[:length] for length in _BEGINNINGS if length < len(word)]
    pieces += [f"~{word[-length:]}" for length in _ENDINGS if length < len(word)]
    return tuple(crc32(piece.encode()) % table for piece in pieces)


@lru_cache(maxsize=8192)
def word_hashes(word: str) -> tuple[int, int]:
    """Return a hash of the word and one of its ending, which in Russian tells case, number and tense."""
    return crc32(word.encode()), crc32(f"~{word[-3:]}".encode())


def place_rows(words: Sequence[str], table: int) -> Sequence[int]:
    """Return the rows of the place after the last word of a turn, PLACE_FEATURES of them."""
    padded = [(0, 0)] * 3 + [word_hashes(word) for word in words[-4:]]
    last, endings = [pair[0] for pair in padded[-4:]], [pair[1] for pair in padded[-3:]]
    place = min(len(words) - 1, _LATEST_PLACE)
    return [(mixed >> _HIGH) % table for mixed in _features(last, endings, word_hashes(words[0])[0], place)]


def rows_of_hashes(hashes: NDArray[np.uint64], places: NDArray[np.int64], table: int) -> Rows:
    """Return `place_rows` of each place of many turns, shape [words, PLACE_FEATURES].

    `hashes` are those of the words, one turn after another, shape [words, 2]; `places` each word's number in its turn.
    """
    index = np.arange(len(hashes))
    pairs = [
        np.where((places >= back)[:, None], hashes[np.maximum(index - back, 0)], np.uint64(0)) for back in (3, 2, 1, 0)
    ]
    last, endings = [pair[:, 0] for pair in pairs], [pair[:, 1] for pair in pairs[1:]]
    place = np.minimum(places, _LATEST_PLACE).astype(np.uint64)
    features = _features(last, endings, hashes[index - places, 0], place)
    return ((np.stack(features, axis=1) >> _HIGH) % table).astype(np.int64)


def _features(last: Sequence[Value], endings: Sequence[Value], first: Value, place: Value) -> Sequence[Value]:
    """Return a hash of each feature, given the last four words, the last three endings and the turn's first word."""
    features = (
        (last[3], place),
        last[2:],
        last[1:],
        last,
        (last[1], last[3]),
        endings[1:],
        endings,
        (first, last[3]),
    )
    return [_round(_SALTS[number], _mix(values)) for number, values in enumerate(features)]


def _mix(values: Sequence[Value]) -> Value:
    mixed = values[0] * 0
    for value in values:
        mixed = _round(mixed, value)
    return mixed


def _round(state: Any, value: Value) -> Value:
    mixed = ((state ^ value) * _MULTIPLIER) & _MASK
    shifted: Value = mixed ^ (mixed >> _SHIFT)
    return shifted


_SALTS = tuple(_round(0, number + 1) for number in range(PLACE_FEATURES))

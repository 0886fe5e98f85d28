"""Words and their sequences as rows of hashed tables; the same code trains and serves. Pure.

A word is the sum of its beginnings and endings, so that Russian forms share what they have in common (after fastText,
Bojanowski et al. 2017). A place in a turn is described by the few words before it.
"""

from collections.abc import Sequence
from functools import lru_cache
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
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)
_HIGH = np.uint64(32)


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


def place_rows(words: Sequence[str], table: int) -> Rows:
    """Return the rows of each place after a word of a turn, shape [words, PLACE_FEATURES]."""
    hashes = np.array([word_hashes(word) for word in words], np.uint64).reshape(-1, 2)
    return rows_of_hashes(hashes, np.arange(len(words)), table)


def rows_of_hashes(hashes: NDArray[np.uint64], places: NDArray[np.int64], table: int) -> Rows:
    """Return the rows of each place of many turns, one turn after another.

    `hashes` are those of the words, shape [words, 2]; `places` is each word's number in its turn.
    """
    index = np.arange(len(hashes))
    before = [np.where((places >= back)[:, None], hashes[np.maximum(index - back, 0)], 0) for back in range(4)]
    last, second, third, fourth = (pair[:, 0] for pair in before)
    ending, ending_second, ending_third = (pair[:, 1] for pair in before[:3])
    features = [
        _mix(last, np.minimum(places, _LATEST_PLACE).astype(np.uint64)),
        _mix(second, last),
        _mix(third, second, last),
        _mix(fourth, third, second, last),
        _mix(third, last),
        _mix(ending_second, ending),
        _mix(ending_third, ending_second, ending),
        _mix(hashes[index - places, 0], last),
    ]
    salted = [_mix(np.uint64(salt + 1), feature) for salt, feature in enumerate(features)]
    return ((np.stack(salted, axis=1) >> _HIGH) % np.uint64(table)).astype(np.int64)


def _mix(*values: NDArray[np.uint64] | np.uint64) -> NDArray[np.uint64]:
    mixed = np.zeros(1, np.uint64)
    with np.errstate(over="ignore"):
        for value in values:
            mixed = (mixed ^ value) * _MULTIPLIER
            mixed = mixed ^ (mixed >> _SHIFT)
    return mixed

"""A linear discriminant (Fisher, 1936) whose covariance is shrunk towards independence (Ledoit and Wolf, 2004).

It takes a second of arithmetic, so that a recording can be judged by the word of all others; and it finds the other
speech that is most like the word, which a network then learns to tell from it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from wyoming_servers.wake.words import EMBEDDING_SIZE, Embeddings

WINDOWS = 16
"""Embeddings: two seconds of audio, as in openWakeWord's own models."""

_SHRINKAGE = 0.6
_BLOCK_ROWS = 2048
Rows = NDArray[np.float32]
"""Shape [rows, WINDOWS * EMBEDDING_SIZE]."""


def rows_of(embeddings: Embeddings) -> Rows:
    """Return what is seen at each step from the WINDOWS-th on."""
    if len(embeddings) < WINDOWS:
        return np.empty((0, WINDOWS * EMBEDDING_SIZE), np.float32)
    return sliding_window_view(embeddings, WINDOWS, axis=0).transpose(0, 2, 1).reshape(-1, WINDOWS * EMBEDDING_SIZE)


@dataclass(frozen=True, slots=True)
class Background:
    """What is not the word, as a distribution."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    inverse: NDArray[np.float64]
    """Of the shrunk correlation."""

    @classmethod
    def of(cls, parts: Iterable[Rows]) -> "Background":
        """Return the distribution of all rows of all parts; memory holds a few parts at a time."""
        size = WINDOWS * EMBEDDING_SIZE
        count, total, products = 0, np.zeros(size), np.zeros((size, size), np.float64)
        for block in _blocks(parts):
            count += len(block)
            total += block.sum(axis=0, dtype=np.float64)
            products += block.T @ block
        mean = total / count
        covariance = products / count - np.outer(mean, mean)
        scale = np.sqrt(np.maximum(covariance.diagonal(), 0)) + 1e-3
        correlation = covariance / np.outer(scale, scale)
        shrunk = (1 - _SHRINKAGE) * correlation + _SHRINKAGE * np.eye(size)
        return cls(mean, scale, np.asarray(np.linalg.inv(shrunk), np.float64))

    def discriminant(self, word: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
        """Return weights and bias of the scores that are 0 for this background's mean and 1 for `word`, a mean too."""
        difference = (word - self.mean) / self.scale
        direction = self.inverse @ difference
        weights = direction / (difference @ direction) / self.scale
        return weights, float(-weights @ self.mean)


def _blocks(parts: Iterable[Rows]) -> Iterator[Rows]:
    """Yield the parts put together: a product of few rows costs as much time for its result as one of many."""
    held: list[Rows] = []
    for part in parts:
        held.append(part)
        if sum(map(len, held)) >= _BLOCK_ROWS:
            yield np.concatenate(held)
            held = []
    if held:
        yield np.concatenate(held)

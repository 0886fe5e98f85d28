"""A network of one hidden layer, trained by numpy.

It sees only a third of its inputs at a time (dropout; Srivastava et al., 2014); otherwise it would learn the few
synthetic voices by heart.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .discriminant import Rows

UNITS = 64
_DROPPED = 0.7
_DECAY = 0.01
_EPOCHS = 8
_BATCH = 256
_RATE = 1e-3
_MOMENTS = (0.9, 0.999)

Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Network:
    """A trained network for rows that are not standardized."""

    hidden: Values
    """Shape [inputs, UNITS]."""

    hidden_bias: Values
    output: Values
    """Shape [UNITS + 1]; the last one is the bias."""


def train(words: Rows, others: Rows, random: np.random.Generator) -> Network:
    """Return a network that gives `words` scores above 0 and `others` scores below. Blocking: some ten seconds."""
    mean, scale = others.mean(axis=0), others.std(axis=0) + np.float32(1e-3)
    rows = (np.concatenate([words, others]) - mean) / scale
    wanted = np.repeat(np.array([1, 0], np.float32), [len(words), len(others)])
    weights = _initial(rows.shape[1], random)
    optimizer = _Adam(weights)
    for _ in range(_EPOCHS):
        order = random.permutation(len(rows))
        for begin in range(0, len(rows), _BATCH):
            chosen = order[begin : begin + _BATCH]
            optimizer.step(_gradients(weights, _with_gaps(rows[chosen], random), wanted[chosen]))
    hidden, bias, output, output_bias = weights
    return Network(hidden / scale[:, None], bias - (mean / scale) @ hidden, np.append(output, output_bias))


def _initial(inputs: int, random: np.random.Generator) -> list[Values]:
    hidden = random.normal(0, inputs**-0.5, (inputs, UNITS)).astype(np.float32)
    output = random.normal(0, UNITS**-0.5, UNITS).astype(np.float32)
    return [hidden, np.zeros(UNITS, np.float32), output, np.zeros(1, np.float32)]


def _with_gaps(rows: Rows, random: np.random.Generator) -> Rows:
    kept = random.random(rows.shape, np.float32) > _DROPPED
    return rows * kept / np.float32(1 - _DROPPED)


def _gradients(weights: list[Values], rows: Rows, wanted: Values) -> list[Values]:
    """Return the gradients of the cross-entropy, with weight decay."""
    hidden, bias, output, output_bias = weights
    before = rows @ hidden + bias
    units = np.maximum(before, 0)
    scores = np.clip(units @ output + output_bias, -30, 30)
    errors = ((1 / (1 + np.exp(-scores)) - wanted) / len(rows)).astype(np.float32)
    back = np.outer(errors, output) * (before > 0)
    return [
        rows.T @ back + _DECAY * hidden,
        back.sum(axis=0),
        units.T @ errors + _DECAY * output,
        errors.sum(keepdims=True),
    ]


class _Adam:
    """Kingma and Ba, 2015."""

    def __init__(self, weights: list[Values]) -> None:
        self._weights = weights
        self._means = [np.zeros_like(values) for values in weights]
        self._squares = [np.zeros_like(values) for values in weights]
        self._steps = 0

    def step(self, gradients: list[Values]) -> None:
        """Move the weights, in place."""
        self._steps += 1
        first, second = _MOMENTS
        parts = zip(self._weights, self._means, self._squares, gradients, strict=True)
        for values, mean, square, gradient in parts:
            np.add(mean, (1 - first) * (gradient - mean), out=mean)
            np.add(square, (1 - second) * (gradient**2 - square), out=square)
            root = np.sqrt(square / np.float32(1 - second**self._steps)) + np.float32(1e-8)
            np.subtract(values, np.float32(_RATE / (1 - first**self._steps)) * mean / root, out=values)

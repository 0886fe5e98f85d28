"""Calibration of a language's logits by a line (Platt 1999). Pure."""

import numpy as np

from wyoming_servers.turn.ngram import Scale

from .metrics import Floats, Labels, sigmoid

_ITERATIONS = 30
_RIDGE = 1e-6


def calibrate(logits: Floats, is_whole: Labels, weights: Floats) -> Scale:
    """Return the line that makes logits of held-out samples most likely, found by Newton's method."""
    inputs = np.stack([logits, np.ones_like(logits)], axis=1)
    line = np.array([1.0, 0.0])
    for _ in range(_ITERATIONS):
        expected = sigmoid(inputs @ line)
        gradient = inputs.T @ (weights * (expected - is_whole))
        curvature = (inputs * (weights * expected * (1 - expected))[:, None]).T @ inputs
        step = np.linalg.solve(curvature + _RIDGE * np.eye(2), gradient)
        line -= step
        if np.abs(step).max() < 1e-9:
            break
    return Scale(float(line[0]), float(line[1]))

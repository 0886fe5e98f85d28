"""How well probabilities tell whole turns from cut ones. Pure; every sample may have a weight."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Labels = NDArray[np.bool_]

_BINS = 15


@dataclass(frozen=True, slots=True)
class Scored:
    """Samples with their probabilities of being whole, all of shape [samples]."""

    probabilities: Floats
    is_whole: Labels
    weights: Floats

    def select(self, chosen: Labels) -> "Scored":
        """Return some of the samples."""
        return Scored(self.probabilities[chosen], self.is_whole[chosen], self.weights[chosen])


def measure(scored: Scored) -> Mapping[str, float]:
    """Return all the metrics by their names; NaN where one class is missing."""
    return {
        "auc": auc(scored),
        "f1": f1(scored),
        "accuracy": accuracy(scored),
        "tnr_at_tpr_99.3": true_negatives(scored, 0.993),
        "ece": calibration_error(scored),
        "samples": float(len(scored.weights)),
    }


def auc(scored: Scored) -> float:
    """Return the chance that a whole turn scores above a cut one; ties count half."""
    order = np.argsort(scored.probabilities, kind="stable")
    values, first = np.unique(scored.probabilities[order], return_index=True)
    if not len(values):
        return float("nan")
    whole = np.add.reduceat((scored.weights * scored.is_whole)[order], first)
    cut = np.add.reduceat((scored.weights * ~scored.is_whole)[order], first)
    pairs = whole.sum() * cut.sum()
    return float((whole * (np.cumsum(cut) - cut / 2)).sum() / pairs) if pairs else float("nan")


def f1(scored: Scored, threshold: float = 0.5) -> float:
    """Return the F1 of "speak" at a threshold."""
    is_taken = scored.probabilities >= threshold
    hits = scored.weights[is_taken & scored.is_whole].sum()
    total = scored.weights[is_taken].sum() + scored.weights[scored.is_whole].sum()
    return float(2 * hits / total) if total else float("nan")


def accuracy(scored: Scored, threshold: float = 0.5) -> float:
    """Return the share of right decisions at a threshold."""
    is_right = (scored.probabilities >= threshold) == scored.is_whole
    total = scored.weights.sum()
    return float(scored.weights[is_right].sum() / total) if total else float("nan")


def true_negatives(scored: Scored, true_positives: float) -> float:
    """Return the share of cut turns that wait, at the threshold where that share of whole turns is answered."""
    whole, cut = scored.select(scored.is_whole), scored.select(~scored.is_whole)
    if not len(whole.weights) or not len(cut.weights):
        return float("nan")
    order = np.argsort(-whole.probabilities)
    reached = np.searchsorted(np.cumsum(whole.weights[order]), true_positives * whole.weights.sum())
    threshold = whole.probabilities[order][min(reached, len(order) - 1)]
    return float(cut.weights[cut.probabilities < threshold].sum() / cut.weights.sum())


def calibration_error(scored: Scored) -> float:
    """Return the expected calibration error over bins of equal width (Guo et al. 2017)."""
    bins = np.minimum((scored.probabilities * _BINS).astype(int), _BINS - 1)
    gaps = np.bincount(bins, scored.weights * (scored.is_whole - scored.probabilities), minlength=_BINS)
    total = scored.weights.sum()
    return float(np.abs(gaps).sum() / total) if total else float("nan")


def sigmoid(logits: Floats) -> Floats:
    """Return probabilities."""
    clipped = np.clip(logits, -60.0, 60.0)
    return np.asarray(1.0 / (1.0 + np.exp(-clipped)), np.float64)

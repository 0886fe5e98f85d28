"""The threshold, chosen on audio that the word was not made from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wyoming_servers.runtime.audio import SAMPLE_RATE
from wyoming_servers.wake.words import EMBEDDING_SAMPLES

Scores = NDArray[np.float64]
"""Of one scene, step by step."""

_REFRACTORY_STEPS = 2 * SAMPLE_RATE // EMBEDDING_SAMPLES
_ACCEPTED = 0.02
"""Of scenes without the word, a good part of which are made of words that sound like it."""

_MISSED = 0.15
"""Of synthetic words in noise and echo, for fewer false accepts."""

_LEAST, _MOST = 1.5, 3.0
"""Probabilities of 0.82 and 0.95. A few minutes of synthetic speech can't tell what hours of life will bring: below the
least, a Russian reader whom no word was made for was taken for the word a dozen times an hour."""

_MARGIN = 0.02
_SAFELY_HEARD = 0.5
"""Score that a recording keeps above the threshold: the next utterance may be less clear."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What the word scores where it has not learnt."""

    said: Sequence[float]
    """The best score of each synthetic utterance of the word."""

    recorded: Sequence[float]
    """The same of each recording, by a model made without it."""

    others: Sequence[Scores]
    """Scenes without the word."""

    @property
    def hours(self) -> float:
        """Of audio without the word."""
        return sum(len(scores) for scores in self.others) * EMBEDDING_SAMPLES / SAMPLE_RATE / 3600

    def threshold(self) -> float:
        """Return the score from which the word counts as said.

        As strict as most of the held-out words and all of the recordings allow, and nearly without false accepts.
        """
        loudest = float(np.quantile([scores.max(initial=0.0) for scores in self.others], 1 - _ACCEPTED))
        allowed = [float(np.quantile(self.said, _MISSED))] if self.said else []
        allowed += [min(self.recorded) - _SAFELY_HEARD] if self.recorded else []
        return max(loudest + _MARGIN, _LEAST, min(_MOST, *allowed))

    def false_accepts(self, threshold: float) -> int:
        """Return how often something else would have been taken for the word."""
        return sum(_detections(scores, threshold) for scores in self.others)

    def heard(self, threshold: float) -> float:
        """Return the share of the utterances that would have been noticed."""
        return float(np.mean([score > threshold for score in (*self.said, *self.recorded)]))


def _detections(scores: Scores, threshold: float) -> int:
    count, silent_until = 0, -1
    for step in np.flatnonzero(scores > threshold):
        if step > silent_until:
            count, silent_until = count + 1, step + _REFRACTORY_STEPS
    return count

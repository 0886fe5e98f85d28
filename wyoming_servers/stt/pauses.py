"""Cutting long audio where nobody speaks. Pure."""

from collections.abc import Callable, Sequence
from itertools import groupby

from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples

Probabilities = Callable[[Samples], Sequence[float]]
"""Returns the probability of speech in each window of `window` samples."""

_SEARCHED_SECONDS = 8.0
"""A cut is looked for in so much of the end of a piece: the detector takes 3 % of the time that it listens to."""

_PAUSE_BELOW = 0.35


def cut_at_pauses(
    samples: Samples, longest_seconds: float, window: int, probabilities: Probabilities
) -> Sequence[Samples]:
    """Return the audio in pieces of at most `longest_seconds`, cut in the longest pause before that."""
    longest = int(longest_seconds * SAMPLE_RATE)
    pieces = []
    while len(samples) > longest:
        begin = longest - int(_SEARCHED_SECONDS * SAMPLE_RATE) // window * window
        searched = samples[begin : begin + (longest - begin) // window * window]
        cut = begin + middle_of_pause(probabilities(searched)) * window
        pieces.append(samples[:cut])
        samples = samples[cut:]
    return [*pieces, samples]


def middle_of_pause(probabilities: Sequence[float]) -> int:
    """Return the window in the middle of the longest pause; the one least like speech where there is none."""
    pauses = []
    position = 0
    for is_pause, run in groupby(probabilities, lambda probability: probability < _PAUSE_BELOW):
        length = len(list(run))
        if is_pause:
            pauses.append((length, position + length // 2))
        position += length
    return max(pauses)[1] if pauses else min(range(len(probabilities)), key=probabilities.__getitem__)

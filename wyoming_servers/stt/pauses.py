"""Cutting long audio where nobody speaks, as it comes: an hour takes no more memory than a minute. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples

Probabilities = Callable[[Samples], Sequence[float]]
"""Returns the probability of speech in each window of `window` samples."""

LONGEST_SECONDS = 25.0
"""Of a piece: GigaAM was trained on no more, and Whisper's window is 30."""

_SEARCHED_SECONDS = 8.0
"""A cut is looked for in so much of the end of a piece, from the end on."""

_STEP_SECONDS = 2.0
_LONG_PAUSE_SECONDS = 0.5
"""Such a pause is good enough: the detector takes 3 to 4 % of the time that it listens to."""

_PAUSE_BELOW = 0.35
_SPEECH_ABOVE = 0.5
_SPEECH_WINDOWS = 3
"""In a row; clicks and chords are shorter."""

_LOOK_SECONDS = 1.0
"""Speech is looked for in steps of this length, up to the first that has it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of longer audio."""

    start: float
    """Seconds from the beginning of the whole."""

    samples: Samples

    @property
    def end(self) -> float:
        """Seconds from the beginning of the whole."""
        return self.start + len(self.samples) / SAMPLE_RATE


def cut_at_pauses(
    blocks: Iterable[Samples], window: int, probabilities: Probabilities, longest_seconds: float = LONGEST_SECONDS
) -> Iterator[Piece]:
    """Yield the audio in pieces of at most `longest_seconds`, cut in the longest pause near their ends."""
    longest = int(longest_seconds * SAMPLE_RATE)
    kept = np.empty(0, np.int16)
    start = 0
    for block in blocks:
        kept = np.concatenate([kept, block])
        while len(kept) > longest:
            cut = _cut(kept[:longest], window, probabilities)
            yield Piece(start / SAMPLE_RATE, kept[:cut].copy())  # a view would keep the rest alive
            kept = kept[cut:]
            start += cut
    yield Piece(start / SAMPLE_RATE, kept)


def middle_of_pause(probabilities: Sequence[float]) -> int:
    """Return the window in the middle of the longest pause; the one least like speech where there is none."""
    length, begin = _longest_pause(probabilities)
    return begin + length // 2 if length else min(range(len(probabilities)), key=probabilities.__getitem__)


def has_speech(samples: Samples, window: int, probabilities: Probabilities) -> bool:
    """Return whether somebody speaks; `probabilities` is called on consecutive parts of the audio."""
    step = max(1, int(_LOOK_SECONDS * SAMPLE_RATE) // window) * window
    whole = len(samples) // window * window
    in_a_row = 0
    for begin in range(0, whole, step):
        for probability in probabilities(samples[begin : min(begin + step, whole)]):
            in_a_row = in_a_row + 1 if probability >= _SPEECH_ABOVE else 0
            if in_a_row >= _SPEECH_WINDOWS:
                return True
    return False


def _cut(samples: Samples, window: int, probabilities: Probabilities) -> int:
    step = int(_STEP_SECONDS * SAMPLE_RATE) // window * window
    long = _LONG_PAUSE_SECONDS * SAMPLE_RATE / window
    begin = len(samples)
    known: list[float] = []
    while begin >= step and len(known) * window < _SEARCHED_SECONDS * SAMPLE_RATE and _longest_pause(known)[0] < long:
        begin -= step
        known = [*probabilities(samples[begin : begin + step]), *known]
    return begin + middle_of_pause(known) * window


def _longest_pause(probabilities: Sequence[float]) -> tuple[int, int]:
    """Return how many windows the longest pause has, the last one of equals, and where it begins."""
    longest = (0, 0)
    position = 0
    for is_pause, run in groupby(probabilities, lambda probability: probability < _PAUSE_BELOW):
        length = len(list(run))
        if is_pause:
            longest = max(longest, (length, position))
        position += length
    return longest

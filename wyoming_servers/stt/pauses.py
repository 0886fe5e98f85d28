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
"""Such a pause is good enough: listening is most of what cutting costs."""

_PAUSE_BELOW = 0.35
_SPEECH_ABOVE = 0.5
_SPEECH_WINDOWS = 3
"""In a row; clicks and chords are shorter."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of longer audio."""

    start: float
    """Seconds from the beginning of the whole."""

    samples: Samples

    has_heard_speech: bool = False
    """Whether somebody was heard where its end was looked for; False says nothing about the rest."""

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
            cut, heard = _cut(kept[:longest], window, probabilities)
            yield Piece(start / SAMPLE_RATE, kept[:cut].copy(), _is_speech(heard))  # a view would keep the rest alive
            kept = kept[cut:]
            start += cut
    yield Piece(start / SAMPLE_RATE, kept)


def middle_of_pause(probabilities: Sequence[float]) -> int:
    """Return the window in the middle of the longest pause; the one least like speech where there is none."""
    length, begin = _longest_pause(probabilities)
    return begin + length // 2 if length else min(range(len(probabilities)), key=probabilities.__getitem__)


def has_speech(samples: Samples, window: int, probabilities: Probabilities) -> bool:
    """Return whether somebody speaks; `probabilities` is called on consecutive parts of the audio."""
    step = _SPEECH_WINDOWS * window
    whole = len(samples) // window * window
    parts = (samples[begin : min(begin + step, whole)] for begin in range(0, whole, step))
    return _is_speech(probability for part in parts for probability in probabilities(part))


def _is_speech(probabilities: Iterable[float]) -> bool:
    """Return whether there is speech; no more is taken than it needs to know."""
    in_a_row = 0
    for probability in probabilities:
        in_a_row = in_a_row + 1 if probability >= _SPEECH_ABOVE else 0
        if in_a_row >= _SPEECH_WINDOWS:
            return True
    return False


def _cut(samples: Samples, window: int, probabilities: Probabilities) -> tuple[int, Sequence[float]]:
    """Return where to cut, and the probabilities of speech that were looked at before it."""
    step = int(_STEP_SECONDS * SAMPLE_RATE) // window * window
    long = _LONG_PAUSE_SECONDS * SAMPLE_RATE / window
    begin = len(samples)
    known: list[float] = []
    while begin >= step and len(known) * window < _SEARCHED_SECONDS * SAMPLE_RATE and _longest_pause(known)[0] < long:
        begin -= step
        known = [*probabilities(samples[begin : begin + step]), *known]
    middle = middle_of_pause(known)
    return begin + middle * window, known[:middle]


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

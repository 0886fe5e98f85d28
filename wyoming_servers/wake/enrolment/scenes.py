"""What a microphone hears: the word in a room with noise, and everything else."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples
from wyoming_servers.wake.words import EMBEDDING_SAMPLES, Embeddings

from .discriminant import WINDOWS, Rows, rows_of
from .embeddings import end_of
from .rooms import Sound, joined, reverberated, scene
from .speakers import Speaker

_LEAD_SECONDS = 2.1
_TAIL_SECONDS = 0.5
_HEARD_SECONDS = 0.32
"""After the end of the word, in which it is to be noticed."""

_PART = 0.55
"""Less than this share of the word is not yet the word."""

_SPOKEN_BEFORE = 0.35
_REVERBERATED = 0.6
Decibels = tuple[float, float]
ANY_NOISE: Decibels = (0.0, 30.0)
"""Signal to noise, to learn from."""

HOME_NOISE: Decibels = (10.0, 30.0)
"""As a microphone at home hears somebody who speaks to it."""

_PEAK_DB = (-30.0, -1.0)


@dataclass(frozen=True, slots=True)
class WordScene:
    """The word, after silence or other speech."""

    samples: Samples
    begin: int
    end: int
    """Of the word, in samples."""

    def word_rows(self, embeddings: Embeddings) -> Rows:
        """Return what is seen when the word has just been said."""
        seconds = self._seconds_after_word(embeddings)
        return rows_of(embeddings)[(seconds >= 0) & (seconds <= _HEARD_SECONDS)]

    def other_rows(self, embeddings: Embeddings) -> Rows:
        """Return what is seen before, up to the first part of the word."""
        return rows_of(embeddings)[self._seconds_after_word(embeddings) < -self._seconds_left()]

    def _seconds_left(self) -> float:
        return (1 - _PART) * (self.end - self.begin) / SAMPLE_RATE + 0.1

    def _seconds_after_word(self, embeddings: Embeddings) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        ends = np.array([end_of(step) for step in range(WINDOWS - 1, len(embeddings))], np.float64)
        return (ends - self.end) / SAMPLE_RATE


def word_scene(
    word: Samples, before: Samples | None, random: np.random.Generator, snr_db: Decibels = ANY_NOISE
) -> WordScene:
    """Return the word in some room, said after silence or after `before`."""
    spoken, gap = (
        ([], _LEAD_SECONDS) if before is None else ([before[-SAMPLE_RATE:].astype(float)], random.uniform(0.05, 0.5))
    )
    sound, ends = joined([*spoken, word.astype(float)], [*[0.0] * len(spoken), gap])
    lead = max(0, int(_LEAD_SECONDS * SAMPLE_RATE) - ends[-1]) + int(random.integers(EMBEDDING_SAMPLES))
    padded = np.pad(sound, (lead, int(_TAIL_SECONDS * SAMPLE_RATE)))
    end = lead + ends[-1]
    return WordScene(_in_a_room(padded, random, snr_db), end - len(word), end)


def other_scene(texts: Sequence[str], speaker: Speaker, random: np.random.Generator) -> Samples:
    """Return the texts said one after the other in some room."""
    said = [speaker.say(text, random).astype(float) for text in texts]
    sound, _ = joined(said, random.uniform(0.05, 0.6, len(said)).tolist())
    return _in_a_room(np.pad(sound, SAMPLE_RATE // 4), random)


def has_context(random: np.random.Generator) -> bool:
    """Return whether something is said right before the word this time."""
    return bool(random.random() < _SPOKEN_BEFORE)


def _in_a_room(sound: Sound, random: np.random.Generator, snr_db: Decibels = ANY_NOISE) -> Samples:
    if random.random() < _REVERBERATED:
        sound = reverberated(sound, random)[: len(sound)]
    return scene(sound, random.uniform(*snr_db), 10 ** (random.uniform(*_PEAK_DB) / 20), random)

"""A lecture whose every sentence is known, and who hears them in any piece of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle

import numpy as np
from numpy.typing import NDArray

from knowledge.lectures.models import Segment
from knowledge.lectures.protocols import SAMPLE_RATE, Piece
from tests.fakes.sounds import Sound, music, pink_noise, silence, white_noise
from tests.fakes.spoken import spoken

_VOICES = ("ru", "ru+f2", "ru+m3", "en-us", "en-us+f3")
_SENTENCES = {
    "ru": "градиентный спуск ищет наименьшее значение функции шаг номер {}",
    "en": "the gradient points to where the function grows step number {}",
}
_BETWEEN: Sequence[tuple[Sound, float]] = (
    (silence, 0.7),
    (silence, 1.4),
    (white_noise(60), 1.0),
    (silence, 0.5),
    (music(2500), 9.0),
    (silence, 0.9),
    (pink_noise(200), 3.0),
    (silence, 12.0),
)
_HEARD = 0.8
"""Correlation of a sentence with what is at its place in a piece."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something that is said."""

    text: str
    start: float
    """Seconds."""

    samples: NDArray[np.int16]

    @property
    def end(self) -> float:
        """Seconds."""
        return self.start + len(self.samples) / SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class SpokenLecture:
    """All of it."""

    samples: NDArray[np.int16]
    sentences: tuple[Sentence, ...]


def speak(sentences: int) -> SpokenLecture:
    """Return a lecture by several voices, with pauses, noise and music between the sentences."""
    parts: list[NDArray[np.int16]] = []
    said: list[Sentence] = []
    position = 0
    for number, voice, (sound, seconds) in zip(range(sentences), cycle(_VOICES), cycle(_BETWEEN), strict=False):
        text = _SENTENCES[voice[:2]].format(number)
        samples = spoken(text, voice, silence=0.0)
        said.append(Sentence(text, position / SAMPLE_RATE, samples))
        parts += [samples, sound(seconds)]
        position += len(parts[-2]) + len(parts[-1])
    return SpokenLecture(np.concatenate(parts), tuple(said))


@dataclass
class Oracle:
    """A transcriber that finds the sentences by their sound, wherever a piece is said to be."""

    lecture: SpokenLecture
    name: str = "oracle"
    heard: list[Piece] = field(default_factory=list)

    def transcribe(self, piece: Piece, language: str | None) -> tuple[Segment, ...]:
        """Return the sentences that are wholly in the piece."""
        self.heard.append(piece)
        found = ((sentence, _find(sentence.samples, piece.samples)) for sentence in self.lecture.sentences)
        segments = [
            Segment(sentence.text, piece.start + at, piece.start + at + len(sentence.samples) / SAMPLE_RATE)
            for sentence, at in found
            if at is not None
        ]
        return tuple(sorted(segments, key=lambda segment: segment.start))

    def close(self) -> None:
        """There is nothing to let go of."""


def _find(sought: NDArray[np.int16], samples: NDArray[np.int16]) -> float | None:
    """Return the second at which a sound is in another; None where it is not."""
    if len(samples) < len(sought):
        return None
    size = 1 << (len(samples) + len(sought) - 1).bit_length()
    whole, part = samples.astype(float), sought.astype(float)
    match = np.fft.irfft(np.fft.rfft(whole, size) * np.conj(np.fft.rfft(part, size)), size)
    at = int(np.argmax(match[: len(samples) - len(sought) + 1]))
    there = whole[at : at + len(part)]
    likeness = match[at] / max(1.0, float(np.linalg.norm(there) * np.linalg.norm(part)))
    return at / SAMPLE_RATE if likeness > _HEARD else None

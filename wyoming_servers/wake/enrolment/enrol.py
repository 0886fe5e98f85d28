"""Enrolment: recordings and synthetic voices become a word."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples
from wyoming_servers.wake.own_word import OwnWord
from wyoming_servers.wake.words import EMBEDDING_SIZE

from .calibration import HeldOut
from .corpus import Corpus
from .discriminant import WINDOWS, Background, Rows, rows_of
from .embeddings import Embedder
from .errors import EnrolmentError, RecordingError
from .recordings import read_wav, read_word
from .scenes import WordScene
from .speakers import Speaker, phonemes
from .texts import LANGUAGES, near_words

_WORD_SCENES, _OTHER_SCENES = 300, 400
_HELD_OUT_WORD_SCENES, _HELD_OUT_OTHER_SCENES = 80, 100
_SCENES_A_RECORDING = 30
_NEAR_WORDS = 80
_PIECE_SECONDS = 10
_HELD_OUT_PIECES = 5
"""Of recordings without the word every so many-th piece chooses the threshold."""

_ANOTHER_WORD = 0.45
"""A recording that scores less by the word of the other ones says something else; the word itself scores about 1."""

_FEWEST_RECORDINGS = 3
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class Wish:
    """The word that is wanted."""

    phrase: str
    """As it is shown."""

    language: str
    say: str | None = None
    """What synthetic voices are to say. None leaves the word to the recordings."""

    recordings: Sequence[Path] = ()
    """Of the word."""

    others: Sequence[Path] = ()
    """Recordings without the word: the television, a talk at dinner."""

    seed: int = 0


class Progress(Protocol):
    """Is told how far it is."""

    def phase(self, title: str, steps: int) -> None:
        """Begin something new."""

    def step(self) -> None:
        """One of its steps is done."""


def enrol(wish: Wish, speakers_of: Callable[[str], Sequence[Speaker]], progress: Progress) -> OwnWord:
    """Return the word. Blocking: a minute or two of one core. Raises: EnrolmentError, EngineError."""
    if wish.say is None and len(wish.recordings) < _FEWEST_RECORDINGS:
        raise EnrolmentError(
            f"Give at least {_FEWEST_RECORDINGS} recordings of the word, or let synthetic voices say it with --say."
        )
    speakers = {language: speakers_of(language) for language in dict.fromkeys((wish.language, *LANGUAGES))}
    return _Enrolment(wish, speakers, progress).run()


class _Enrolment:
    def __init__(self, wish: Wish, speakers: dict[str, Sequence[Speaker]], progress: Progress) -> None:
        self._wish = wish
        self._progress = progress
        self._random = np.random.default_rng(wish.seed)
        self._embedder = Embedder()
        near: Sequence[str] = ()
        if wish.say is not None:
            near = near_words(wish.say, _NEAR_WORDS, lambda text: phonemes(text, wish.language), self._random)
        self._learnt, self._held_out = Corpus.both(wish.language, speakers, near)
        self._voices = len(speakers[wish.language])

    def run(self) -> OwnWord:
        words = [read_word(path) for path in self._wish.recordings]
        pieces = [piece for path in self._wish.others for piece in _pieces(read_wav(path))]
        takes = [self._take(word) for word in words]
        said = self._said(self._learnt, _WORD_SCENES)
        others = self._others(self._learnt, _OTHER_SCENES, _without(pieces, _HELD_OUT_PIECES))
        background = Background.of(
            [*(part for _, part in said), *(part for take in takes for _, part in take), *others]
        )
        means = [_mean_of(take) for take in takes]
        mean_said = _mean_of(said) if said else None
        recorded = [
            _best(take, *background.discriminant(_joined(mean_said, [*means[:number], *means[number + 1 :]])))
            for number, take in enumerate(takes)
            if mean_said is not None or len(means) > 1
        ]
        self._check(recorded)
        weights, bias = background.discriminant(_joined(mean_said, means))
        held_out = HeldOut(
            [
                float(_scores(rows, weights, bias).max())
                for rows, _ in self._said(self._held_out, _HELD_OUT_WORD_SCENES)
            ],
            recorded,
            [
                _scores(rows, weights, bias)
                for rows in self._others(self._held_out, _HELD_OUT_OTHER_SCENES, pieces[::_HELD_OUT_PIECES])
            ],
        )
        return self._word(weights, bias, held_out)

    def _take(self, word: Samples) -> "Sequence[_Seen]":
        scenes = list(self._learnt.recorded(word, _SCENES_A_RECORDING, self._random))
        return self._see(scenes)

    def _said(self, corpus: Corpus, count: int) -> "Sequence[_Seen]":
        if self._wish.say is None:
            return ()
        scenes = corpus.said(self._wish.say, count, self._random)
        return self._see(list(self._watched(f"Voices say {self._wish.say}", count, scenes)))

    def _see(self, scenes: Sequence[WordScene]) -> "Sequence[_Seen]":
        seen = self._embedder.embed([scene.samples for scene in scenes])
        return [
            (scene.word_rows(embeddings), scene.other_rows(embeddings))
            for scene, embeddings in zip(scenes, seen, strict=True)
        ]

    def _others(self, corpus: Corpus, count: int, pieces: Sequence[Samples]) -> Sequence[Rows]:
        scenes = [*self._watched("Voices say something else", count, corpus.others(count, self._random)), *pieces]
        seen = self._watched("Listening", len(scenes), self._embedder.embed(scenes))
        return [rows_of(embeddings) for embeddings in seen]

    def _watched(self, title: str, count: int, made: Iterable[_Made]) -> Iterator[_Made]:
        self._progress.phase(title, count)
        for one in made:
            yield one
            self._progress.step()

    def _check(self, recorded: Sequence[float]) -> None:
        for path, score in zip(self._wish.recordings, recorded, strict=False):
            if score < _ANOTHER_WORD:
                raise RecordingError(path, "says another word than the others, or too unclearly. Leave it out.")

    def _word(self, weights: NDArray[np.float64], bias: float, held_out: HeldOut) -> OwnWord:
        threshold = held_out.threshold()
        facts = {
            "made": datetime.now(UTC).date().isoformat(),
            "voices": self._voices if self._wish.say else 0,
            "recordings": len(self._wish.recordings),
            "other_recordings": len(self._wish.others),
            "measured_on": "voices and texts kept apart, noise at 0 to 30 dB; recordings by models without them",
            "heard": round(held_out.heard(threshold), 3),
            "false_accepts": held_out.false_accepts(threshold),
            "minutes_without_word": round(held_out.hours * 60, 1),
        }
        shaped = weights.reshape(WINDOWS, EMBEDDING_SIZE).astype(np.float32)
        return OwnWord(shaped, bias, threshold, self._wish.phrase, self._wish.language, facts)


_Seen = tuple[Rows, Rows]
"""A scene's rows with the word, and those before it."""


def _mean_of(seen: Sequence[_Seen]) -> NDArray[np.float64]:
    return np.concatenate([rows for rows, _ in seen]).mean(axis=0, dtype=np.float64)


def _joined(said: NDArray[np.float64] | None, recorded: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return the mean of the word: the recordings together count as much as all synthetic voices."""
    means = [] if said is None else [said]
    means += [np.mean(recorded, axis=0)] if recorded else []
    mean: NDArray[np.float64] = np.mean(means, axis=0)
    return mean


def _scores(rows: Rows, weights: NDArray[np.float64], bias: float) -> NDArray[np.float64]:
    scores: NDArray[np.float64] = rows @ weights + bias
    return scores


def _best(seen: Sequence[_Seen], weights: NDArray[np.float64], bias: float) -> float:
    """Return what a recording typically scores at best, over its scenes."""
    return float(np.median([_scores(rows, weights, bias).max() for rows, _ in seen]))


def _pieces(samples: Samples) -> Sequence[Samples]:
    size = _PIECE_SECONDS * SAMPLE_RATE
    return [samples[begin : begin + size] for begin in range(0, len(samples), size)]


def _without(pieces: Sequence[Samples], every: int) -> Sequence[Samples]:
    return [piece for number, piece in enumerate(pieces) if number % every]

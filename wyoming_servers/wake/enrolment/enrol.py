"""Enrolment: recordings and synthetic voices become a word."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples
from wyoming_servers.wake.own_word import Networks, OwnWord
from wyoming_servers.wake.words import EMBEDDING_SIZE, Embeddings

from .calibration import HeldOut
from .corpus import Corpus
from .discriminant import WINDOWS, Background, Rows, rows_of
from .embeddings import Embedder
from .errors import EnrolmentError, RecordingError
from .recordings import read_wav, read_word
from .scenes import WordScene
from .speakers import Speaker, phonemes
from .texts import LANGUAGES, near_words
from .training import UNITS, Network, train

_LOGGER = logging.getLogger(__name__)
_NEAR_WORDS = 80
_HARD_ROWS, _RANDOM_ROWS = 8000, 8000
"""Of other speech: what is most like the word, and a sample of the rest."""

_FOLDS = 2
_MOST_FOLDS = 5
"""Networks; each is made without its share of the recordings, on which it is measured."""

_PIECE_SECONDS = 10
_HELD_OUT_PIECES = 5
"""Of recordings without the word every so many-th piece chooses the threshold."""

_ANOTHER_WORD = 0.4
"""A recording that scores less by the discriminant of the others says something else; the word scores about 1."""

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


@dataclass(frozen=True, slots=True)
class Effort:
    """How many scenes are made."""

    word: int = 200
    other: int = 300
    held_out_word: int = 60
    held_out_other: int = 80


class Progress(Protocol):
    """Is told how far it is."""

    def phase(self, title: str, steps: int) -> None:
        """Begin something new."""

    def step(self) -> None:
        """One of its steps is done."""


def enrol(
    wish: Wish,
    speakers_of: Callable[[str], Sequence[Speaker]],
    progress: Progress,
    effort: Effort = Effort(),
) -> OwnWord:
    """Return the word. Blocking: a minute or two of one core. Raises: EnrolmentError, EngineError."""
    if wish.say is None and len(wish.recordings) < _FEWEST_RECORDINGS:
        raise EnrolmentError(
            f"Give at least {_FEWEST_RECORDINGS} recordings of the word, or let synthetic voices say it with --say."
        )
    if wish.say is not None and not any(map(str.isalpha, wish.say)):
        raise EnrolmentError(f"{wish.say!r} can't be said: write the word after --say, for example --say домовой.")
    speakers = {language: speakers_of(language) for language in dict.fromkeys((wish.language, *LANGUAGES))}
    return _Enrolment(wish, speakers, progress, effort).run()


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is seen of a scene."""

    word: Rows
    other: Rows
    """Before the word."""


class _Enrolment:
    def __init__(
        self, wish: Wish, speakers: Mapping[str, Sequence[Speaker]], progress: Progress, effort: Effort
    ) -> None:
        self._wish = wish
        self._progress = progress
        self._effort = effort
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
        takes = [self._take(word, self._effort.word // len(words)) for word in words]
        said = self._said(self._learnt, self._effort.word)
        others = self._others(self._learnt, self._effort.other, _without(pieces, _HELD_OUT_PIECES))
        background = Background.of(_other_rows([*said, *chain(*takes)], others))
        self._check(background, said, takes)
        hard = self._hard_rows(background, said, takes, others)
        networks, recorded = self._train(said, takes, hard)
        held_out = HeldOut(
            [_best([seen], networks) for seen in self._said(self._held_out, self._effort.held_out_word)],
            recorded,
            [
                networks.score(_windows(rows_of(embeddings))).astype(np.float64)
                for embeddings in self._others(self._held_out, self._effort.held_out_other, pieces[::_HELD_OUT_PIECES])
            ],
        )
        return self._word(networks, held_out)

    def _check(self, background: Background, said: Sequence[_Seen], takes: Sequence[Sequence[_Seen]]) -> None:
        """Raise RecordingError for a recording that the word of all others does not fit."""
        means, mean_said = [_mean_of(take) for take in takes], [_mean_of(said)] if said else []
        for number, (path, take) in enumerate(zip(self._wish.recordings, takes, strict=True)):
            rest = [*mean_said, *means[:number], *means[number + 1 :]]
            if not rest:
                continue
            weights, bias = background.discriminant(np.mean(rest, axis=0))
            score = np.median([(seen.word @ weights + bias).max() for seen in take])
            _LOGGER.debug("%s scores %.2f by the others", path, score)
            if score < _ANOTHER_WORD:
                raise RecordingError(path, "says another word than the others, or not clearly enough. Leave it out.")

    def _hard_rows(
        self,
        background: Background,
        said: Sequence[_Seen],
        takes: Sequence[Sequence[_Seen]],
        others: Sequence[Embeddings],
    ) -> Rows:
        """Return the other speech to learn from."""
        means = [_mean_of(part) for part in (said, *takes) if part]
        weights, bias = background.discriminant(np.mean(means, axis=0))
        seen = [*said, *chain(*takes)]
        scores = np.concatenate([rows @ weights + bias for rows in _other_rows(seen, others)])
        order = np.argsort(-scores)
        rest = self._random.permutation(order[_HARD_ROWS:])[:_RANDOM_ROWS]
        chosen = np.zeros(len(scores), bool)
        chosen[order[:_HARD_ROWS]] = chosen[rest] = True
        kept, begin = [], 0
        for rows in _other_rows(seen, others):
            kept.append(rows[chosen[begin : begin + len(rows)]])
            begin += len(rows)
        return np.concatenate(kept)

    def _train(
        self, said: Sequence[_Seen], takes: Sequence[Sequence[_Seen]], hard: Rows
    ) -> tuple[Networks, Sequence[float]]:
        """Return the networks, and what each recording scores by one that was made without it."""
        folds = _FOLDS if said else min(_MOST_FOLDS, len(takes))
        made = []
        for fold in self._watched("Learning", folds, range(folds)):
            kept = [take for number, take in enumerate(takes) if number % folds != fold]
            words = np.concatenate([seen.word for seen in (*said, *chain(*kept))])
            made.append(train(words, hard, self._random))
        recorded = [_best(take, _networks([made[number % folds]])) for number, take in enumerate(takes)]
        return _networks(made), recorded

    def _take(self, word: Samples, count: int) -> Sequence[_Seen]:
        scenes = list(self._learnt.recorded(word, count, self._random))
        return self._see(scenes)

    def _said(self, corpus: Corpus, count: int) -> Sequence[_Seen]:
        if self._wish.say is None:
            return ()
        scenes = corpus.said(self._wish.say, count, self._random)
        return self._see(list(self._watched(f"Voices say {self._wish.say}", count, scenes)))

    def _see(self, scenes: Sequence[WordScene]) -> Sequence[_Seen]:
        seen = self._embedder.embed([scene.samples for scene in scenes])
        return [
            _Seen(scene.word_rows(embeddings), scene.other_rows(embeddings))
            for scene, embeddings in zip(scenes, seen, strict=True)
        ]

    def _others(self, corpus: Corpus, count: int, pieces: Sequence[Samples]) -> Sequence[Embeddings]:
        scenes = [*self._watched("Voices say something else", count, corpus.others(count, self._random)), *pieces]
        return list(self._watched("Listening", len(scenes), self._embedder.embed(scenes)))

    def _watched(self, title: str, count: int, made: Iterable[_Made]) -> Iterator[_Made]:
        self._progress.phase(title, count)
        for one in made:
            yield one
            self._progress.step()

    def _word(self, networks: Networks, held_out: HeldOut) -> OwnWord:
        threshold = held_out.threshold()
        facts = {
            "made": datetime.now(UTC).date().isoformat(),
            "voices": self._voices if self._wish.say else 0,
            "recordings": len(self._wish.recordings),
            "other_recordings": len(self._wish.others),
            "measured_on": "voices and texts kept apart, noise at 10 to 30 dB; recordings by models without them",
            "heard": round(held_out.heard(threshold), 3),
            "false_accepts": held_out.false_accepts(threshold),
            "minutes_without_word": round(held_out.hours * 60, 1),
        }
        return OwnWord(networks, threshold, self._wish.phrase, self._wish.language, facts)


def _other_rows(seen: Iterable[_Seen], others: Iterable[Embeddings]) -> Iterator[Rows]:
    """Yield all that is not the word; part by part, as it would not fit into a small machine's memory."""
    yield from (one.other for one in seen)
    yield from (rows_of(embeddings) for embeddings in others)


def _mean_of(seen: Sequence[_Seen]) -> NDArray[np.float64]:
    mean: NDArray[np.float64] = np.concatenate([one.word for one in seen]).mean(axis=0, dtype=np.float64)
    return mean


def _best(seen: Sequence[_Seen], networks: Networks) -> float:
    """Return what the word typically scores at best, over its scenes."""
    return float(np.median([networks.score(_windows(one.word)).max() for one in seen]))


def _windows(rows: Rows) -> Embeddings:
    return rows.reshape(-1, WINDOWS, EMBEDDING_SIZE)


def _networks(trained: Sequence[Network]) -> Networks:
    return Networks(
        np.stack([network.hidden.reshape(WINDOWS, EMBEDDING_SIZE, UNITS) for network in trained]),
        np.stack([network.hidden_bias for network in trained]),
        np.stack([network.output for network in trained]),
    )


def _pieces(samples: Samples) -> Sequence[Samples]:
    size = _PIECE_SECONDS * SAMPLE_RATE
    return [samples[begin : begin + size] for begin in range(0, len(samples), size)]


def _without(pieces: Sequence[Samples], every: int) -> Sequence[Samples]:
    return [piece for number, piece in enumerate(pieces) if number % every]

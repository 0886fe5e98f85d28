"""Decoding with hot words, for models of the two kinds that GigaAM has. Pure but for the network given. Blocking.

CTC: prefix beam search (Hannun et al. 2014, algorithm 1). RNN-T: beam search by frames, with as many tokens a frame as
the greedy search may take (Graves 2012, section 2.4, cut short). The bonus of `HotWords` orders the hypotheses; their
number is bounded, and with it the time.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from heapq import nlargest
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .hot_words import HotWords, Progress

_HYPOTHESES = 6
_TOKENS = 6
"""That may follow a hypothesis in a frame."""

_BELOW_BEST = 7.0
"""Nats; a token, or a hypothesis, this much less likely than the best is not looked at."""

_NEVER = -math.inf

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a model writes with."""

    texts: Sequence[str]
    """By number; a word begins with a space."""

    blank: int


@dataclass(frozen=True, slots=True)
class Decoded:
    """A hypothesis."""

    tokens: tuple[int, ...] = ()
    frames: tuple[int, ...] = ()
    """Where each token begins."""

    log_probabilities: tuple[float, ...] = ()
    """Of each token in that frame."""

    progress: Progress = field(default_factory=Progress)

    def extended(self, token: int, frame: int, log_probability: float, progress: Progress) -> "Decoded":
        """Return this with one more token."""
        return Decoded(
            (*self.tokens, token), (*self.frames, frame), (*self.log_probabilities, log_probability), progress
        )


class _Paths(NamedTuple):
    """Log-probabilities of all alignments of one prefix that end in a blank, and in its last token."""

    blank: float = _NEVER
    token: float = _NEVER

    @property
    def total(self) -> float:
        return _either(self.blank, self.token)


_Beam = dict[tuple[int, ...], tuple[Decoded, _Paths]]


def search_ctc(log_probabilities: Floats, tokens: Tokens, hot_words: HotWords) -> Decoded:
    """Return the best hypothesis for log-probabilities of the shape [frames, tokens]."""
    beam: _Beam = {(): (Decoded(), _Paths(blank=0.0))}
    for frame, row in enumerate(log_probabilities):
        found: _Beam = {}
        likely = list(_likely(row))
        for decoded, paths in beam.values():
            for token, height in likely:
                for longer, its_paths in _follow(decoded, paths, token, height, tokens.blank):
                    if longer:
                        progress = hot_words.advance(decoded.progress, tokens.texts[token])
                        _add(found, decoded.extended(token, frame, height, progress), its_paths)
                    else:
                        _add(found, decoded, its_paths)
        best = nlargest(_HYPOTHESES, found.values(), lambda it: it[1].total + hot_words.total(it[0].progress))
        beam = {decoded.tokens: (decoded, paths) for decoded, paths in best}
    return max(beam.values(), key=lambda it: it[1].total + hot_words.total(it[0].progress, is_last=True))[0]


def _follow(decoded: Decoded, paths: _Paths, token: int, height: float, blank: int) -> Iterator[tuple[bool, _Paths]]:
    """Yield what a token makes of a prefix: whether it becomes longer, and the paths by which it does."""
    if token == blank:
        yield False, _Paths(blank=paths.total + height)
    elif decoded.tokens and decoded.tokens[-1] == token:
        yield False, _Paths(token=paths.token + height)
        yield True, _Paths(token=paths.blank + height)  # said twice only with a blank between
    else:
        yield True, _Paths(token=paths.total + height)


def _add(found: _Beam, decoded: Decoded, paths: _Paths) -> None:
    known, others = found.get(decoded.tokens, (decoded, _Paths()))
    merged = _Paths(_either(others.blank, paths.blank), _either(others.token, paths.token))
    if merged.total > _NEVER:
        found[decoded.tokens] = (known, merged)


@dataclass(frozen=True, slots=True)
class _Branch:
    """A hypothesis of the transducer."""

    decoded: Decoded
    score: float
    state: Any


Step = Callable[[Sequence[int], Any, Floats], tuple[Floats, Any]]
"""Takes the tokens so far, the state before the last of them and a frame of the encoder; returns the log-probabilities
of what follows, shape [tokens], and the state after it. It may keep in the given state what saves it work: each
hypothesis has a copy of its own."""


@dataclass(frozen=True, slots=True)
class Transducer:
    """A network that is asked step by step."""

    step: Step
    state: Any
    """Before the first token."""

    most_tokens: int
    """In one frame."""


class TransducerSearch:
    """Finds what a transducer most likely heard."""

    def __init__(self, network: Transducer, tokens: Tokens, hot_words: HotWords) -> None:
        self._network = network
        self._tokens = tokens
        self._hot_words = hot_words

    def search(self, frames: Iterable[Floats]) -> Decoded:
        """Return the best hypothesis for the encoder's frames."""
        beam = [_Branch(Decoded(), 0.0, self._network.state)]
        for number, frame in enumerate(frames):
            beam = self._pass(beam, number, frame)
        return max(beam, key=lambda it: it.score + self._hot_words.total(it.decoded.progress, is_last=True)).decoded

    def _pass(self, beam: list[_Branch], number: int, frame: Floats) -> list[_Branch]:
        """Return the best branches after a frame, in which each may take some tokens before its blank."""
        ended: dict[tuple[int, ...], _Branch] = {}
        for taken in range(self._network.most_tokens + 1):
            longer: list[_Branch] = []
            for branch in beam:
                row, state = self._network.step(branch.decoded.tokens, branch.state, frame)
                self._end(ended, branch, float(row[self._tokens.blank]))
                if taken < self._network.most_tokens:
                    longer += self._longer(branch, row, state, number)
            best = max(map(self._worth, ended.values()))
            beam = self._best(longer, best)
        return self._best(ended.values(), best)

    def _best(self, branches: Iterable[_Branch], best: float) -> list[_Branch]:
        floor = best - _BELOW_BEST
        return nlargest(_HYPOTHESES, (branch for branch in branches if self._worth(branch) > floor), self._worth)

    def _longer(self, branch: _Branch, row: Floats, state: Any, number: int) -> Iterator[_Branch]:
        for token, height in _likely(row):
            if token != self._tokens.blank:
                progress = self._hot_words.advance(branch.decoded.progress, self._tokens.texts[token])
                decoded = branch.decoded.extended(token, number, height, progress)
                yield _Branch(decoded, branch.score + height, copy(state))

    def _end(self, ended: dict[tuple[int, ...], _Branch], branch: _Branch, height: float) -> None:
        known = ended.get(branch.decoded.tokens)
        score = branch.score + height if known is None else _either(known.score, branch.score + height)
        ended[branch.decoded.tokens] = _Branch(branch.decoded, score, branch.state)

    def _worth(self, branch: _Branch) -> float:
        return branch.score + self._hot_words.total(branch.decoded.progress)


def _likely(row: Floats) -> Iterator[tuple[int, float]]:
    """Yield the tokens that are worth a look, with their log-probabilities."""
    candidates = np.flatnonzero(row > np.max(row) - _BELOW_BEST)
    if len(candidates) > _TOKENS:
        candidates = candidates[np.argsort(row[candidates])[-_TOKENS:]]
    return ((int(token), float(row[token])) for token in candidates)


def _either(first: float, second: float) -> float:
    """Return the log-probability of one or the other."""
    low, high = sorted((first, second))
    return high if low == _NEVER else high + math.log1p(math.exp(low - high))

"""The assistant's own voice must not wake it.

The server knows what it has just spoken. When a word is about to be detected while that may still be playing somewhere,
the stream's last moments are compared with it. They are an echo when they are a copy of a part of it, and when the
word is in that part: a person who says the word while the assistant speaks is heard.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

import numpy as np

from wyoming_servers.runtime.audio import SAMPLE_RATE, AudioConverter, Samples

from .likeness import likeness, spectrogram
from .words import Evidence

_LATEST_SECONDS = 15.0
"""A satellite has begun to play by then."""

_MOST_SECONDS = 120.0
"""Of speech that is remembered: 4 MB."""

_COMPARED_SECONDS = 1.5
"""The word and a little of what is around it."""

_COPY = 0.6
"""By bench/wake_echo.py: echoes in rooms and noise 0.62 to 0.98, the same word by somebody else at most 0.56."""

_HAS_WORD = 0.1
"""The score of the word in what was spoken; a room may raise it to the threshold."""

_BEFORE_SAMPLES, _AFTER_SAMPLES = 5 * SAMPLE_RATE // 2, SAMPLE_RATE
"""Around the end of the copy: models look back two seconds, and some notice their word late."""

_ROOM_NOISE = 15.0
"""Root mean square: models are not used to the digital silence around synthetic speech."""

BestScore = Callable[[str, Samples], float]
"""Word and audio to the highest score of the word in it. Blocking."""


@dataclass(frozen=True, slots=True)
class _Spoken:
    samples: Samples
    until: float
    """By the clock: it is not heard any more after that."""


class EchoVerifier:
    """Remembers what is spoken and objects to its echo. It is a `Verifier`, and an observer of speech synthesis.

    Costs nothing but memory until a word is about to be detected, then some 30 ms for each ten seconds remembered.
    """

    name = "echo"

    def __init__(self, best_score: BestScore, clock: Callable[[], float] = monotonic) -> None:
        self._best_score = best_score
        self._clock = clock
        self._spoken: deque[_Spoken] = deque()
        self._lock = threading.Lock()

    @property
    def remembered_seconds(self) -> float:
        """Speech that may still be playing somewhere."""
        with self._lock:
            self._forget(self._clock())
            return sum(len(spoken.samples) for spoken in self._spoken) / SAMPLE_RATE

    def spoken(self, text: str, pcm: bytes, rate: int) -> None:  # noqa: ARG002 (the sound says more)
        """Remember a unit that is on its way to a client; units of one answer are played one after the other."""
        converter = AudioConverter(rate, 2, 1)
        samples = np.concatenate([converter.feed(pcm), converter.finish()])
        with self._lock:
            now = self._clock()
            playing_until = max(now, self._spoken[-1].until - _LATEST_SECONDS) if self._spoken else now
            self._spoken.append(_Spoken(samples, playing_until + len(samples) / SAMPLE_RATE + _LATEST_SECONDS))
            self._forget(now)

    def objection(self, evidence: Evidence) -> str | None:
        """Return that it was the assistant's own voice, if it was. Blocking."""
        with self._lock:
            self._forget(self._clock())
            known = np.concatenate([spoken.samples for spoken in self._spoken]) if self._spoken else None
        if known is None:
            return None
        heard = evidence.samples[-int(_COMPARED_SECONDS * SAMPLE_RATE) :]
        # What was heard may begin before the assistant spoke or end after it.
        padded = np.pad(known, (len(heard), len(heard) + _AFTER_SAMPLES))
        found = likeness(spectrogram(heard), spectrogram(padded))
        if found.correlation < _COPY:
            return None
        part = padded[max(0, found.end - _BEFORE_SAMPLES) : found.end + _AFTER_SAMPLES]
        if self._best_score(evidence.name, _in_a_room(part)) < _HAS_WORD:
            return None
        return f"the assistant said it itself (correlation {found.correlation:.2f})"

    def _forget(self, now: float) -> None:
        while self._spoken and self._spoken[0].until < now:
            self._spoken.popleft()
        while sum(len(spoken.samples) for spoken in self._spoken) > _MOST_SECONDS * SAMPLE_RATE:
            self._spoken.popleft()


def _in_a_room(samples: Samples) -> Samples:
    noise = np.random.default_rng(0).normal(0, _ROOM_NOISE, len(samples))
    noisy: Samples = np.clip(samples + noise, -32768, 32767).astype(np.int16)
    return noisy

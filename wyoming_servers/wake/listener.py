"""What a word scores on audio, outside of the server's streams: to try it out, or to know whether it is in there."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples

from .features import OVERLAP_SAMPLES, STEP_SAMPLES, SpeechFeatures
from .library import WordLibrary
from .settings import TriggerSettings
from .trigger import Trigger
from .words import EMBEDDING_SAMPLES, WordModel


@dataclass(frozen=True, slots=True)
class Moment:
    """80 ms of audio heard."""

    seconds: float
    """Since the beginning, at its end."""

    probability: float
    is_detected: bool


class Listener:
    """One word listening to one stream."""

    def __init__(self, model: WordModel, trigger: TriggerSettings, features: SpeechFeatures | None = None) -> None:
        """Blocking. Raises: EngineError."""
        self._features = features or SpeechFeatures()
        self._model = model
        self._trigger = Trigger(trigger)
        self._past = self._features.after_silence[None].copy()
        self._embeddings = np.repeat(self._features.silence[None], model.windows, axis=0)
        self._rest: Samples = np.zeros(OVERLAP_SAMPLES, np.int16)
        self._position = 0

    def hear(self, samples: Samples) -> Iterator[Moment]:
        """Yield what the next audio brings; a rest shorter than 80 ms waits for more."""
        self._rest = np.concatenate([self._rest, samples])
        while len(self._rest) >= STEP_SAMPLES:
            embedding = self._features.process(self._rest[None, :STEP_SAMPLES], self._past)
            self._rest = self._rest[EMBEDDING_SAMPLES:]
            self._embeddings = np.concatenate([self._embeddings[1:], embedding])
            probability = float(self._model.score(self._embeddings[None])[0])
            self._position += EMBEDDING_SAMPLES
            is_detected = self._trigger.process(probability, self._position)
            yield Moment(self._position / SAMPLE_RATE, probability, is_detected)


class WordFinder:
    """Tells whether words are in audio; one thread at a time."""

    def __init__(self, library: WordLibrary) -> None:
        self._library = library

    def best_score(self, name: str, samples: Samples) -> float:
        """Return the highest score of a word. Blocking: 10 ms a second of audio. Raises: ServerError."""
        listener = Listener(self._library.model(name), TriggerSettings(), self._features)
        return max((moment.probability for moment in listener.hear(samples)), default=0.0)

    @cached_property
    def _features(self) -> SpeechFeatures:
        return SpeechFeatures()

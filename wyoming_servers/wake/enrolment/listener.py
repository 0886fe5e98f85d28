"""What a word scores on audio, as the server would: for trying it out."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples
from wyoming_servers.wake.features import OVERLAP_SAMPLES, STEP_SAMPLES, SpeechFeatures
from wyoming_servers.wake.settings import TriggerSettings
from wyoming_servers.wake.trigger import Trigger
from wyoming_servers.wake.words import EMBEDDING_SAMPLES, WordModel


@dataclass(frozen=True, slots=True)
class Moment:
    """80 ms of audio heard."""

    seconds: float
    """Since the beginning, at its end."""

    probability: float
    is_detected: bool


class Listener:
    """One word listening to one stream."""

    def __init__(self, model: WordModel, trigger: TriggerSettings) -> None:
        """Blocking. Raises: EngineError."""
        self._features = SpeechFeatures()
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

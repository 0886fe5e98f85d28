"""openWakeWord: one extractor of features for all streams, and the models of the words on what it finds.

Each stream starts from a copy of the state after silence, which the library would compute for each of them anew
(260 to 490 ms).
"""

from collections.abc import Mapping, Sequence
from itertools import groupby

import numpy as np

from wyoming_servers.runtime.audio import Samples
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.wake.engine import Due, Heard, Score
from wyoming_servers.wake.features import (
    HOP,
    OVERLAP_SAMPLES,
    SETTLED_STEPS,
    STEP_SAMPLES,
    SpeechFeatures,
    Values,
)
from wyoming_servers.wake.library import WordFile, WordLibrary
from wyoming_servers.wake.settings import WordSettings
from wyoming_servers.wake.tflite import MODELS
from wyoming_servers.wake.words import EMBEDDING_SAMPLES, HISTORY_WINDOWS, Embeddings, Evidence, WordModel

_PHRASES = {
    "okay_nabu": "okay nabu",
    "hey_jarvis": "hey jarvis",
    "hey_mycroft": "hey mycroft",
    "alexa": "alexa",
    "hey_rhasspy": "hey rhasspy",
}


def builtin() -> Sequence[WordFile]:
    """Return the words that come with the engine."""
    return [
        WordFile(MODELS / f"{name}.tflite", WordSettings(phrase=phrase, languages=("en",)))
        for name, phrase in _PHRASES.items()
    ]


class OpenWakeWordEngine:
    """Streams over shared features."""

    name = "openwakeword"
    window_samples = EMBEDDING_SAMPLES
    lead_samples = 4 * HOP + EMBEDDING_SAMPLES - STEP_SAMPLES
    """An embedding ends with the fourth frame of a window: so is the grid on which the library computes them."""

    memory_windows = SETTLED_STEPS + HISTORY_WINDOWS

    def __init__(self, library: WordLibrary) -> None:
        self._library = library
        self._features = SpeechFeatures()

    def open(self, names: Sequence[str]) -> "_Stream":
        """Return a stream that has heard silence so far. Blocking. Raises: EngineError, UnknownNameError."""
        models = {name: self._library.model(name) for name in names}
        return _Stream(models, self._features.after_silence.copy(), self._features.silence)

    def process(self, due: Sequence[Due]) -> Sequence[Heard]:
        """Return the scores of each stream's next window. Blocking."""
        streams = [_own(one) for one in due]
        pasts = np.stack([stream.past for stream in streams])
        steps = np.stack([stream.step(one.samples) for stream, one in zip(streams, due, strict=True)])
        embeddings = self._features.process(steps, pasts)
        for stream, past, embedding in zip(streams, pasts, embeddings, strict=True):
            stream.remember(past, embedding)
        return _scored(streams)


class _Stream:
    """One stream's past."""

    def __init__(self, models: Mapping[str, WordModel], past: Values, silence: Embeddings) -> None:
        self.models = models
        self.past = past
        self.embeddings = np.tile(silence, (HISTORY_WINDOWS, 1))
        self._samples: Samples = np.zeros(HISTORY_WINDOWS * EMBEDDING_SAMPLES, np.int16)

    def step(self, window: Samples) -> Samples:
        """Return the window with what the features need before it."""
        self._samples[:-EMBEDDING_SAMPLES] = self._samples[EMBEDDING_SAMPLES:]
        self._samples[-EMBEDDING_SAMPLES:] = window
        return self._samples[-EMBEDDING_SAMPLES - OVERLAP_SAMPLES :]

    def remember(self, past: Values, embedding: Embeddings) -> None:
        """Take what the step has left."""
        self.past[:] = past
        self.embeddings[:-1] = self.embeddings[1:]
        self.embeddings[-1] = embedding

    def evidence(self, score: Score) -> Evidence:
        """Return what led to a score of the last window."""
        return Evidence(score.name, score.probability, self._samples.copy(), self.embeddings.copy())


def _own(due: Due) -> _Stream:
    if not isinstance(due.stream, _Stream):
        raise TypeError(due.stream)
    return due.stream


def _scored(streams: Sequence[_Stream]) -> Sequence[Heard]:
    """Return the scores of all streams; each model runs once, for the streams that listen for its word."""
    scores: list[list[Score]] = [[] for _ in streams]
    failures: dict[int, EngineError] = {}
    listening = [(number, name) for number, stream in enumerate(streams) for name in stream.models]
    by_model = sorted(listening, key=lambda pair: (pair[1], id(streams[pair[0]].models[pair[1]])))
    for _, group in groupby(by_model, key=lambda pair: id(streams[pair[0]].models[pair[1]])):
        pairs = list(group)
        numbers, name = [number for number, _ in pairs], pairs[0][1]
        model = streams[numbers[0]].models[name]
        try:
            found = model.score(np.stack([streams[number].embeddings[-model.windows :] for number in numbers]))
        except EngineError as err:
            failures.update(dict.fromkeys(numbers, err))
            continue
        for number, probability in zip(numbers, found, strict=True):
            scores[number].append(Score(name, float(probability)))
    return [Heard(scores[number], failures.get(number)) for number in range(len(streams))]


def load(library: WordLibrary) -> OpenWakeWordEngine:
    """Return the engine. Blocking. Raises: EngineError."""
    return OpenWakeWordEngine(library)

"""openWakeWord through `pyopen-wakeword`, whose wheel carries its models.

The library keeps a stream's past in plain arrays and none in its interpreters. So one set of interpreters serves all
streams: each stream brings its arrays along for the moment of its window. A stream starts from a copy of the state
after eight seconds of silence, which the library would otherwise compute for each of them (260 to 490 ms).
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyopen_wakeword import Model, OpenWakeWord, OpenWakeWordFeatures

from wyoming_servers.runtime.audio import Samples
from wyoming_servers.wake.engine import Score, WakeStream, WakeWord

_WINDOW_SAMPLES = 1280
_PHRASES = {
    Model.OKAY_NABU: "okay nabu",
    Model.HEY_JARVIS: "hey jarvis",
    Model.HEY_MYCROFT: "hey mycroft",
    Model.ALEXA: "alexa",
    Model.HEY_RHASSPY: "hey rhasspy",
}


def words() -> Sequence[WakeWord]:
    """Return the built-in words without loading their models."""
    return [WakeWord(model.value, phrase, "en") for model, phrase in _PHRASES.items()]


class OpenWakeWordEngine:
    """The built-in openWakeWord models."""

    name = "openwakeword"
    window_samples = _WINDOW_SAMPLES
    """80 ms."""

    def __init__(self) -> None:
        self._features = OpenWakeWordFeatures.from_builtin()
        self._classifiers = {model.value: OpenWakeWord.from_builtin(model) for model in Model}
        self._features_after_silence = self._hear_silence()
        self._classifiers_after_silence = {name: _Past.of(model) for name, model in self._classifiers.items()}

    def words(self) -> Sequence[WakeWord]:
        """Return the built-in words."""
        return words()

    def open(self, names: Sequence[str]) -> WakeStream:
        """Return a stream that has heard silence so far."""
        pasts = {name: copy.deepcopy(self._classifiers_after_silence[name]) for name in names}
        return _Stream(self._features, self._features_after_silence.copy(), self._classifiers, pasts)

    def _hear_silence(self) -> "_FeaturesPast":
        silence = np.zeros(_WINDOW_SAMPLES, dtype=np.int16).tobytes()
        for embedding in self._features.process_streaming(silence):
            for classifier in self._classifiers.values():
                list(classifier.process_streaming(embedding))
        return _FeaturesPast.of(self._features)


@dataclass(slots=True)
class _FeaturesPast:
    """What the feature extractor remembers of one stream."""

    audio: NDArray[np.float32]
    new_audio_samples: int
    mels: NDArray[np.float32]
    new_mels: int

    @classmethod
    def of(cls, features: OpenWakeWordFeatures) -> "_FeaturesPast":
        return cls(features.audio, features.new_audio_samples, features.mels, features.new_mels).copy()

    def copy(self) -> "_FeaturesPast":
        return _FeaturesPast(self.audio.copy(), self.new_audio_samples, self.mels.copy(), self.new_mels)

    def lend_to(self, features: OpenWakeWordFeatures) -> None:
        features.audio, features.new_audio_samples = self.audio, self.new_audio_samples
        features.mels, features.new_mels = self.mels, self.new_mels

    def take_back(self, features: OpenWakeWordFeatures) -> None:
        self.new_audio_samples, self.new_mels = features.new_audio_samples, features.new_mels


@dataclass(slots=True)
class _Past:
    """What one classifier remembers of one stream."""

    embeddings: NDArray[np.float32]
    new_embeddings: int

    @classmethod
    def of(cls, model: OpenWakeWord) -> "_Past":
        return cls(model.embeddings.copy(), model.new_embeddings)


class _Stream:
    """One stream's past, lent to the shared interpreters window by window."""

    def __init__(
        self,
        features: OpenWakeWordFeatures,
        features_past: _FeaturesPast,
        classifiers: dict[str, OpenWakeWord],
        pasts: dict[str, _Past],
    ) -> None:
        self._features = features
        self._features_past = features_past
        self._classifiers = classifiers
        self._pasts = pasts

    def process(self, window: Samples) -> Sequence[Score]:
        """Return the highest score of each word in this window."""
        self._features_past.lend_to(self._features)
        embeddings = list(self._features.process_streaming(window.tobytes()))
        self._features_past.take_back(self._features)
        return [Score(name, self._classify(name, past, embeddings)) for name, past in self._pasts.items()]

    def _classify(self, name: str, past: _Past, embeddings: list[NDArray[np.float32]]) -> float:
        model = self._classifiers[name]
        model.embeddings, model.new_embeddings = past.embeddings, past.new_embeddings
        highest = max((score for embedding in embeddings for score in model.process_streaming(embedding)), default=0.0)
        past.new_embeddings = model.new_embeddings
        return highest


def load() -> OpenWakeWordEngine:
    """Return the engine. Blocking."""
    return OpenWakeWordEngine()

"""What a wake word is, what its model does, and who may object to a detection: the forms that others implement."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from wyoming_servers.runtime.audio import Samples

from .settings import TriggerSettings, WordSettings

EMBEDDING_SAMPLES = 1280
"""A stream gets a new embedding for every 80 ms of audio."""

EMBEDDING_SIZE = 96

Embeddings = NDArray[np.float32]
"""openWakeWord's speech embeddings, shape [..., windows, EMBEDDING_SIZE], the newest last; one sees 775 ms of audio."""


HISTORY_WINDOWS = 40
"""Embeddings that are kept of a stream: what a model can look at, and what a verifier gets."""


@dataclass(frozen=True, slots=True)
class WakeWord:
    """A word or phrase that can be detected."""

    name: str
    """As clients ask for it."""

    phrase: str
    """As people say it."""

    languages: Sequence[str]
    trigger: TriggerSettings


class WordModel(Protocol):
    """The classifier of one word, over the embeddings that all models share. Loaded once for all streams."""

    @property
    def windows(self) -> int:
        """Embeddings that it looks at; at most HISTORY_WINDOWS."""

    def score(self, embeddings: Embeddings) -> NDArray[np.float32]:
        """Return how sure it is, 0 to 1, that its word has just been said in each stream; shape [streams].

        `embeddings` has the shape [streams, windows, EMBEDDING_SIZE]. Blocking; one thread at a time.
        """


class WordFormat(Protocol):
    """A module in `formats`, named like the suffix of its files: `formats/tflite.py` reads `NAME.tflite`."""

    def settings(self, path: Path) -> WordSettings:
        """Return what the file itself says; what stands in `NAME.toml` beside it goes first.

        Cheap: called on the event loop for a new or changed file. Raises: EngineError.
        """

    def load(self, path: Path) -> WordModel:
        """Return the model. Blocking. Raises: EngineError for a broken file, ImportError for a missing library."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The moment at which a word was about to be detected."""

    name: str
    probability: float
    samples: Samples
    """The stream's audio up to that moment, at most the last 3.2 seconds."""

    embeddings: Embeddings
    """The stream's embeddings up to that moment, as far back as `samples` reach; shape [windows, EMBEDDING_SIZE]."""


class Verifier(Protocol):
    """May object to a detection: the speaker is unknown, it was the assistant's own voice."""

    name: str
    """For logs and metrics."""

    def objection(self, evidence: Evidence) -> str | None:
        """Return why the detection is none, for the log; None to let it pass. Blocking; one thread at a time."""

"""The speaker check's models: a person's recordings against synthetic strangers who say the same."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wyoming_servers.runtime.audio import Samples
from wyoming_servers.wake.speakers import SpeakerModel
from wyoming_servers.wake.voice_features import voice_features

from .embeddings import Embedder, end_of
from .enrol import Progress
from .errors import EnrolmentError
from .recordings import read_word
from .scenes import HOME_NOISE, WordScene, word_scene
from .speakers import Speaker

_FEWEST_RECORDINGS = 5
_SCENES_A_RECORDING = 12
_SCENES_A_STRANGER = 6
_HELD_OUT = 4
"""Every so many-th stranger tells what the check is worth."""

_DECAY = 0.1
_STEPS = 400
_REJECTED = 0.1
"""Of the person's own words, at most about so many: those of recordings that the model was made without."""

Features = NDArray[np.float64]
"""Shape [utterances, features]."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the household."""

    name: str
    recordings: Sequence[Path]
    """Of the wake word."""

    say: str
    """The wake word as it is written: strangers have to say the same, or the words would give them away."""

    language: str
    seed: int = 0


def learn(person: Person, speakers_of: Callable[[str], Sequence[Speaker]], progress: Progress) -> SpeakerModel:
    """Return the person's model. Blocking: about half a minute. Raises: EnrolmentError, EngineError."""
    if len(person.recordings) < _FEWEST_RECORDINGS:
        raise EnrolmentError(f"Give at least {_FEWEST_RECORDINGS} recordings of {person.name} saying the wake word.")
    random, embedder = np.random.default_rng(person.seed), Embedder()
    words = [read_word(path) for path in person.recordings]
    own = [_features([word] * _SCENES_A_RECORDING, embedder, random) for word in words]
    strangers = [
        _features(said, embedder, random)
        for said in _said_by_strangers(speakers_of(person.language), person.say, random, progress)
    ]
    return fit(person.name, own, strangers)


def fit(name: str, own: Sequence[Features], strangers: Sequence[Features]) -> SpeakerModel:
    """Return the model of a person; each element of `own` is a recording, each of `strangers` somebody."""
    learnt = np.concatenate([one for number, one in enumerate(strangers) if number % _HELD_OUT])
    held_out = np.concatenate(strangers[::_HELD_OUT])
    scores = []
    for number, recording in enumerate(own):
        weights, bias = _logistic(np.concatenate([*own[:number], *own[number + 1 :]]), learnt)
        scores.append(recording @ weights + bias)
    threshold = float(np.quantile(np.concatenate(scores), _REJECTED))
    weights, bias = _logistic(np.concatenate(own), learnt)
    facts = {
        "made": datetime.now(UTC).date().isoformat(),
        "recordings": len(own),
        "strangers": len(strangers),
        "measured_on": "recordings by models without them; synthetic voices kept apart",
        "rejected": _REJECTED,
        "strangers_accepted": round(float(np.mean(held_out @ weights + bias > threshold)), 3),
    }
    return SpeakerModel(name, weights, bias - threshold, facts)


def heard(scene: WordScene, embeddings: NDArray[np.float32], random: np.random.Generator) -> Features:
    """Return the features at the moment at which the word would be detected."""
    first = next(step for step in range(len(embeddings)) if end_of(step) >= scene.end)
    step = min(first + int(random.integers(4)), len(embeddings) - 1)
    return voice_features(scene.samples[: end_of(step)], embeddings[: step + 1])


def _features(words: Sequence[Samples], embedder: Embedder, random: np.random.Generator) -> Features:
    scenes = [word_scene(word, None, random, HOME_NOISE) for word in words]
    seen = embedder.embed([scene.samples for scene in scenes])
    return np.stack([heard(scene, one, random) for scene, one in zip(scenes, seen, strict=True)])


def _said_by_strangers(
    strangers: Sequence[Speaker], text: str, random: np.random.Generator, progress: Progress
) -> Iterator[Sequence[Samples]]:
    progress.phase("Strangers say the word", len(strangers))
    for stranger in strangers:
        yield [stranger.say(text, random) for _ in range(_SCENES_A_STRANGER)]
        progress.step()


def _logistic(own: Features, others: Features) -> tuple[NDArray[np.float64], float]:
    """Return weights and bias of a logistic regression in which both sides count alike."""
    mean, scale = others.mean(axis=0), others.std(axis=0) + 1e-3
    rows = (np.concatenate([own, others]) - mean) / scale
    wanted = np.repeat([1.0, 0.0], [len(own), len(others)])
    shares = np.repeat([0.5 / len(own), 0.5 / len(others)], [len(own), len(others)])
    steepest = np.linalg.norm(rows * np.sqrt(shares)[:, None], 2) ** 2 / 4 + _DECAY
    weights, bias = np.zeros(rows.shape[1]), 0.0
    for _ in range(_STEPS):
        errors = shares * (1 / (1 + np.exp(-(rows @ weights + bias))) - wanted)
        weights -= (rows.T @ errors + _DECAY * weights) / steepest
        bias -= errors.sum() / steepest
    return weights / scale, float(bias - weights @ (mean / scale))

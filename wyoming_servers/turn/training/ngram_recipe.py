"""From dialogues to the model that the package carries. Needs the extra turn-train."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from wyoming_servers.turn import ngram
from wyoming_servers.turn.ngram import NgramModel, Scale

from .calibrate import calibrate
from .config import TrainingConfig
from .dialogues import find_files
from .encode import Corpus, Encoder
from .evaluate import Samples, Table, auc_by_language, evaluate
from .fit import fit, predict
from .metrics import sigmoid
from .network import NgramNetwork
from .progress import History, Watcher
from .report import Report
from .samples import Mark
from .split import split

MODEL = "ngram.npz"
_EVALUATIONS = 8
"""Looks at the held-out dialogues during a training; each writes the model as it is then."""

_GLANCE = 1_000
"""Held-out dialogues for each of these looks."""


def train(paths: Sequence[Path], folder: Path, config: TrainingConfig, watcher: Watcher) -> Report:
    """Train, calibrate and write the model. Raises: DataError, OSError."""
    history = History(watcher)
    history.phase("Reading dialogues")
    trained, held_out = split(find_files(paths), config.data)
    encoder = Encoder(config.model)
    corpus = encoder.encode(trained, config.data.comma_share, config.data.phrase_weight)
    glance = encoder.encode(held_out[:: max(1, len(held_out) // _GLANCE)])
    evaluation = encoder.encode(held_out)
    corpus, glance = (replace(one, pieces=evaluation.pieces) for one in (corpus, glance))
    history.phase("Training")
    torch.manual_seed(config.ngram.seed)
    torch.set_num_threads(config.ngram.threads)
    network = NgramNetwork(config.model, evaluation.pieces, config.ngram.dropout, config.ngram.word_dropout)
    path = folder / MODEL
    _fit(network, corpus, glance, config, history, path)
    history.phase("Calibrating")
    table = _finish(network, evaluation, config, path)
    return Report(config, history, table, (path,), {"trained": len(trained), "held_out": len(held_out)})


def _fit(
    network: NgramNetwork, corpus: Corpus, glance: Corpus, config: TrainingConfig, history: History, path: Path
) -> None:
    samples = _samples(glance)

    def on_step(number: int, steps: int, loss: float) -> None:
        history.step(number, steps, loss)
        if number % max(1, steps // _EVALUATIONS) == 0 or number == steps:
            logits = predict(network, glance, config.ngram.batch_tokens)[glance.weights > 0]
            history.evaluated(number, auc_by_language(logits, samples))
            ngram.save(path, NgramModel(config.model, network.weights(), {}))

    fit(network, corpus, config.ngram, on_step)


def _finish(network: NgramNetwork, evaluation: Corpus, config: TrainingConfig, path: Path) -> Table:
    """Calibrate the model that was written, write it once more, and return its metrics."""
    model = ngram.read(path)
    network.take(model.weights)  # rounded to int8
    samples = _samples(evaluation)
    logits = predict(network, evaluation, config.ngram.batch_tokens)[evaluation.weights > 0]
    scales = _calibrate(logits, samples)
    ngram.save(path, NgramModel(config.model, model.weights, scales))
    factors = np.array([scales[language].factor for language in samples.languages])
    offsets = np.array([scales[language].offset for language in samples.languages])
    return evaluate(sigmoid(factors * logits + offsets), samples)


def _calibrate(logits: NDArray[np.float64], samples: Samples) -> Mapping[str, Scale]:
    scales = {}
    for language in np.unique(samples.languages):
        spoken = samples.languages == language
        whole = (samples.marks == Mark.TURN)[spoken]
        scales[str(language)] = calibrate(logits[spoken], whole, samples.weights[spoken])
    return scales


def _samples(corpus: Corpus) -> Samples:
    """Return what is known of the places that count."""
    counted = corpus.weights > 0
    groups = corpus.groups[counted]
    return Samples(
        languages=np.array([origin.language for origin in corpus.origins])[groups],
        sources=np.array([origin.source for origin in corpus.origins])[groups],
        is_phrase=np.array([origin.is_phrase for origin in corpus.origins])[groups],
        marks=corpus.marks[counted],
        is_first=corpus.is_first[counted],
        weights=corpus.weights[counted].astype(np.float64),
    )

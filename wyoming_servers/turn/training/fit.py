"""Training of the shipped model's network."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from .config import NgramTraining
from .encode import Corpus
from .network import NgramNetwork
from .samples import Mark

_BUCKET = 64
"""Batches whose stretches are sorted by length together, so that little is padded."""


OnStep = Callable[[int, int, float], None]
"""Takes a step's number, from 1, how many there are, and its loss."""


@dataclass(frozen=True, slots=True)
class _Batch:
    words: torch.Tensor
    positions: torch.Tensor
    places: torch.Tensor
    is_word: torch.Tensor
    index: NDArray[np.int64]
    """The tokens of the corpus that are words here, in the order of the network's answers."""


def fit(network: NgramNetwork, corpus: Corpus, training: NgramTraining, on_step: OnStep) -> None:
    """Train the network in place; `on_step` is called after each step."""
    random = np.random.default_rng(training.seed)
    steps = training.epochs * sum(1 for _ in _batches(corpus, training.batch_tokens, np.random.default_rng(0)))
    optimizer = torch.optim.AdamW(
        network.parameters(), lr=training.learning_rate, weight_decay=training.weight_decay, fused=True
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=training.learning_rate, total_steps=steps + 1, pct_start=0.1, anneal_strategy="linear"
    )
    number = 0
    for _ in range(training.epochs):
        for chosen in _batches(corpus, training.batch_tokens, random):
            if number >= steps:
                return
            network.train()
            loss = _loss(network, corpus, _batch(corpus, chosen), training.mark_weight)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            number += 1
            on_step(number, steps, float(loss.detach()))


def predict(network: NgramNetwork, corpus: Corpus, batch_tokens: int) -> NDArray[np.float64]:
    """Return the logit of each token of a corpus; NaN at boundaries."""
    logits = np.full(len(corpus.words), np.nan)
    network.eval()
    with torch.inference_mode():
        for chosen in _batches(corpus, batch_tokens, np.random.default_rng(0)):
            batch = _batch(corpus, chosen)
            logits[batch.index] = network(batch.words, batch.positions, batch.places, batch.is_word)[0].numpy()
    return logits


def _loss(network: NgramNetwork, corpus: Corpus, batch: _Batch, mark_weight: float) -> torch.Tensor:
    ends, marks = network(batch.words, batch.positions, batch.places, batch.is_word)
    target = torch.from_numpy(corpus.marks[batch.index])
    weights = torch.from_numpy(corpus.weights[batch.index])
    is_end = (target == Mark.TURN).float()
    loss = functional.binary_cross_entropy_with_logits(ends, is_end, weights, reduction="sum") / weights.sum()
    within = target != Mark.TURN
    if mark_weight and within.any():
        loss = loss + mark_weight * functional.cross_entropy(marks[within], target[within])
    return loss


def _batches(corpus: Corpus, tokens: int, random: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Yield the numbers of stretches of similar length that have about `tokens` tokens together."""
    lengths = np.diff(corpus.ends, prepend=0)
    order = random.permutation(len(lengths))
    buckets = np.array_split(order, max(1, int(lengths.sum()) // (tokens * _BUCKET)))
    for number in random.permutation(len(buckets)):
        bucket = buckets[number][np.argsort(lengths[buckets[number]], kind="stable")]
        splits = np.flatnonzero(np.diff(np.cumsum(lengths[bucket]) // tokens)) + 1
        batches = np.split(bucket, splits)
        for batch in random.permutation(len(batches)):
            yield batches[batch]


def _batch(corpus: Corpus, stretches: NDArray[np.int64]) -> _Batch:
    lengths = np.diff(corpus.ends, prepend=0)[stretches]
    starts = corpus.ends[stretches] - lengths
    offsets = np.arange(lengths.max())
    is_token = offsets < lengths[:, None]
    index = np.where(is_token, starts[:, None] + offsets, 0)
    positions = np.where(is_token, corpus.positions[index], 0)
    is_word = is_token & (positions > 0)
    return _Batch(
        words=torch.from_numpy(np.where(is_token, corpus.words[index], 0).astype(np.int64)),
        positions=torch.from_numpy(positions),
        places=torch.from_numpy(corpus.places[index[is_word]].astype(np.int64)),
        is_word=torch.from_numpy(is_word),
        index=index[is_word],
    )

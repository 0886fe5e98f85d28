"""Embedders for the bench: the service's own, and stand-ins that understand as much as they are told."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from knowledge import embedders
from knowledge.embedders.embedder import normalised
from knowledge.search import self_test
from knowledge.settings import EmbedderSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from knowledge.embedders.embedder import Embedder, Vectors
    from knowledge.models import Language

_DIMENSION = 384
_SHARED_BY_ARTICLE = 0.5


class StandIn:
    """An embedder that is a function."""

    model = "stand-in"
    dimension = _DIMENSION

    def __init__(self, embed: Callable[[str], Vectors]) -> None:
        self._embed = embed

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one vector per text."""
        return normalised(np.stack([self._embed(text) for text in texts]))

    def embed_query(self, text: str) -> Vectors:
        """Return a question's vector."""
        return normalised(self._embed(text))


def embedder_of(name: str, corpus: Mapping[str, Mapping[str, Any]], relevant: Mapping[str, frozenset[str]]) -> Embedder:
    """Return the embedder of a name, as the bench describes them."""
    kind, _, model = name.partition(":")
    if kind == "noise":
        return StandIn(_direction)
    if kind == "letters":
        return StandIn(_letters)
    if kind == "meaning":
        return StandIn(_meaning(float(model), corpus, relevant))
    model, _, url = model.partition("@")
    return embedders.load(EmbedderSettings(kind, model, url))


@cache
def is_accepted(name: str, language: Language) -> bool:
    """Say whether an embedder passes its self-test; one that stands for understanding is taken to."""
    if name.startswith("meaning:"):
        return True
    return language in self_test.run(embedder_of(name, {}, {})).accepted()


def _meaning(
    share: float, corpus: Mapping[str, Mapping[str, Any]], relevant: Mapping[str, frozenset[str]]
) -> Callable[[str], Vectors]:
    """Return an embedder that knows which passage a question is on, but for a share of noise."""
    passages = {
        row["text"]: _direction(row["text"]) + _SHARED_BY_ARTICLE * _direction(row["title"]) for row in corpus.values()
    }

    def embed(text: str) -> Vectors:
        if text in passages:
            return passages[text]
        best = min(relevant[text])
        vector: Vectors = (1 - share) * passages[corpus[best]["text"]] + share * _direction(text)
        return vector

    return embed


def _direction(text: str) -> Vectors:
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
    return np.random.default_rng(seed).standard_normal(_DIMENSION).astype(np.float32)


def _letters(text: str) -> Vectors:
    """Return the groups of letters, each at a place of its own."""
    vector = np.zeros(_DIMENSION, np.float32)
    for size in (2, 3, 4):
        for start in range(len(text) - size + 1):
            digest = hashlib.sha256(text[start : start + size].casefold().encode()).digest()
            vector[int.from_bytes(digest[:4]) % _DIMENSION] += 1 if digest[4] % 2 else -1
    return vector

"""Embedders that understand as much as a test wants."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from knowledge.embedders.embedder import Vectors, normalised
from knowledge.errors import EmbedderError
from knowledge.models import Language
from knowledge.search import self_test

DIMENSION = 256


def noise(text: str) -> Vectors:
    """A direction of the text's own."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
    return np.random.default_rng(seed).standard_normal(DIMENSION).astype(np.float32)


def letters(text: str) -> Vectors:
    """The groups of letters, each at a place of its own: similar for similar spelling."""
    vector = np.zeros(DIMENSION, np.float32)
    for size in (2, 3, 4):
        for start in range(len(text) - size + 1):
            digest = hashlib.sha256(text[start : start + size].casefold().encode()).digest()
            vector[int.from_bytes(digest[:4]) % DIMENSION] += 1 if digest[4] % 2 else -1
    return vector


def meaning(*languages: Language) -> Callable[[str], Vectors]:
    """The topics of the self-test in some languages, as a good model tells them apart; noise for all other texts."""
    topics = {
        text: f"{language} {place}"
        for language in languages
        for place, item in enumerate(self_test.items(language))
        for text in (item.plain, item.paraphrased, item.passage)
    }

    def embed(text: str) -> Vectors:
        topic = topics.get(text)
        return noise(text) if topic is None else noise(topic) + 0.5 * noise(text)

    return embed


@dataclass
class FakeEmbedder:
    """Works as `embed` does, unless it is told to fail."""

    embed: Callable[[str], Vectors] = letters
    model: str = "fake"
    dimension: int = DIMENSION
    is_away: bool = False
    batches: list[list[str]] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one vector per text."""
        self._check()
        self.batches.append(list(texts))
        return normalised(np.stack([self.embed(text) for text in texts]))

    def embed_query(self, text: str) -> Vectors:
        """Return a question's vector."""
        self._check()
        self.questions.append(text)
        return normalised(self.embed(text))

    def _check(self) -> None:
        if self.is_away:
            raise EmbedderError("The embedder is away.")

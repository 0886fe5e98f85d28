"""Embeddings of many clips at once: the same values that a stream gets one by one."""

from collections.abc import Iterator, Sequence

import numpy as np

from wyoming_servers.runtime.audio import Samples
from wyoming_servers.wake.features import OVERLAP_SAMPLES, STEP_SAMPLES, SpeechFeatures
from wyoming_servers.wake.words import EMBEDDING_SAMPLES, EMBEDDING_SIZE, Embeddings

_BATCH = 32


class Embedder:
    """The feature extractor, for one thread."""

    def __init__(self) -> None:
        """Blocking. Raises: EngineError."""
        self._features = SpeechFeatures()

    def embed(self, clips: Sequence[Samples]) -> Iterator[Embeddings]:
        """Yield the embeddings of each clip, heard after silence; shape [steps, EMBEDDING_SIZE].

        The n-th ends at the sample `end_of(n)`. Blocking: about a millisecond each.
        """
        order = np.argsort([len(clip) for clip in clips], kind="stable")
        done: dict[int, Embeddings] = {}
        for begin in range(0, len(order), _BATCH):
            chosen = order[begin : begin + _BATCH]
            done.update(zip(chosen, self._embed_batch([clips[number] for number in chosen]), strict=True))
        yield from (done[number] for number in range(len(clips)))

    def _embed_batch(self, clips: Sequence[Samples]) -> Sequence[Embeddings]:
        steps = [len(clip) // EMBEDDING_SAMPLES for clip in clips]
        audio = np.zeros((len(clips), OVERLAP_SAMPLES + max(steps) * EMBEDDING_SAMPLES), np.int16)
        for row, clip, count in zip(audio, clips, steps, strict=True):
            row[OVERLAP_SAMPLES : OVERLAP_SAMPLES + count * EMBEDDING_SAMPLES] = clip[: count * EMBEDDING_SAMPLES]
        pasts = np.repeat(self._features.after_silence[None], len(clips), axis=0)
        made = np.empty((len(clips), max(steps), EMBEDDING_SIZE), np.float32)
        for step in range(max(steps)):
            begin = step * EMBEDDING_SAMPLES
            made[:, step] = self._features.process(audio[:, begin : begin + STEP_SAMPLES], pasts)
        return [values[:count] for values, count in zip(made, steps, strict=True)]


def end_of(step: int) -> int:
    """Return how many samples of a clip are in the embedding with this number and those before it."""
    return (step + 1) * EMBEDDING_SAMPLES

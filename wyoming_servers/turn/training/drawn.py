"""Samples of the usual recipe, drawn from dialogues, with what is known of each. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from wyoming_servers.turn.detector import Pause

from .dialogues import Dialogue
from .evaluate import Samples
from .samples import Sample, draw, read_turn


@dataclass(frozen=True, slots=True)
class Drawn:
    """Samples and the dialogues they are from, one for each."""

    samples: Sequence[Sample]
    dialogues: Sequence[Dialogue]

    def first(self, count: int) -> "Drawn":
        """Return so many of them."""
        return Drawn(self.samples[:count], self.dialogues[:count])

    def pauses(self) -> Sequence[Pause]:
        """Return what a detector is asked."""
        pairs = zip(self.samples, self.dialogues, strict=True)
        return [Pause(sample.text, dialogue.language, sample.context) for sample, dialogue in pairs]

    def describe(self) -> Samples:
        """Return what metrics are told by."""
        return Samples(
            languages=np.array([dialogue.language for dialogue in self.dialogues]),
            sources=np.array([dialogue.source for dialogue in self.dialogues]),
            is_phrase=np.array([dialogue.is_phrase for dialogue in self.dialogues]),
            marks=np.array([sample.mark for sample in self.samples], np.int64),
            is_first=np.array([not sample.context for sample in self.samples]),
            weights=np.ones(len(self.samples)),
        )


def draw_all(dialogues: Iterable[Dialogue], random: Random, longest_context: int) -> Drawn:
    """Return the samples of all dialogues in their order."""
    samples: list[Sample] = []
    owners: list[Dialogue] = []
    for dialogue in dialogues:
        turns = [turn for turn in map(read_turn, dialogue.turns) if turn.words]
        samples += draw(turns, random, longest_context)
        owners += [dialogue] * (len(samples) - len(owners))
    return Drawn(samples, owners)

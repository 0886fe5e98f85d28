"""What happens in training, for those who watch and for the curves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class Watcher(Protocol):
    """Is told how training goes."""

    def phase(self, name: str) -> None:
        """Take the name of what begins now."""

    def step(self, number: int, steps: int, loss: float) -> None:
        """Take the loss of a step; they count from 1."""

    def evaluated(self, step: int, aucs: Mapping[str, float]) -> None:
        """Take the AUC of held-out dialogues by language."""


@dataclass(slots=True)
class History:
    """Remembers loss and AUC, and passes everything on."""

    watcher: Watcher
    losses: dict[int, float] = field(default_factory=dict)
    """By step; the mean since the one before."""

    aucs: dict[int, Mapping[str, float]] = field(default_factory=dict)
    every: int = 20
    _recent: list[float] = field(default_factory=list)

    def phase(self, name: str) -> None:
        """Pass on what begins now."""
        self.watcher.phase(name)

    def step(self, number: int, steps: int, loss: float) -> None:
        """Remember a loss."""
        self._recent.append(loss)
        if number % self.every == 0 or number == steps:
            self.losses[number] = sum(self._recent) / len(self._recent)
            self._recent.clear()
        self.watcher.step(number, steps, loss)

    def evaluated(self, step: int, aucs: Mapping[str, float]) -> None:
        """Remember the AUCs."""
        self.aucs[step] = dict(aucs)
        self.watcher.evaluated(step, aucs)

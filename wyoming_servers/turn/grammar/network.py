"""A sentence template as a network of words and slots. Pure.

Templates glue word endings with optional parts ("градус[ов|а]"), so they are first laid out in pieces of words, and the
words are read off the paths between spaces.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import permutations

from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    Sentence,
    TextChunk,
)

from wyoming_servers.turn.text import normalize, tokenize

Rules = Mapping[str, Sentence]
NameSlot = Callable[[str], str]
"""Returns the slot that a list of a template stands for."""

FINAL = 0
"""The state at which every sentence ends."""

_SPACE = " "


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a sentence that is filled from a list."""

    name: str


Label = str | Slot
"""A piece of a word, the space between two, or a slot."""


@dataclass(slots=True)
class Network:
    """Pieces of words between states, from `start` to `FINAL`."""

    arcs: list[list[tuple[Label, int]]] = field(default_factory=lambda: [[]])
    free: list[list[int]] = field(default_factory=lambda: [[]])
    """Where a state leads without a word."""

    def new_state(self) -> int:
        """Return a state without arcs."""
        self.arcs.append([])
        self.free.append([])
        return len(self.arcs) - 1

    def add(self, sentence: Sentence, start: int, rules: Rules, slot: NameSlot) -> None:
        """Lay a template out from `start` to the end."""
        _Layout(self, rules, slot).lay(sentence.expression, start, FINAL)

    def reach(self, state: int) -> Iterator[tuple[str | Slot, int]]:
        """Yield the words and slots that lead out of a state between words, each with the state after it.

        An empty word leads to `FINAL` where a sentence may end in the state itself.
        """
        seen = {("", state)}
        pending = [("", state)]
        while pending:
            word, here = pending.pop()
            if here == FINAL:
                yield word, FINAL
            following = [(word, target) for target in self.free[here]]
            for label, target in self.arcs[here]:
                if isinstance(label, Slot):
                    yield label, target
                elif label != _SPACE:
                    following.append((word + label, target))
                elif word:
                    yield word, target
                else:
                    following.append(("", target))
            pending += [path for path in following if path not in seen]
            seen.update(following)


@dataclass(frozen=True, slots=True)
class _Layout:
    network: Network
    rules: Rules
    slot: NameSlot

    def lay(self, expression: Expression, start: int, end: int) -> None:
        if isinstance(expression, TextChunk):
            self._lay_text(expression.original_text, start, end)
        elif isinstance(expression, ListReference):
            self._lay_labels([_SPACE, Slot(self.slot(expression.list_name)), _SPACE], start, end)
        elif isinstance(expression, RuleReference):
            self.lay(self.rules[expression.rule_name].expression, start, end)
        elif isinstance(expression, Alternative):
            for item in expression.items:
                self.lay(item, start, end)
        elif isinstance(expression, Permutation):
            for order in permutations(expression.items):
                self._lay_sequence(list(order), start, end)
        elif isinstance(expression, Group):
            self._lay_sequence(expression.items, start, end)

    def _lay_sequence(self, items: list[Expression], start: int, end: int) -> None:
        for item in items[:-1]:
            middle = self.network.new_state()
            self.lay(item, start, middle)
            start = middle
        if items:
            self.lay(items[-1], start, end)
        else:
            self.network.free[start].append(end)

    def _lay_text(self, text: str, start: int, end: int) -> None:
        self._lay_labels([label for letter in text for label in _labels(letter)], start, end)

    def _lay_labels(self, labels: list[Label], start: int, end: int) -> None:
        for label in labels[:-1]:
            middle = self.network.new_state()
            self.network.arcs[start].append((label, middle))
            start = middle
        if labels:
            self.network.arcs[start].append((labels[-1], end))
        else:
            self.network.free[start].append(end)


@cache
def _labels(letter: str) -> tuple[str, ...]:
    """Return what becomes of a letter in the middle of a word: itself, nothing, or a space."""
    inside = normalize(f"a{letter}a")[1:-1]
    return tuple(f" {inside} ") if len(tokenize(f"a{inside}a")) > 1 and inside.strip() else tuple(inside)

"""The templates of a language as one minimal deterministic automaton over words and slots. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .network import FINAL, Network, Slot


@dataclass(frozen=True, slots=True)
class State:
    """What may follow a beginning of sentences."""

    is_final: bool
    """Whether a sentence may end here."""

    words: Mapping[str, int]
    slots: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Automaton:
    """States without a cycle; the last one is the start."""

    states: tuple[State, ...]

    @property
    def start(self) -> int:
        """Return the state before the first word."""
        return len(self.states) - 1


def determinize(network: Network, starts: Iterable[int]) -> Automaton:
    """Return the automaton of all sentences that begin in one of the states."""
    determinizer = _Determinizer(network)
    determinizer.number(frozenset(starts))
    return Automaton(tuple(determinizer.states))


class _Determinizer:
    """Numbers sets of network states, sets with the same continuations alike.

    The network has no cycles, and so the states that follow are numbered before those that they follow.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._reached: dict[int, list[tuple[str | Slot, int]]] = {}
        self._numbers: dict[frozenset[int], int] = {}
        self._known: dict[tuple[bool, frozenset[tuple[str, int]], frozenset[tuple[str, int]]], int] = {}
        self.states: list[State] = []

    def number(self, subset: frozenset[int]) -> int:
        if subset not in self._numbers:
            self._numbers[subset] = self._new_number(subset)
        return self._numbers[subset]

    def _new_number(self, subset: frozenset[int]) -> int:
        targets: defaultdict[str | Slot, set[int]] = defaultdict(set)
        for state in subset:
            for label, target in self._reach(state):
                targets[label].add(target)
        is_final = targets.pop("", None) is not None
        numbered = [(label, self.number(frozenset(states))) for label, states in targets.items()]
        words = {label: number for label, number in numbered if isinstance(label, str)}
        slots = {label.name: number for label, number in numbered if isinstance(label, Slot)}
        key = (is_final, frozenset(words.items()), frozenset(slots.items()))
        if key not in self._known:
            self._known[key] = len(self.states)
            self.states.append(State(is_final, words, slots))
        return self._known[key]

    def _reach(self, state: int) -> list[tuple[str | Slot, int]]:
        if state == FINAL:
            return [("", FINAL)]
        if state not in self._reached:
            self._reached[state] = list(dict.fromkeys(self._network.reach(state)))
        return self._reached[state]

"""Sentences as a word graph, with what they have in common at the beginning and at the end stored once. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Tokens = tuple[str, ...]
Edge = tuple[int, int, str]
"""From state, to state, word; an empty word is passed without being said."""


@dataclass(frozen=True, slots=True)
class WordGraph:
    """All sentences between `start` and `final`."""

    start: int
    final: int
    edges: Sequence[Edge]

    def words(self) -> set[str]:
        """Return every word of the graph."""
        return {word for _, _, word in self.edges if word}


class Acceptor:
    """Follows sentences through a word graph."""

    def __init__(self, graph: WordGraph) -> None:
        self._graph = graph
        self._targets: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
        self._open: set[int] = set()
        """States that a word leads out of."""

        for source, target, word in graph.edges:
            self._targets[source, word].append(target)
            if word:
                self._open.add(source)

    def is_final(self, words: Iterable[str]) -> bool:
        """Return whether the words are a sentence of the graph and begin no longer one."""
        states = self._closure({self._graph.start})
        for word in words:
            states = self._closure({target for state in states for target in self._targets.get((state, word), ())})
        return self._graph.final in states and states.isdisjoint(self._open)

    def _closure(self, states: set[int]) -> set[int]:
        """Return the states with those that are reached without a word, which is never more than one step away."""
        reached = set(states)
        for state in states:
            reached.update(self._targets.get((state, ""), ()))
        return reached


@dataclass(slots=True)
class _Node:
    children: dict[str, "_Node"] = field(default_factory=dict)
    is_end: bool = False


def build_word_graph(sentences: Iterable[Tokens], lists: Mapping[str, Iterable[Tokens]]) -> WordGraph:
    """Return a graph of the sentences, in which a token that is a key of `lists` stands for any of its entries.

    Sentences with an empty list in them are left out.
    """
    entries = {key: sorted(set(values)) for key, values in lists.items()}
    possible = [tokens for tokens in sentences if all(entries.get(token, True) for token in tokens)]
    return _Builder(entries).build(possible)


class _Builder:
    """Numbers the states of a minimal acyclic automaton and puts the lists in their places."""

    def __init__(self, lists: Mapping[str, Sequence[Tokens]]) -> None:
        self._lists = lists
        self._edges: list[Edge] = []
        self._states: dict[tuple[bool, tuple[tuple[str, int], ...]], int] = {}
        self._count = 1
        self._final = 0

    def build(self, sentences: Iterable[Tokens]) -> WordGraph:
        start = self._number(_trie(sentences))
        return WordGraph(start, self._final, self._edges)

    def _number(self, node: _Node) -> int:
        """Return the state of a node; nodes with the same continuations share one."""
        if not node.children:
            return self._final
        following = tuple((word, self._number(child)) for word, child in sorted(node.children.items()))
        key = (node.is_end, following)
        if key not in self._states:
            self._states[key] = state = self._new_state()
            for word, target in following:
                self._connect(state, target, word)
            if node.is_end:
                self._edges.append((state, self._final, ""))
        return self._states[key]

    def _connect(self, source: int, target: int, word: str) -> None:
        if word in self._lists:
            self._insert(_trie(self._lists[word]), source, target)
        else:
            self._edges.append((source, target, word))

    def _insert(self, node: _Node, source: int, target: int) -> None:
        """Put the entries of a list between two states."""
        for word, child in sorted(node.children.items()):
            if child.is_end:
                self._edges.append((source, target, word))
            if child.children:
                middle = self._new_state()
                self._edges.append((source, middle, word))
                self._insert(child, middle, target)

    def _new_state(self) -> int:
        self._count += 1
        return self._count - 1


def _trie(sentences: Iterable[Tokens]) -> _Node:
    root = _Node()
    for tokens in sentences:
        node = root
        for token in tokens:
            node = node.children.setdefault(token, _Node())
        node.is_end = True
    return root

"""What a text so far is as a home command of one house. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from wyoming_servers.runtime.vocabulary import Vocabulary
from wyoming_servers.turn.text import normalize, tokenize

from .common_names import common_names
from .names import key_of, slots_of
from .reading import GrammarState, Reading
from .templates import Templates, Tokens


@dataclass(slots=True, eq=False)
class _Entries:
    """Entries of a list that begin alike, by the keys of their words."""

    following: dict[str, "_Entries"] = field(default_factory=dict)
    is_end: bool = False

    def add(self, keys: Iterable[str]) -> None:
        node = self
        for key in keys:
            node = node.following.setdefault(key, _Entries())
        node.is_end = True


_ANYTHING = _Entries()
"""In the place of entries: any words."""

_HOUSE = ("name", "area", "floor")
"""Kinds of slots that the house fills: with words unknown here, where need be."""

_NEVER = 1_000_000
_LONGEST = 40
"""Words of a command; what is longer is none."""

Position = tuple[_Entries | None, int]
"""A state of the automaton; where there are entries, the state after the one that is being said."""


class Grammar:
    """The commands of one language in one house. Never changed, so any thread may ask it."""

    def __init__(self, language: str, templates: Templates, vocabulary: Vocabulary) -> None:
        """Takes a few hundredths of a second in a house of a few hundred names."""
        self._key = key_of(language)
        self._states = templates.automaton.states
        self._start = templates.automaton.start
        self._skipped = self._entries([templates.skipped])
        lists = {slot: self._entries([entries]) for slot, entries in templates.lists.items()}
        lists |= dict.fromkeys(templates.wildcards, _ANYTHING)
        names = slots_of(common_names(language)), slots_of(vocabulary)
        slots = {slot for state in self._states for slot in state.slots} - set(lists)
        self._lists = lists | {slot: self._entries(_entries_of(slot, names)) for slot in slots}

    def read(self, text: str) -> Reading:
        """Return how far the text has come, guessing as few words as can be; case and punctuation are no matter."""
        positions: dict[Position, int] = {(None, self._start): 0}
        words = tokenize(normalize(text))
        fewest, before = 0, 0
        for word in words[:_LONGEST]:
            positions = self._say(word, positions)
            fewest, before = min(positions.values(), default=0), fewest
        if not positions or len(words) > _LONGEST:
            return Reading(GrammarState.DEAD, 0)
        state = self._judge([place for place, guessed in positions.items() if guessed == fewest])
        return Reading(state, fewest, is_last_guessed=fewest > before)

    def _say(self, word: str, positions: Mapping[Position, int]) -> dict[Position, int]:
        """Return where a word leads from each position, with the fewest guessed words on the way."""
        key = self._key(word)
        reached: dict[Position, int] = {}
        for position, guessed in positions.items():
            for after, cost in self._steps(word, key, position):
                if guessed + cost < reached.get(after, _NEVER):
                    reached[after] = guessed + cost
        return reached

    def _steps(self, word: str, key: str, position: Position) -> Iterator[tuple[Position, int]]:
        entries, number = position
        if entries is not None:
            yield from _continue(entries, key, number)
            return
        state = self._states[number]
        if word in state.words:
            yield (None, state.words[word]), 0
        for slot, target in state.slots.items():
            yield from _continue(self._lists[slot], key, target)
            if slot.startswith(_HOUSE) and number != self._start:  # else any words would begin a command
                yield from _continue(_ANYTHING, key, target)
        yield from _continue(self._skipped, key, number)

    def _judge(self, positions: Sequence[Position]) -> GrammarState:
        between = [self._states[number] for entries, number in positions if entries is None]
        if not any(state.is_final for state in between):
            return GrammarState.INCOMPLETE
        is_over = len(between) == len(positions) and not any(state.words or state.slots for state in between)
        return GrammarState.FINAL if is_over else GrammarState.OPEN

    def _entries(self, lists: Iterable[Iterable[Tokens]]) -> _Entries:
        root = _Entries()
        for entries in lists:
            for tokens in entries:
                root.add(map(self._key, tokens))
        return root


def _continue(entries: _Entries, key: str, target: int) -> Iterator[tuple[Position, int]]:
    if entries is _ANYTHING:
        yield (None, target), 1
        yield (_ANYTHING, target), 1
    elif following := entries.following.get(key):
        if following.is_end:
            yield (None, target), 0
        if following.following:
            yield (following, target), 0


def _entries_of(slot: str, names: Iterable[Mapping[str, Iterable[Tokens]]]) -> Iterator[Iterable[Tokens]]:
    """Yield what the vocabularies have for a slot of the house: "name" takes all, "name:light,fan" those domains."""
    kind, _, domains = slot.partition(":")
    wanted = {f"{kind}:{domain}" for domain in domains.split(",")} if domains else {kind}
    for slots in names:
        for filled, entries in slots.items():
            if filled in wanted or (not domains and filled.partition(":")[0] == kind):
                yield entries

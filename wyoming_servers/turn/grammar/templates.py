"""The home commands of one language, compiled from templates. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from .automaton import Automaton, State

Tokens = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Templates:
    """A language's home commands without the names of a house."""

    automaton: Automaton
    lists: Mapping[str, tuple[Tokens, ...]]
    """What fills a slot: numbers, colours. The house fills `area`, `floor`, `name` and `name:DOMAIN[,DOMAIN]`."""

    wildcards: tuple[str, ...]
    """Slots that any words fill."""

    skipped: tuple[Tokens, ...]
    """Words that a command may have anywhere, such as "please"."""

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Templates":
        """Return what `to_json` has made JSON of. Raises: KeyError, TypeError, ValueError."""
        states = tuple(State(bool(one["is_final"]), one["words"], one["slots"]) for one in data["automaton"]["states"])
        lists = {slot: tuple(tuple(tokens) for tokens in entries) for slot, entries in data["lists"].items()}
        skipped = tuple(tuple(tokens) for tokens in data["skipped"])
        return cls(Automaton(states), lists, tuple(data["wildcards"]), skipped)

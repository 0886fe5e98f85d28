"""What a text so far is as a home command."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class GrammarState(StrEnum):
    """How far a text has come on its way to a command."""

    DEAD = "dead"
    """No command begins like this."""

    INCOMPLETE = "incomplete"
    """Some command begins like this, and none ends here."""

    OPEN = "open"
    """It is a command, and the beginning of a longer one."""

    FINAL = "final"
    """It is a command that nothing can be added to."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text so far, read as a command."""

    state: GrammarState
    guessed_words: int
    """Words in it that stand for anything: a name that the house does not have, the item of a shopping list."""

    is_last_guessed: bool = False
    """Whether the last word is one of them: the state says little then."""


class CommandReader(Protocol):
    """A grammar. Asked by any thread."""

    def read(self, text: str) -> Reading:
        """Return how far the text has come, guessing as few words as can be; case and punctuation are no matter."""

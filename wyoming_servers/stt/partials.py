"""What may be told of an utterance before it is over. Pure.

A guess at a pause may still change; words in which two guesses in a row agree seldom do ("local agreement": Liu,
Spanakis, Niehues 2020). A chunk can't be taken back: where the transcript turns out different, the stream begins anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile


@dataclass(frozen=True, slots=True)
class Rest:
    """What is still to be told at the end."""

    is_new: bool
    """Whether the stream has to begin with this, for the first time or because what was told turned out wrong."""

    text: str


@dataclass(slots=True)
class Partials:
    """Follows the guesses about one utterance."""

    told: str = ""
    """The chunks so far."""

    _before: Sequence[str] = field(default_factory=list)

    def guess(self, text: str) -> str:
        """Take the next guess and return what can be told now; empty when that is nothing."""
        words = text.split()
        agreed = " ".join(word for word, _ in takewhile(_are_equal, zip(words, self._before, strict=False)))
        self._before = words
        if not agreed.startswith(self.told):
            return ""
        more = agreed.removeprefix(self.told)
        self.told = agreed
        return more

    def finish(self, text: str) -> Rest:
        """Take the transcript and return what is missing of it."""
        if self.told and text.startswith(self.told):
            return Rest(is_new=False, text=text.removeprefix(self.told))
        return Rest(is_new=True, text=text)


def _are_equal(pair: tuple[str, str]) -> bool:
    return pair[0] == pair[1]

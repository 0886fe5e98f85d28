"""Whose unit is synthesised next. Pure.

A person who has heard nothing waits in silence and thinks that nobody listened, so first units go first. A listener
needs audio only ahead of what has been played, so of later units the oldest answer's go first: it ends early, and the
others lose nothing while nobody runs dry by it; where somebody would, the earliest deadline goes first (Liu and
Layland, 1973).
"""

from collections.abc import Collection
from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True)
class Claim:
    """An answer's wish to have its next unit synthesised."""

    number: int
    """Of the answer, in the order of arrival."""

    dry_at: float = -inf
    """When its listener will have heard everything, on the event loop's clock; long ago, if there was no audio yet."""

    @property
    def has_heard(self) -> bool:
        """Whether its listener has had audio."""
        return self.dry_at > -inf


def most_urgent(claims: Collection[Claim], now: float, unit_seconds: float) -> Claim:
    """Return whose turn it is at `now`, where a unit takes the engine `unit_seconds`; `claims` is not empty."""
    oldest = min(claims, key=lambda claim: (claim.has_heard, claim.number))
    if not oldest.has_heard:
        return oldest
    playing = sorted(claims, key=lambda claim: (claim.dry_at, claim.number))
    others = (claim for claim in playing if claim is not oldest)
    # The next of them would have its audio after two units, the oldest answer's and its own.
    is_safe = all(claim.dry_at >= now + units * unit_seconds for units, claim in enumerate(others, 2))
    return oldest if is_safe else playing[0]


class Listener:
    """Who plays the audio of an answer as it comes."""

    def __init__(self, number: int) -> None:
        """`number` is that of the answer."""
        self.claim = Claim(number)
        """With which its next unit is waited for."""

    def hear(self, seconds: float, now: float) -> None:
        """Take audio at `now`; it is played behind what is there."""
        self.claim = Claim(self.claim.number, max(self.claim.dry_at, now) + seconds)

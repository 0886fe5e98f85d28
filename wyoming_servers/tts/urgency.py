"""Whose unit is synthesised next: theirs who wait in silence, else theirs who came first while nobody runs dry. Pure.

A listener needs audio only ahead of what has been played. So an answer is brought to its end while all others have
enough; where they have not, the earliest deadline goes first (Liu and Layland, 1973).
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


def most_urgent(claims: Collection[Claim], now: float, unit_seconds: float) -> Claim:
    """Return whose turn it is at `now`, where a unit takes the engine up to `unit_seconds`; `claims` is not empty."""
    oldest = min(claims, key=lambda claim: claim.number)
    others = sorted((claim for claim in claims if claim is not oldest), key=_deadline)
    # The next of the others would have its audio after two units, that of the oldest and its own.
    if all(claim.dry_at >= now + units * unit_seconds for units, claim in enumerate(others, 2)):
        return oldest
    return min(claims, key=_deadline)


def _deadline(claim: Claim) -> tuple[float, int]:
    return claim.dry_at, claim.number


class Listener:
    """Who plays the audio of an answer as it comes."""

    def __init__(self, number: int) -> None:
        """`number` is that of the answer."""
        self.claim = Claim(number)
        """With which its next unit is waited for."""

    @property
    def has_heard(self) -> bool:
        """Whether there was audio."""
        return self.claim.dry_at > -inf

    def hear(self, seconds: float, now: float) -> None:
        """Take audio at `now`; it is played behind what is there."""
        self.claim = Claim(self.claim.number, max(self.claim.dry_at, now) + seconds)

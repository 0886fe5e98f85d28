"""A number as it is written."""

from dataclasses import dataclass

LARGEST = 10**15 - 1
"""The largest that is read as a number; longer ones are read digit by digit."""


@dataclass(frozen=True, slots=True)
class Number:
    """A decimal number without its sign."""

    whole: int
    fraction: str = ""
    """Its digits behind the comma."""


def parse_number(text: str) -> Number | None:
    """Return the number that digits with a comma or stop mean; None for what is read digit by digit."""
    whole, _, fraction = text.replace(",", ".").partition(".")
    if (len(whole) > 1 and whole[0] == "0") or int(whole) > LARGEST:
        return None
    return Number(int(whole), fraction)

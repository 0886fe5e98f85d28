"""Numbers as they are written."""

import re
from dataclasses import dataclass

LONGEST = 15
"""Digits of the largest that is read as a number; longer ones are read digit by digit."""


@dataclass(frozen=True, slots=True)
class Number:
    """A decimal number without its sign."""

    whole: int
    fraction: str = ""
    """Its digits behind the comma."""


def parse_number(text: str) -> Number | None:
    """Return the number that digits with a comma or stop mean; None for what is read digit by digit."""
    whole, _, fraction = text.replace(",", ".").partition(".")
    if (len(whole) > 1 and whole[0] == "0") or len(whole) > LONGEST:
        return None
    return Number(int(whole), fraction)


_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_AS_LATIN = str.maketrans("ХІ", "XI")


def parse_roman(text: str) -> int | None:
    """Return what a Roman numeral means, also one typed with Cyrillic letters; None for other words."""
    latin = text.translate(_AS_LATIN)
    if not latin or not _ROMAN.fullmatch(latin):
        return None
    values = [_VALUES[letter] for letter in latin]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))

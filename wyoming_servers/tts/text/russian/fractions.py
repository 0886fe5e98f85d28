"""Numbers on two sides of a sign: 3/4, 120/80, 3×4, 2+2."""

import re

from wyoming_servers.tts.text.rules import Rule

from .context import governed_cases
from .grammar import Case
from .numerals import cardinal, vulgar

_SINGLE = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅛": (1, 8), "⅜": (3, 8)}
_LARGEST_DENOMINATOR = 100


def read_fraction(match: re.Match[str]) -> str:
    """Read 3/4 as three quarters, 120/80 and 24/7 with "на", a house's 5/2 with "дробь"."""
    upper, lower = int(match["upper"]), int(match["lower"])
    if 0 < upper < lower <= _LARGEST_DENOMINATOR:
        return vulgar(upper, lower)
    is_house = re.search(r"\b(?:дом|дома|доме|квартира|корпус|офис)\s+$", match.string[: match.start()]) is not None
    return f"{cardinal(upper)} {'дробь' if is_house else 'на'} {cardinal(lower)}"


def read_single(match: re.Match[str]) -> str:
    """Read ½ and 2½."""
    said = vulgar(*_SINGLE[match["sign"]])
    if not match["whole"]:
        return said
    joined = "с половиной" if match["sign"] == "½" else f"и {said}"
    return f"{cardinal(int(match['whole']))} {joined}"


def read_proportion(match: re.Match[str]) -> str:
    """Read "соотношение 1:3", "в масштабе 1:100"."""
    return f"{match['word']}{cardinal(int(match['upper']))} к {cardinal(int(match['lower']), Case.DATIVE)}"


def read_product(match: re.Match[str]) -> str:
    """Read 3×4 as "три на" before what follows."""
    cases = governed_cases(match.string, match.start())
    return f"{cardinal(int(match['number']), cases[0] if cases else Case.NOMINATIVE)} на "


PROPORTIONS = (
    Rule(
        re.compile(
            r"(?P<word>\b(?:соотношени|отношени|пропорци|масштаб)\w*\s+)(?P<upper>\d{1,6})\s?:\s?(?P<lower>\d{1,6})(?!\w)",
            re.IGNORECASE,
        ),
        read_proportion,
    ),
)
RULES = (
    Rule(re.compile(rf"(?P<whole>\d{{1,6}})?\s?(?P<sign>[{''.join(_SINGLE)}])"), read_single),
    Rule(re.compile(r"(?<![\w.,/])(?P<upper>\d{1,4})\s?[/⁄]\s?(?P<lower>\d{1,4})(?![\w/]|[.,]\d)"), read_fraction),
    Rule(re.compile(r"(?<![\w.,])(?P<number>\d{1,6})\s?[×xх*]\s?(?=\d)"), read_product),
)

"""Russian text in words."""

import re

from wyoming_servers.tts.text.rules import Rule, expanding, rewrite, tidy

from . import abbreviations, calendar, clock, fractions, latin, ordinals, phones, quantities, roman
from .grammar import with_yo
from .numerals import cardinal, spell_digits

_THOUSANDS = Rule(
    re.compile(
        r"(?<![\w.,])\d{1,3}(?: \d{3})+(?![\d]|[.,]\d{3}|[-\d])|(?<![\w.,])\d{1,3}(?:[,.]\d{3}){2,}(?![\d.,]\d)"
    ),
    lambda match: re.sub(r"\D", "", match.group()),
)
_SIGNS = (
    expanding(r"(?<!\w)~\s?(?=\d)|≈\s?(?=\d)", "примерно "),
    expanding(r"(?<!\w)(?:≤|<=)\s?(?=[-\d])", "не больше "),
    expanding(r"(?<!\w)(?:≥|>=)\s?(?=[-\d])", "не меньше "),
    expanding(r"(?<!\w)<\s?(?=[-\d])", "меньше "),
    expanding(r"(?<!\w)>\s?(?=[-\d])", "больше "),
    expanding(r"(?P<low>[-+]?\d+(?:[.,]\d+)?)\s?(?:…|\.{2,3})\s?(?=[-+]?\d)", r"от \g<low> до "),
    expanding(r"(?<=\d)\s?=\s?(?=\d)|(?<=\d)\s=\s", " равно "),
    expanding(r"(?<=\d)\s?\+\s?(?=\d)", " плюс "),
    expanding(r"(?<=\d):(?=\d{1,2}(?!\d))(?!\d\d)", " "),
    expanding(r"\s&\s", " и "),
)
_SLASHES = (
    expanding(r"\bи/или\b", "и или"),
    expanding(r"(?<=[а-яё])/(?=[а-яё])", " или "),
    expanding(r"(?<=[A-Za-z])/(?=[A-Za-z])", " "),
)
_LEFT = (
    expanding(r"°", " градусов "),
    expanding(r"№", " номер "),
    expanding(r"%", " процентов "),
    expanding(r"[<>{}\\^|~#*_`=\[\]]", " "),
)
_WORD_WITH_E = re.compile(r"[А-Яа-яё]*[еЕ][А-Яа-яё]*")


def spoken(text: str) -> str:
    """Return plain Russian text as it is said: no digits, signs or Latin letters are left."""
    text = rewrite(text, (*latin.ADDRESS_RULES, *latin.FIGURE_RULES))
    text = rewrite(text, _SIGNS[:1])
    text = rewrite(text, (*calendar.NUMERIC, *fractions.PROPORTIONS, *phones.RULES))
    text = rewrite(text, (_THOUSANDS, *_SIGNS))
    text = rewrite(text, (*abbreviations.RULES, *phones.VERSIONS))
    text = rewrite(
        text, (*clock.RULES, *calendar.RULES, *roman.RULES, *fractions.RULES, *ordinals.RULES, *quantities.RULES)
    )
    text = rewrite(text, (*_SLASHES, *latin.RULES))
    text = rewrite(text, (_DIGITS, *_LEFT))
    return tidy(restore_yo(text))


def restore_yo(text: str) -> str:
    """Return the text with ё in words that can be read in no other way."""
    return _WORD_WITH_E.sub(_read_yo, text)


def _read_yo(match: re.Match[str]) -> str:
    word = match.group()
    said = with_yo(word.lower())
    if said == word.lower():
        return word
    return "".join(new.upper() if old.isupper() else new for old, new in zip(word, said, strict=True))


def _read_digits(match: re.Match[str]) -> str:
    digits = match.group()
    said = cardinal(int(digits)) if len(digits) <= 6 and not digits.startswith("0") else spell_digits(digits)
    return f" {said} "


_DIGITS = Rule(re.compile(r"\d+"), _read_digits)

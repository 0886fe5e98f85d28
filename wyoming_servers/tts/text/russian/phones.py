"""Telephone numbers, addresses of machines and versions as Russian words."""

import re

from wyoming_servers.tts.text.rules import Rule, words

from .numerals import cardinal, spell_digits, spell_group


def read_phone(match: re.Match[str]) -> str:
    """Read a telephone number in the groups that people say: плюс семь, девятьсот пять, ..."""
    digits = re.sub(r"\D", "", match.group())
    sizes = (1, 3, 3, 2, 2) if len(digits) == 11 else (3, 3, 2, 2) if len(digits) == 10 else (3, 2, 2)
    groups, place = [], 0
    for size in sizes:
        groups.append(spell_group(digits[place : place + size]))
        place += size
    plus = "плюс " if match.group().startswith("+") else ""
    return plus + ", ".join(groups)


def read_foreign(match: re.Match[str]) -> str:
    """Read a number with a country's code in the groups that it is written in."""
    groups = [
        spell_group(group) if len(group) <= 3 else spell_digits(group) for group in re.findall(r"\d+", match.group())
    ]
    return "плюс " + ", ".join(groups)


def read_dotted(match: re.Match[str]) -> str:
    """Read 2026.11.0 or 192.168.1.10."""
    return " точка ".join(cardinal(int(group)) for group in match.group().split("."))


def read_version(match: re.Match[str]) -> str:
    """Read "версия 1.5"."""
    return match["word"] + " точка ".join(cardinal(int(group)) for group in match["version"].split("."))


_GAP = r"[\s(-]{0,2}"
RULES = (
    Rule(
        re.compile(rf"(?<![\w.,])(?:\+7|8){_GAP}\d{{3}}[\s)-]{{0,2}}\d{{3}}[\s-]?\d{{2}}[\s-]?\d{{2}}(?![\w])"),
        read_phone,
    ),
    Rule(re.compile(r"\+\d{1,3}(?:[\s()-]{1,2}\d{1,4}){2,5}(?!\w)|\+\d{8,15}(?!\w)"), read_foreign),
    Rule(re.compile(r"(?<![\w.,-])\d{3}-\d{2}-\d{2}(?![\w-])"), read_phone),
    Rule(re.compile(r"(?<![\w.,-])\(\d{3}\)\s?\d{3}-\d{2}-\d{2}(?![\w-])"), read_phone),
    Rule(re.compile(r"(?<![\w,])\d{1,4}(?:\.\d{1,4}){2,}(?![\w])(?!\.\d)"), read_dotted),
)
_NUMBERED = "|".join(
    words(
        r"верси[яиюей]+ обновлени\w+ раздел\w* пункт\w* глав\w+ параграф\w* таблиц\w+ рисун\w+"
        r" v python zigbee bluetooth usb hdmi"
    )
)
VERSIONS = (
    Rule(
        re.compile(
            rf"(?P<word>\b(?:{_NUMBERED})\s?)(?P<version>\d{{1,6}}\.\d{{1,6}})(?![\d.]\d|\d)",
            re.IGNORECASE,
        ),
        read_version,
    ),
)

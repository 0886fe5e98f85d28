"""Digits that were said aloud: "1234", "один два три четыре", "twelve thirty four". Pure."""

import re
import unicodedata

_UNITS = {
    "ноль нуль": 0, "один одна": 1, "два две": 2, "три": 3, "четыре": 4, "пять": 5, "шесть": 6, "семь": 7,
    "восемь": 8, "девять": 9, "zero oh": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9,
}  # fmt: skip
_TEENS = {
    "десять ten": 10, "одиннадцать eleven": 11, "двенадцать twelve": 12, "тринадцать thirteen": 13,
    "четырнадцать fourteen": 14, "пятнадцать fifteen": 15, "шестнадцать sixteen": 16, "семнадцать seventeen": 17,
    "восемнадцать eighteen": 18, "девятнадцать nineteen": 19,
}  # fmt: skip
_TENS = {
    "двадцать twenty": 20, "тридцать thirty": 30, "сорок forty": 40, "пятьдесят fifty": 50, "шестьдесят sixty": 60,
    "семьдесят seventy": 70, "восемьдесят eighty": 80, "девяносто ninety": 90,
}  # fmt: skip
_HUNDREDS = {
    "сто": 100, "двести": 200, "триста": 300, "четыреста": 400, "пятьсот": 500, "шестьсот": 600, "семьсот": 700,
    "восемьсот": 800, "девятьсот": 900,
}  # fmt: skip
_VALUES = {
    word: value
    for table in (_UNITS, _TEENS, _TENS, _HUNDREDS)
    for words, value in table.items()
    for word in words.split()
}
_CHINESE = str.maketrans("零〇一二三四五六七八九", "00123456789")
_AROUND = frozenset({"код", "пин", "пин-код", "пинкод", "мой", "это", "pin", "code", "the", "my", "is", "密码", "是"})


def spoken_digits(text: str) -> str:
    """Return the digits of a sentence that consists of nothing else; empty where it says more than digits."""
    digits: list[int | str] = []
    # Chinese keyboards write １２３４.
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_CHINESE)
    for word in re.findall(r"[\w-]+", plain):
        if re.fullmatch(r"[0-9-]+", word):
            digits.append(word.replace("-", ""))
        elif word in _VALUES:
            _append(digits, _VALUES[word])
        elif word not in _AROUND:
            return ""
    return "".join(map(str, digits))


def _append(digits: list[int | str], value: int) -> None:
    last = digits[-1] if digits else None
    if isinstance(last, int) and _continues(last, value):
        digits[-1] = last + value
    else:
        digits.append(value)


def _continues(last: int, value: int) -> bool:
    """Tell whether two words are one number: "тридцать четыре", "сто двадцать"."""
    if 0 < value < 10:
        return last >= 20 and last % 10 == 0
    return 10 <= value < 100 <= last and last % 100 == 0

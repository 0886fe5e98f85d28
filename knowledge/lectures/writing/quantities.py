"""Numbers of a text with what they count, in digits or in words: recognisers write either. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.text.morphology import morphology

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TOKEN = re.compile(
    r"(?P<digits>\d{1,3}(?:[ ,\u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,:]\d+)*)|"
    r"(?!十分(?!钟))(?P<han>[零〇一二两三四五六七八九十百千万亿]+)|(?P<word>[^\W\d_\u3400-\u9fff]+)"
)
_GROUP_MARK = re.compile(r"(?<=\d)[ ,\u00a0\u202f](?=\d{3}(?!\d))")
_GAP = re.compile(r"[\s-]*(?:and\s+)?")
_BEFORE_UNIT = re.compile(r"[\s-]*")
_ORDINARY = 4
"""Smaller numbers in words are said of anything: «две причины» need not have been counted aloud."""
_NO_NUMBERS = frozenset({"千万", "万一", "万万", "一一"})

_ONES = """
один первый one|два второй two|три третий three|четыре четвёртый four fourth|пять пятый five fifth
шесть шестой six sixth|семь седьмой seven seventh|восемь восьмой eight eighth
девять девятый nine ninth|десять десятый ten tenth
одиннадцать одиннадцатый eleven eleventh|двенадцать двенадцатый twelve twelfth
тринадцать тринадцатый thirteen thirteenth
четырнадцать четырнадцатый fourteen fourteenth|пятнадцать пятнадцатый fifteen fifteenth
шестнадцать шестнадцатый sixteen sixteenth|семнадцать семнадцатый seventeen seventeenth
восемнадцать восемнадцатый eighteen eighteenth|девятнадцать девятнадцатый nineteen nineteenth
"""
_TENS = """
двадцать двадцатый twenty twentieth|тридцать тридцатый thirty thirtieth|сорок сороковой forty fortieth
пятьдесят пятидесятый fifty fiftieth|шестьдесят шестидесятый sixty sixtieth|семьдесят семидесятый seventy seventieth
восемьдесят восьмидесятый eighty eightieth|девяносто девяностый ninety ninetieth
"""
_HUNDREDS = "сто сотый|двести|триста|четыреста|пятьсот|шестьсот|семьсот|восемьсот|девятьсот"
_SCALES = {
    100: "hundred",
    1_000: "тысяча тысячный тыс thousand",
    1_000_000: "миллион млн million",
    1_000_000_000: "миллиард млрд billion",
    10_000: "万",
    100_000_000: "亿",
}
_HAN_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN_SCALES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_UNITS = """
метр м metre meter m 米|километр км kilometre kilometer km 公里 千米|сантиметр см centimetre centimeter cm 厘米
миллиметр мм millimetre millimeter mm 毫米|грамм г gram g 克|килограмм кг kilo kilogram kg 公斤 千克|тонна ton tonne 吨
литр litre liter 升|секунда second 秒|минута minute 分钟|час hour 小时|день day 天|неделя week 周|месяц month 月
год лето year 年|век столетие century 世纪|процент % percent|градус ° degree 度|рубль rouble ruble|доллар dollar 美元
вольт volt|ватт watt
"""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, and what it counts."""

    value: str
    """In digits, with a point."""
    unit: str
    """The first name in the table of units; empty for whatever else stands behind the number."""
    is_ordinary: bool
    """In words, and small or a turn of speech."""

    def agrees(self, other: Quantity) -> bool:
        """Say whether two numbers are the same, of the same unit where both have one."""
        return self.value == other.value and (not self.unit or not other.unit or self.unit == other.unit)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word of a number, or its digits."""

    value: float
    end: int
    start: int
    literal: str = ""
    """Digits as they are written: a time of the day is no number."""
    is_scale: bool = False
    is_latin: bool = False


def quantities(text: str) -> list[Quantity]:
    """Return the numbers of a text in order."""
    found: list[Quantity] = []
    run: list[_Piece] = []
    for piece in [*_pieces(text), None]:
        if run and (piece is None or not _GAP.fullmatch(text, run[-1].end, piece.start) or not _goes_on(run, piece)):
            found.append(_quantity(text, run))
            run = []
        if piece is not None:
            run.append(piece)
    return found


def _quantity(text: str, run: Sequence[_Piece]) -> Quantity:
    value, unit = _value(run), _unit(text, run[-1].end)
    is_turn_of_speech = run[0].is_scale or (run[-1].end - run[0].start == 1 and not unit)  # «тысячи людей», 四季
    return Quantity(value, unit, not run[0].literal and (is_turn_of_speech or float(value) < _ORDINARY))


def _pieces(text: str) -> Iterator[_Piece]:
    for match in _TOKEN.finditer(text):
        token, (start, end) = match[0], match.span()
        if match.lastgroup == "digits":
            literal = _GROUP_MARK.sub("", token).replace(",", ".")
            yield _Piece(_as_float(literal), end, start, literal)
        elif match.lastgroup == "han" and token in _SCALE_WORDS:
            yield _Piece(_SCALE_WORDS[token], end, start, is_scale=True)
        elif match.lastgroup == "han":
            if token not in _NO_NUMBERS:
                yield _Piece(_of_han(token), end, start)
        elif scale := _SCALE_WORDS.get(_normal(token)):
            yield _Piece(scale, end, start, is_scale=True, is_latin=token.isascii())
        elif (value := _VALUES.get(_normal(token))) is not None:
            yield _Piece(value, end, start, is_latin=token.isascii())


def _goes_on(run: Sequence[_Piece], piece: _Piece) -> bool:
    """Say whether a piece is a part of the number before it: «сорок пять» is one, «пять сорок» are two."""
    last = run[-1]
    if piece.is_scale or piece.literal or last.literal:
        return piece.is_scale
    if _is_year(run, piece):
        return True
    room = last.value if last.is_scale else 100 if last.value >= 100 else 10 if last.value >= 20 else 0
    return piece.value < room


def _is_year(run: Sequence[_Piece], piece: _Piece) -> bool:
    """Say whether a piece goes on as in "nineteen forty"."""
    return piece.is_latin and len(run) == 1 and 10 <= run[0].value < 100 and not run[0].is_scale and piece.value >= 10


def _value(run: Sequence[_Piece]) -> str:
    if len(run) == 1 and run[0].literal:
        return run[0].literal
    total = part = 0.0
    for place, piece in enumerate(run):
        if piece.is_scale and piece.value == 100:
            part = (part or 1) * 100
        elif piece.is_scale:
            total, part = total + (part or 1) * piece.value, 0.0
        elif place and piece.value >= 10 and 10 <= part < 100:
            part = part * 100 + piece.value
        else:
            part += piece.value
    return f"{total + part:.15g}"


def _of_han(token: str) -> float:
    """Return a number in Chinese characters; 一九四五 is read digit by digit."""
    if len(token) > 1 and all(char in _HAN_DIGITS for char in token):
        return float("".join(str(_HAN_DIGITS[char]) for char in token))
    total = part = digit = 0
    for char in token:
        if char in _HAN_DIGITS:
            digit = _HAN_DIGITS[char]
        elif _HAN_SCALES[char] < 10_000:
            part, digit = part + (digit or 1) * _HAN_SCALES[char], 0
        else:
            total, part, digit = (total + part + digit) * _HAN_SCALES[char], 0, 0
    return float(total + part + digit)


def _unit(text: str, end: int) -> str:
    rest = text[_BEFORE_UNIT.match(text, end).end() :]  # type: ignore[union-attr]
    for name, unit in _HAN_UNITS.items():
        if rest.startswith(name):
            return unit
    word = _TOKEN.match(rest)
    return _UNIT_WORDS.get(_normal(word[0]), "") if word else ""


def _as_float(literal: str) -> float:
    try:
        return float(literal)
    except ValueError:
        return 0.0


def _normal(word: str) -> str:
    """Return a word in the form of the tables; without pymorphy3 Russian is known in the nominative only."""
    folded = word.casefold()
    dictionary = morphology()
    if folded.isascii() or dictionary is None:
        return folded if folded in _LATIN_WORDS else folded.removesuffix("s")
    return str(dictionary.parse(folded)[0].normal_form)


def _groups(table: str) -> list[list[str]]:
    return [group.split() for line in table.strip().splitlines() for group in line.split("|")]


_VALUES = {
    word: float(step * number)
    for table, step, first in ((_ONES, 1, 1), (_TENS, 10, 2), (_HUNDREDS, 100, 1))
    for number, group in enumerate(_groups(table), first)
    for word in group
} | dict.fromkeys(("ноль", "нуль", "zero"), 0.0)
_SCALE_WORDS = {word: float(value) for value, words in _SCALES.items() for word in words.split()}
_UNIT_WORDS = {word: group[0] for group in _groups(_UNITS) for word in group if word.isalpha()}
_HAN_UNITS = {word: group[0] for group in _groups(_UNITS) for word in group if ord(word[0]) > 0x2E80 or word in "%°"}
_LATIN_WORDS = _VALUES.keys() | _SCALE_WORDS.keys() | _UNIT_WORDS.keys()

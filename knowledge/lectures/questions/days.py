"""Days as people name them: "yesterday", «в среду», 上周, "on the 18th of November". Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

Days = tuple[date, date]
"""The first and the last of them."""

_WEEKDAYS = {
    word: number
    for number, words in enumerate(
        (
            "понедельник понедельника monday 一",
            "вторник вторника tuesday 二",
            "среду среды среда wednesday 三",
            "четверг четверга thursday 四",
            "пятницу пятницы пятница friday 五",
            "субботу субботы суббота saturday 六",
            "воскресенье воскресенья sunday 日 天",
        )
    )
    for word in words.split()
}
_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "января january",
            "февраля february",
            "марта march",
            "апреля april",
            "мая may",
            "июня june",
            "июля july",
            "августа august",
            "сентября september",
            "октября october",
            "ноября november",
            "декабря december",
        ),
        start=1,
    )
    for word in words.split()
}
_ONES = (
    "первого first",
    "второго second",
    "третьего third",
    "четвертого fourth",
    "пятого fifth",
    "шестого sixth",
    "седьмого seventh",
    "восьмого eighth",
    "девятого ninth",
)
_TEENS = (
    "десятого tenth",
    "одиннадцатого eleventh",
    "двенадцатого twelfth",
    "тринадцатого thirteenth",
    "четырнадцатого fourteenth",
    "пятнадцатого fifteenth",
    "шестнадцатого sixteenth",
    "семнадцатого seventeenth",
    "восемнадцатого eighteenth",
    "девятнадцатого nineteenth",
    "двадцатого twentieth",
)
_SPOKEN = {
    **{word: number for number, words in enumerate((*_ONES, *_TEENS), start=1) for word in words.split()},
    **{f"двадцать {words.split()[0]}": number for number, words in enumerate(_ONES, start=21)},
    **{f"twenty {words.split()[1]}": number for number, words in enumerate(_ONES, start=21)},
    "тридцатого": 30,
    "thirtieth": 30,
    "тридцать первого": 31,
    "thirty first": 31,
}
_COUNTS = {
    word: number
    for number, words in enumerate(
        ("один one a 一", "два two 两 二", "три three 三", "четыре four 四", "пять five 五", "шесть six 六"), start=1
    )
    for word in words.split()
}
_CHINESE_DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")}


def _one_of(words: dict[str, int]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_DAY = rf"(?P<d>\d{{1,2}}|{_one_of(_SPOKEN)})(?:-?го|st|nd|rd|th)?"
_MONTH = rf"(?P<m>{_one_of(_MONTHS)})"
_YEAR = r"(?:,?\s+(?P<y>20\d\d)(?:\s+года?)?)?"
_COUNT = rf"(?P<n>\d{{1,2}}|{_one_of(_COUNTS)})"
_WEEKDAY_RU = rf"(?P<w>{'|'.join(word for word in _WEEKDAYS if 'а' <= word[0] <= 'я')})"
_WEEKDAY_EN = rf"(?P<w>{'|'.join(word for word in _WEEKDAYS if word.isascii())})"
_CHINESE_NUMBER = r"[\d零一二三四五六七八九十]{1,3}"


def find(text: str, today: date) -> tuple[Days, str] | None:
    """Return the days that a text names, and the text without their words; None where it names none.

    `text` is folded, with ё as е. A day without its year, and one of the week, is the latest that is not to come.
    """
    for pattern, days in _PATTERNS:
        if found := pattern.search(text):
            try:
                named = days(found, today)
            except ValueError:  # the 31st of February
                continue
            return named, f"{text[: found.start()]} {text[found.end() :]}"
    return None


def _ago(days: int, until: int | None = None) -> Callable[[re.Match[str], date], Days]:
    last = days if until is None else until
    return lambda _, today: (today - timedelta(days), today - timedelta(last))


def _weekday(found: re.Match[str], today: date) -> Days:
    is_before_today = found.groupdict().get("last") is not None
    back = (today.weekday() - _WEEKDAYS[found["w"]]) % 7
    day = today - timedelta(back or 7 * is_before_today)
    return day, day


def _last_week(_: re.Match[str], today: date) -> Days:
    monday = today - timedelta(today.weekday() + 7)
    return monday, monday + timedelta(6)


def _of_last_week(found: re.Match[str], today: date) -> Days:
    day = _last_week(found, today)[0] + timedelta(_WEEKDAYS[found["w"]])
    return day, day


def _this_week(_: re.Match[str], today: date) -> Days:
    return today - timedelta(today.weekday()), today


def _last_month(_: re.Match[str], today: date) -> Days:
    last = today.replace(day=1) - timedelta(1)
    return last.replace(day=1), last


def _this_month(_: re.Match[str], today: date) -> Days:
    return today.replace(day=1), today


def _days_ago(found: re.Match[str], today: date) -> Days:
    count = _COUNTS.get(found["n"]) or int(found["n"])
    day = today - timedelta(count)
    return day, day


def _weeks_ago(found: re.Match[str], today: date) -> Days:
    """A week ago is the week around that day: nobody counts to seven."""
    count = found["n"]
    day = today - timedelta(7 * (_COUNTS.get(count) or int(count) if count else 1))
    return day - timedelta(2), day + timedelta(2)


def _of_date(found: re.Match[str], today: date) -> Days:
    day = _SPOKEN.get(found["d"]) or int(found["d"])
    month = _MONTHS.get(found["m"]) or int(found["m"])
    return _latest(found["y"], month, day, today)


def _of_chinese_date(found: re.Match[str], today: date) -> Days:
    return _latest(found["y"], _chinese(found["m"]), _chinese(found["d"]), today)


def _latest(year: str | None, month: int, day: int, today: date) -> Days:
    named = date(int(year) if year else today.year, month, day)
    if not year and named > today:
        named = named.replace(year=today.year - 1)
    return named, named


def _chinese(text: str) -> int:
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return (_CHINESE_DIGITS.get(tens, 1) * 10 if ten else 0) + _CHINESE_DIGITS.get(ones, 0)


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Days]], ...] = tuple(
    (re.compile(pattern), days)
    for pattern, days in (
        (r"\bпозавчера(?:шн\w+)?\b|\bthe day before yesterday(?:'s)?|前天", _ago(2)),
        (r"\bвчера(?:шн\w+)?\b|\byesterday(?:'s)?|昨天", _ago(1)),
        (r"\bсегодня(?:шн\w+)?\b|\btoday(?:'s)?\b|今天", _ago(0)),
        (rf"\b(?:в|во|за|от)?\s*(?P<last>прошл\w+\s+)?\b{_WEEKDAY_RU}\b", _weekday),
        (rf"\b(?:on\s+|from\s+)?(?P<last>last\s+)?\b{_WEEKDAY_EN}(?:'s)?\b", _weekday),
        (r"上个?(?:周|星期|礼拜)(?P<w>[一二三四五六日天])", _of_last_week),
        (r"(?:周|星期|礼拜)(?P<w>[一二三四五六日天])", _weekday),
        (r"\b(?:на\s+)?прошл\w+\s+недел\w+|\blast\s+week(?:'s)?|上个?(?:周|星期|礼拜)", _last_week),
        (r"\b(?:на\s+)?эт(?:ой|у|а)\s+недел\w+|\bthis\s+week(?:'s)?|[这本]个?(?:周|星期|礼拜)", _this_week),
        (r"\b(?:за\s+)?последн\w+\s+недел\w+|\bthe\s+past\s+week|最近一(?:周|个星期)", _ago(7, 0)),
        (r"\b(?:в\s+)?прошл\w+\s+месяц\w*|\blast\s+month(?:'s)?|上个?月", _last_month),
        (r"\b(?:в\s+)?этом\s+месяце|\bthis\s+month(?:'s)?|[这本]个?月", _this_month),
        (rf"\b{_COUNT}\s+(?:дн\w+|день|days?)\s+(?:назад|ago)", _days_ago),
        (rf"\b(?:{_COUNT}\s+)?(?:недел\w+|weeks?)\s+(?:назад|ago)", _weeks_ago),
        (rf"{_COUNT}天前", _days_ago),
        (rf"\b(?:от\s+|за\s+)?{_DAY}\s+(?:of\s+)?{_MONTH}\b{_YEAR}", _of_date),
        (rf"\b(?:on\s+)?{_MONTH}\s+(?:the\s+)?{_DAY}\b{_YEAR}", _of_date),
        (r"\b(?:от\s+|за\s+)?(?P<d>\d{1,2})\.(?P<m>\d{1,2})(?:\.(?P<y>20\d\d))?(?!\d)", _of_date),
        (rf"(?:(?P<y>20\d\d)年)?(?P<m>{_CHINESE_NUMBER})月(?P<d>{_CHINESE_NUMBER})[日号]", _of_chinese_date),
    )
)
"""The longer ones first."""

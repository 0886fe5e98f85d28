"""Days as people say them: "yesterday", «в среду, 18 ноября», 星期三，11月18日. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from knowledge.models import Language

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

_RU_MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
    "декабря",
)  # fmt: skip
_RU_WEEKDAYS = (
    "в понедельник", "во вторник", "в среду", "в четверг", "в пятницу", "в субботу", "в воскресенье",
)  # fmt: skip
_EN_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_EN_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ZH_WEEKDAYS = "一二三四五六日"
_WEEK = 7


def said(day: date, today: date, language: Language) -> str:
    """Return when something was; the day of the week within one, the year if it is another one."""
    ago = (today - day).days
    if ago in (0, 1):
        return _NEAR[language][ago]
    return _SAID[language](day, has_weekday=0 < ago < _WEEK, has_year=day.year != today.year)


def _russian(day: date, *, has_weekday: bool, has_year: bool) -> str:
    weekday = f"{_RU_WEEKDAYS[day.weekday()]}, " if has_weekday else ""
    return f"{weekday}{day.day} {_RU_MONTHS[day.month - 1]}{f' {day.year} года' if has_year else ''}"


def _english(day: date, *, has_weekday: bool, has_year: bool) -> str:
    weekday = f"{_EN_WEEKDAYS[day.weekday()]}, " if has_weekday else ""
    return f"on {weekday}{_EN_MONTHS[day.month - 1]} {day.day}{f', {day.year}' if has_year else ''}"


def _chinese(day: date, *, has_weekday: bool, has_year: bool) -> str:
    weekday = f"星期{_ZH_WEEKDAYS[day.weekday()]}，" if has_weekday else ""
    return f"{weekday}{f'{day.year}年' if has_year else ''}{day.month}月{day.day}日"


class _Sayer(Protocol):
    def __call__(self, day: date, *, has_weekday: bool, has_year: bool) -> str: ...


_NEAR: Mapping[Language, tuple[str, str]] = {
    Language.RUSSIAN: ("сегодня", "вчера"),
    Language.ENGLISH: ("today", "yesterday"),
    Language.CHINESE: ("今天", "昨天"),
}
_SAID: Mapping[Language, _Sayer] = {
    Language.RUSSIAN: _russian,
    Language.ENGLISH: _english,
    Language.CHINESE: _chinese,
}

"""Days as people say them."""

from datetime import date

import pytest

from knowledge.models import Language
from knowledge.text import dates

TODAY = date(2026, 11, 22)  # a Sunday


@pytest.mark.parametrize(
    ("day", "russian", "english", "chinese"),
    [
        (TODAY, "сегодня", "today", "今天"),
        (date(2026, 11, 21), "вчера", "yesterday", "昨天"),
        (date(2026, 11, 18), "в среду, 18 ноября", "on Wednesday, November 18", "星期三，11月18日"),
        (date(2026, 11, 17), "во вторник, 17 ноября", "on Tuesday, November 17", "星期二，11月17日"),
        (date(2026, 11, 15), "15 ноября", "on November 15", "11月15日"),
        (date(2026, 11, 24), "24 ноября", "on November 24", "11月24日"),
        (date(2025, 9, 1), "1 сентября 2025 года", "on September 1, 2025", "2025年9月1日"),
    ],
)
def test_a_day_is_said_as_people_say_it(day: date, russian: str, english: str, chinese: str) -> None:
    assert [dates.said(day, TODAY, one) for one in (Language.RUSSIAN, Language.ENGLISH, Language.CHINESE)] == [
        russian,
        english,
        chinese,
    ]

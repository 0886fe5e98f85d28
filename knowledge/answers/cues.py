"""What a question asks for, and what a sentence that answers it looks like: Russian, English, Chinese."""

from __future__ import annotations

import re


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


HOW_TO = _any_of(
    r"^(?:а\s+)?как\b(?!\s+(?:часто|долго|много|далеко|зовут|называется))",
    r"\bчто\s+(?:мне\s+)?(?:надо\s+|нужно\s+)?делать\b",
    r"^how\b(?!\s+(?:many|much|often|long|old|far|big|hot|warm|high|tall))",
    r"\bwhat\b.*\bdo\b.*\b(?:if|when)\b",
    r"怎么|如何|怎样",
)
"""Asks for a procedure."""

_HOW_MUCH = _any_of(
    r"сколько|когда|как\s+часто|как\s+долго|по\s+каким|в\s+какие|котор\w+\s+час",
    r"\bкако(?:е|й|го)\s+(?:давлени|температур|размер|пароль)|\b(?:номер|телефон)",
    r"\bhow\s+(?:many|much|often|long|old|far|big|hot|warm|high|tall)\b|\bwhen\b|\bwhat\s+time\b",
    r"\bwhat\b.*\b(?:pressure|temperature|size|date|price)\b|\b(?:phone|number)\b",
    r"多少|几|什么时候|何时|多久|电话|号码",
)
_NUMBER_OR_TIME = _any_of(
    r"\d",
    r"понедельн|вторник|сред[ауы]\b|четверг|пятниц|суббот|воскресен",
    r"январ|феврал|март|апрел|\bма[йея]\b|июн|июл|август|сентябр|октябр|ноябр|декабр",
    r"\b(?:утра|вечера|полдень|полночь|раз\s+в|кажд|полчаса|полгода)",
    r"\b(?:од[ин]|дв|тр|четыр|пят|шест|сем|восем|девят|десят|двенадцат|сорок|сто)\w*"
    r"\s+(?:час|минут|секунд|дн|день|недел|месяц|год|лет|градус|бар|рубл)",
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day",
    r"january|february|\bmarch\b|april|\bmay\b|\bjune\b|\bjuly\b|august|september|october|november|december",
    r"\b(?:morning|evening|noon|midnight|every|once|twice)\b",
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen)\b",
    r"\b(?:twenty|thirty|forty|fifty|sixty|ninety|hundred)\b",
    r"星期|周[一二三四五六日]|[一二三四五六七八九十百]",
)
_WHERE = _any_of(r"^(?:а\s+)?(?:где|куда|откуда)\b", r"^where\b", r"哪里|哪儿|在哪")
_PLACE = _any_of(
    r"находится|находятся|лежит|лежат|стоит|стоят|висит|висят|расположен|хран[ия]т",
    r"\b(?:is|are|stands?|kept|located)\s+(?:in|on|at|under|behind|next|above|below|inside|near)\b",
    r"在|位于",
)

EXPECTED = ((_HOW_MUCH, _NUMBER_OR_TIME), (_WHERE, _PLACE))
"""Pairs of what is asked for and what its answer looks like."""

SECRET = _any_of(r"\bпарол|\bпин-?код|\bpass(?:word|code|phrase)|\bpin\s+code|密码|口令")
"""Named in a sentence that is not read out beside another one, unless it is asked for."""

LEANS_ON_PREVIOUS = _any_of(
    r"^(?:он|она|оно|они|это|этот|эта|эти|там|тогда|потом|затем|после\s+этого|его|её|ее|их)\b",
    r"^(?:it|they|this|that|these|those|then|there|he|she|its|their)\b",
    r"^(?:它|他们|这|那|然后)",
)
"""A sentence that says little without the one before."""

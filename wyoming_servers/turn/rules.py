"""A turn detector of a few rules: words that nobody ends a sentence with, words that close one, and fillers. Pure.

In Russian dialogues a word of the first kind closes 28 % of the prefixes that go on and 3.6 % of whole turns.
"""

import re
from dataclasses import dataclass

from .detector import Pause

_WORD = re.compile(r"\w+")

_WAIT = 0.05
_UNKNOWN = 0.3
"""Nothing was recognised, or a number that may want its unit."""

_OPEN = 0.4
"""A phrase that could end here and could as well go on: "turn on the light", and then "in the hall"."""

_ANSWER = 0.95


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """Words of one language by what they say about an ending; lower case, "е" for "ё"."""

    dangling: frozenset[str]
    """Must be followed by another word."""

    opening: frozenset[str]
    """A phrase of nothing else has only begun."""

    closing: frozenset[str]
    """Usually the last word."""

    alone: frozenset[str]
    """A whole turn when they are all of it."""

    place: frozenset[str]
    """Prepositions whose noun usually closes a command."""

    numbers: frozenset[str]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LEXICONS = {
    "en": _Lexicon(
        dangling=_words(
            "a an the my our your his their of to at for from with into and or but if because than as are was were be "
            "been could would should um uh er hmm"
        ),
        opening=_words(
            "turn switch set play open close start find show tell add remind me please can could would will you i want "
            "to on off up down and then now so well hey okay what who where when how why is the"
        ),
        closing=_words(
            "please now today tonight tomorrow morning evening afternoon thanks again degrees percent seconds "
            "minute minutes hour hours"
        ),
        alone=_words("yes no yeah nope stop cancel thanks thank you enough okay"),
        place=_words("in at"),
        numbers=_words(
            "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred"
        ),
    ),
    "ru": _Lexicon(
        dangling=_words(
            "и а но или либо что чтобы если когда хотя потому поэтому чем в во на с со к ко у о об от до из за по под "
            "над при про для без через между перед не ни бы этот эту эти мой мою наш нашу очень самый самую ну э эм "
            "ммм значит короче типа"
        ),
        opening=_words(
            "включи выключи поставь сделай открой закрой найди запусти добавь напомни расскажи покажи скажи мне нам "
            "пожалуйста можешь можно давай теперь потом еще и а ну так эй кто что где когда как какой какая какое "
            "какие почему зачем сколько"
        ),
        closing=_words(
            "пожалуйста сейчас сегодня завтра утром днем вечером ночью спасибо градус градуса градусов процент "
            "процента процентов секунду секунды секунд минуту минуты минут час часа часов"
        ),
        alone=_words("да нет ага стоп хватит отмена отмени спасибо большое достаточно ладно хорошо"),
        place=_words("в во на"),
        numbers=_words(
            "один одну два две три четыре пять шесть семь восемь девять десять одиннадцать двенадцать пятнадцать "
            "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто сто полтора"
        ),
    ),
}
_CHINESE_DANGLING = ("的", "和", "在", "把", "跟", "给", "或", "但是", "因为", "如果", "请", "嗯", "那个", "然后")
_CHINESE_CLOSING = ("吧", "吗", "呢", "了", "谢谢")


class RuleTurnDetector:
    """Waits after a word that must be followed by another, answers after one that closes a phrase, else is unsure."""

    def completeness(self, pause: Pause) -> float:
        """Return one of four values; case, punctuation and "ё" make no difference."""
        words = _WORD.findall(pause.text.casefold().replace("ё", "е"))
        if not words:
            return _UNKNOWN
        if pause.language == "zh":
            return _judge_chinese("".join(words))
        lexicon = _LEXICONS.get(pause.language)
        return _judge(words, lexicon) if lexicon else _OPEN


def _judge(words: list[str], lexicon: _Lexicon) -> float:
    if lexicon.alone.issuperset(words):
        return _ANSWER
    last = words[-1]
    if last in lexicon.dangling or lexicon.opening.issuperset(words):
        return _WAIT
    if last.isdigit() or last in lexicon.numbers:
        return _UNKNOWN
    is_closed = last in lexicon.closing or not lexicon.place.isdisjoint(words[-3:-1])
    return _ANSWER if is_closed else _OPEN


def _judge_chinese(text: str) -> float:
    if text.endswith(_CHINESE_DANGLING):
        return _WAIT
    return _ANSWER if text.endswith(_CHINESE_CLOSING) else _OPEN

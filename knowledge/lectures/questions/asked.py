"""Questions about lectures: which of them, and whether the whole of one is asked or something in it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.lectures.questions import days
from knowledge.text import analyzer

if TYPE_CHECKING:
    from datetime import date

    from knowledge.lectures.questions.days import Days

_LECTURE = re.compile(
    r"\b(?:(?:по|на|в|во|из|с|со)\s+)?(?:эт\w+\s+|той\s+|моей\s+|нашей\s+)?лекци(?:я|и|ю|ей|ям|ями|ях|й)\b|"
    r"\b(?:(?:in|at|from|of|during|by|according\s+to)\s+)?(?:(?:the|this|that|my|our|a|any)\s+)?lectures?\b(?:'s)?|"
    r"(?:这个?|那个?|我的)?(?:讲座|讲课|课堂|[一两几那这]?[节堂]课|(?<=的)课)(?:里面?|中|上)?"
)
_SCOPE = re.compile(
    r"\b(?:по|на|в|из)\s+(?:\w+\s+)?лекци|\b(?:in|at|from|during|according\s+to)\s+(?:\w+\s+){0,2}?lectures?\b|(?:讲座|讲课|课堂|[节堂]课)(?:里|中|上)"
)
_TO_COME = re.compile(
    r"\bзавтра|следующ|предстоящ|\bбуд(?:ет|ут)\b|^(?:а\s+)?во\s+сколько\b|"
    r"\btomorrow|\bnext\b|\bupcoming\b|\bwill\b|^what\s+time\b|明天|下一?[次节堂]|几点"
)
_WHEN = re.compile(
    r"^(?:а\s+)?(?:когда|какого\s+числа|в\s+какой\s+день)\b|\bкогда\s+(?:она\s+)?была$|"
    r"^when\b|^(?:on\s+)?(?:what|which)\s+(?:day|date)\b|(?:是在?)?(?:什么时候|哪一?天|几月几号|几号)"
)
_HELD = re.compile(
    r"\b(?:был[аи]|про(?:шла|шли|ходил[аи])|состоял(?:а|и)сь|(?:про)?чита(?:л[аи]?)|слушал[аи]?|шл[аи]|запис(?:ал[аи]?|ан[аы]))\b|"
    r"\b(?:was|were|did|have|had)\b|[过了的]$|[讲上听录]的"
)
"""Of a question for the time: it is over. "When is the lecture?" asks for one to come."""
_LAST = re.compile(
    r"(?:в\s+)?последн\w+(?:\s+раз\b)?|недавн\w+|\b(?:the\s+)?(?:last|latest|most\s+recent|newest)\b(?:\s+time\b)?|"
    r"最近的?(?:一[次场节堂])?|最新的?|上一?[次节堂场]|最后"
)
_ABOUT = re.compile(
    r"\bо\s?ч[её]м\b|\bпро\s+что\b|\bчто\s+(?:было|рассказыва\w+|рассказа\w+|говори\w+|сказа\w+|обсужда\w+|проходил\w+|изуча\w+)|"
    r"\bперескаж\w+|\bпересказ\w*|\b(?:кратк\w+\s+)?содержани\w+|\bконспект\w*|\bрасскажи\w*|\bитог\w*|\bсуть\b|\bтем[аыу]\b|"
    r"\babout\b|\bsummar\w+|\brecap\b|\bgist\b|\btopics?\b|\bcover(?:ed)?\b|\btell\s+me\b|"
    r"讲了?些?什么|讲的是?什么|说了?些?什么|内容|摘要|总结|关于什么|主题"
)
_LIST = re.compile(
    r"^(?:а\s+)?(?:какие|что\s+за|сколько)\b(?=.*\bлекци[ий]\b)|^(?:а\s+)?есть\s+(?:ли\s+)?(?=.*\bлекци[ия]\b)|"
    r"\b(?:перечисли|назови|покажи|список)\w*\s+(?=.*\bлекци[ий]\b)|"
    r"^(?:what|which|how\s+many)\s+(?=(?:\w+\s+){0,2}lectures\b)|^(?:is|are)\s+there\s+(?=.*\blectures?\b)|"
    r"\b(?:list|show|name)\s+(?:me\s+)?(?=.*\blectures\b)|^do\s+(?:we|i)\s+have\s+(?=.*\blectures?\b)|"
    r"有(?:没有|哪些|什么|多少|几)|(?:列出|列举)|多少"
)
_LISTED = re.compile(
    r"\b(?:есть|были|было|у\s+(?:нас|меня)|все|всего|имеются|записаны)\b|\b(?:о|об|про|по)\s+(?=\w)|"
    r"\b(?:are|were|was|is|there|do|we|i|have|had|all|any|on|about|me)\b|关于"
)
_WHICH = re.compile(
    r"^(?:а\s+)?(?:на|в|во|из)\s+как(?:ой|их)\s+(?:из\s+)?лекци\w+|^(?:(?:in|at|during)\s+)?(?:which|what)\s+lecture\b|"
    r"(?:在|是)?哪一?[节堂场个]?(?:课|讲座)(?:里面?|中|上)?"
)
_SAID = re.compile(
    r"\b(?:упомина\w+|упомян\w+|объясн\w+|(?:была|шла)\s+речь|реч[ьи]\s+(?:была|шла)|mention\w*|explain\w*|they|about)\b|"
    r"提到|[讲说](?:到|过|了)?"
)
_NOISE = re.compile(
    r"\b(?:прош\w+|состоя\w+|чита\w+|прочита\w+|шла|велась|мне|пожалуйста|дай(?:те)?|говор\w+|рассказ\w+|сказа\w+|обсужда\w+)\b|"
    r"\b(?:кратко|коротко|вкратце|в\s+двух\s+словах|подробно|подробнее)\b|\b(?:briefly|in\s+short)\b|"
    r"\b(?:give|held|please|discussed|did|we|say|said|talk(?:ed)?)\b|的|了|是|请|给我"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about lectures."""

    rest: str
    """What it says besides: a subject, or what to look for in the lectures; empty for nothing."""
    days: Days | None = None
    is_last: bool = False
    is_about_whole: bool = False
    """What the lecture was about, and not something in it."""
    is_list: bool = False
    """Which lectures there are."""
    is_when: bool = False
    """On which day they were."""
    is_which: bool = False
    """In which of them something was said."""


def read(question: str, today: date) -> Asked | None:
    """Return what is asked; None for a question that is not on lectures that were held."""
    text = question.casefold().replace("ё", "е").replace("’", "'").strip(" ?!.。？！")
    if not _LECTURE.search(text) or _TO_COME.search(text):
        return None
    is_when = _WHEN.search(text) is not None
    if is_when and not _is_over(text):
        return None
    has_scope = _SCOPE.search(text) is not None
    found = days.find(text, today)
    named, text = found or (None, text)
    is_last = named is None and _LAST.search(text) is not None
    is_which = _WHICH.search(text) is not None
    is_list = not is_which and _LIST.search(text) is not None
    is_about = not is_list and not is_which and _ABOUT.search(text) is not None
    if not (named or is_last or is_about or is_list or is_when or is_which or has_scope):
        return None
    said = (
        (_WHICH, is_which),
        (_SAID, is_which),
        (_LAST, is_last),
        (_ABOUT, is_about),
        (_LIST, is_list),
        (_WHEN, is_when),
        (_HELD, is_when),
        (_LISTED, is_list),
        (_LECTURE, True),
        (_NOISE, True),
    )
    for pattern in (pattern for pattern, is_said in said if is_said):
        text = pattern.sub(" ", text)
    rest = " ".join(text.split())
    has_rest = bool(analyzer.question_terms(rest))
    return Asked(rest if has_rest else "", named, is_last, is_about or not has_rest, is_list, is_when, is_which)


def _is_over(text: str) -> bool:
    return _HELD.search(text) is not None or _LAST.search(text) is not None

"""Whether a sentence or a clause ends at a mark, judged by the words around it; streams make it three-valued."""

import re
from enum import Enum, auto

from .shortened import ENDING, JOINING


class Verdict(Enum):
    """What is known of a mark."""

    END = auto()
    INSIDE = auto()
    UNKNOWN = auto()
    """What follows has not come yet."""


_WORD_BEFORE = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*$")
_COMPOUND = re.compile(r"(?:\b[^\W\d_]{1,2}\.\s?)+[^\W\d_]{1,2}$")
"""An abbreviation of several parts without its last stop: т. д, рт. ст, a.m, U.S.A."""

_COUNTED = re.compile(r"(?:\d|\b[IVXХ]+)[\s\u00a0]?$")
_LIST_NUMBER = re.compile(r"(?:^|\n|:\s)\W*\d{1,3}$")
_INLINE_NUMBER = re.compile(r"(?:^|\s)(\d{1,2})$")
_ADDRESS = re.compile(r"\S*(?:://|www\.|@)\S*$")
_NO_BLANK = re.compile(r"\S")
_DASH = re.compile(r"[—–-]\s*")
_CHINESE_STOPS = "。！？｡"
_LINE_MARK = re.compile(r"\s*(?:[-*+•|#>]|\d+[.)])")
_WRAPPED_LINE = 40
"""Characters from which a line that goes on in lower case was wrapped, and is no item of a list."""


def ends_sentence(stop: re.Match[str], *, is_last: bool) -> Verdict:
    """Judge a stop with its closing marks, or the end of a line, in a text that begins with the unit."""
    text, start, end = stop.string, stop.start(), stop.end()
    following = _following(text, end)
    if following is not None and stop.group() != "\n" and (dash := _DASH.match(text, following)):
        following = dash.end() if dash.end() < len(text) else None
    if following is None:
        return Verdict.INSIDE if is_last else Verdict.UNKNOWN
    if _is_inside_markup(text, start):
        return Verdict.INSIDE
    if stop.group() == "\n":
        return _judge_line(text, start, following)
    if stop.group()[0] in _CHINESE_STOPS:
        return Verdict.END
    if not text[end].isspace():
        return _judge_glued(text, start, end)
    return _judge_spaced(text, start, stop.group(), text[following])


def ends_clause(mark: re.Match[str], *, is_last: bool) -> Verdict:
    """Judge a comma, colon, semicolon or dash."""
    text, start, end = mark.string, mark.start(), mark.end()
    following = _following(text, end)
    if following is None:
        return Verdict.INSIDE if is_last else Verdict.UNKNOWN
    is_apart = text[end].isspace() or mark.group() in "，；：、"
    is_number = text[start - 1].isdigit() and text[following].isdigit()
    if not is_apart or is_number or _is_inside_markup(text, start):
        return Verdict.INSIDE
    return Verdict.END


def _following(text: str, start: int) -> int | None:
    """Return the place of the next character that is no blank."""
    match = _NO_BLANK.search(text, start)
    return match.start() if match else None


def _is_inside_markup(text: str, end: int) -> bool:
    """Whether a line's code or link has been opened and not closed."""
    line = text[text.rfind("\n", 0, end) + 1 : end]
    return line.replace("```", "").count("`") % 2 == 1 or line.count("[") > line.count("]")


def _judge_line(text: str, end: int, following: int) -> Verdict:
    line = text[text.rfind("\n", 0, end) + 1 : end]
    is_wrapped = (
        len(line.strip()) >= _WRAPPED_LINE
        and text[following].islower()
        and "\n" not in text[end + 1 : following]
        and not _LINE_MARK.match(line)
    )
    return Verdict.INSIDE if is_wrapped else Verdict.END


def _judge_glued(text: str, start: int, end: int) -> Verdict:
    """Judge a stop without a blank behind it: a slip of the writer ("Да!Уже"), or a part of an address or number."""
    before, after = text[start - 1 : start], text[end]
    is_slip = text[start] in "!?…" and before.islower() and after.isupper()
    is_chinese = "\u4e00" <= after <= "\u9fff" and not before.isdigit()
    if (is_slip or is_chinese) and not _ADDRESS.search(text, max(0, start - 80), start):
        return Verdict.END
    return Verdict.INSIDE


def _judge_spaced(text: str, start: int, stop: str, following: str) -> Verdict:
    if following.islower():
        return Verdict.INSIDE
    if stop[0] == "." and not stop.startswith("..") and _is_abbreviation(text[:start], following):
        return Verdict.INSIDE
    return Verdict.END


def _is_abbreviation(head: str, following: str) -> bool:
    """Whether the stop behind `head` belongs to its last word or number, and the sentence goes on."""
    if _LIST_NUMBER.search(head) or _continues_list(head):
        return True
    word = _WORD_BEFORE.search(head[-24:])
    if word is None:
        return False
    if compound := _COMPOUND.search(head[-12:]):
        name, is_joining = re.sub(r"[\s.]", "", compound.group()).lower(), True
    else:
        name = word.group().lower()
        is_joining = name in JOINING or (len(name) == 1 and word.group().isupper())
    is_counted = _COUNTED.search(head[: len(head) - len(word.group())][-4:]) is not None
    if name in ENDING or (is_counted and is_joining):
        return following.isdigit()
    return is_joining


def _continues_list(head: str) -> bool:
    """Whether a number counts on from one before it in the same line: "1. Молоко 2"."""
    number = _INLINE_NUMBER.search(head)
    if number is None:
        return False
    return re.search(rf"(?:^|\s){int(number.group(1)) - 1}[.)]\s", head) is not None

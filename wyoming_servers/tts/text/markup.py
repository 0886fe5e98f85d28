"""Taking away what is written for the eye: markdown, HTML, emoji, source marks."""

import html
import re

from .rules import Rule, expanding, rewrite

_MARKUP = (
    expanding(r"```[^\n`]*(?:\n|$)|~~~[^\n]*(?:\n|$)", " "),  # the fences of code, not what stands between them
    expanding(r"!\[([^\]\n]*)\]\([^)\s]*\)", r"\1"),
    expanding(r"\[([^\]\n]+)\]\((?:[^()\s]|\([^)\s]*\))*(?:\s+\"[^\"]*\")?\)", r"\1"),
    expanding(r"\s*(?:\[\^?\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\]|【[^】]{0,40}】)", ""),  # source marks
    expanding(r"<(?:br|p|li|tr|div)\s*/?>", "\n"),
    expanding(r"</?[a-zA-Z][^<>\n]{0,200}>", ""),
    expanding(
        r"(?m)^[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*$", ""
    ),  # a table's rule, a line
    expanding(r"(?m)^[ \t]*(?:[*_=-][ \t]*){3,}$", ""),
    expanding(r"(?m)^[ \t]*\|(.*?)\|?[ \t]*$", r"\1"),
    expanding(r"[ \t]*\|[ \t]*", ", "),
    expanding(r"(?m)^[ \t]*#{1,6}[ \t]+", ""),
    expanding(r"(?m)[ \t]+#+[ \t]*$", ""),
    expanding(r"(?m)^[ \t]*(?:>[ \t]?)+", ""),
    expanding(r"(?m)^[ \t]*[-*+•▪◦·–—][ \t]+(?:\[[ xXхХ]\][ \t]+)?", ""),
    expanding(r"(?m)^[ \t]*(\d{1,3})\)[ \t]", r"\1. "),
    expanding(r"(\*\*\*|\*\*|\*|___|__|~~|==)(?=\S)(.+?)(?<=\S)\1", r"\2"),
    expanding(r"(?<!\w)_(?=\S)([^_\n]+?)(?<=\S)_(?!\w)", r"\1"),
    expanding(r"\*{2,}|_{2,}|~~|`+", ""),
    expanding(r"(?<!\w)\*(?=\w)|(?<=\w)\*(?!\w)", ""),
)
_EMOJI = (
    "[\U0001f000-\U0001faff\U000e0020-\U000e007f\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u2500-\u27bf\u2900-\u297f"
    "\u2b00-\u2bff\u3030\u303d\u3297\u3299\ufe00-\ufe0f\u200b-\u200f\u2060-\u2064\ufeff\u20e3\xad\xa9\xae\u2122\ufffc\ufffd]"
)
_RULES = (*_MARKUP, Rule(re.compile(f"\\s*:[a-z0-9]+(?:_[a-z0-9]+)+:|{_EMOJI}+"), lambda _: " "))
_SOURCE = re.compile(r"&(?:#\d{1,6}|#x[0-9a-f]{1,5}|[a-z]{2,8});", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_END = re.compile(r"(?<=[^\s.!?…:;,。！？：；，、—–-])[ \t]*\n\s*(?=\S)")
_WRAPPED_LINE = 40
_BLANKS = re.compile(r"\s+")
_PLAIN = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2212": "-", "\u2011": "-", "\u2010": "-", "\u02bc": "'"}
)


def plain(text: str) -> str:
    """Return the text in one line, without what is no speech; lines that end without a mark get a stop.

    Brackets, quotes and addresses stay: what becomes of them depends on the language.
    """
    text = _CONTROLS.sub(" ", _SOURCE.sub(lambda match: html.unescape(match.group()), text))
    text = text.translate(_PLAIN)
    text = _BLANKS.sub(lambda match: "\n" if "\n" in match.group() else " ", text)
    text = rewrite(text, _RULES)
    return " ".join(_LINE_END.sub(_stop, text.strip()).split())


def _stop(line_end: re.Match[str]) -> str:
    """Return what is heard at the end of a line: nothing where a writer has wrapped it."""
    text, end = line_end.string, line_end.start()
    is_long = end - text.rfind("\n", 0, end) > _WRAPPED_LINE
    if is_long and text[line_end.end()].islower():
        return " "
    return "。" if "\u4e00" <= text[end - 1] <= "\u9fff" else ". "

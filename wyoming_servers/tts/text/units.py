"""Cutting a text that still grows into units that can be spoken already."""

import re

from .languages import language_of
from .stops import Verdict, ends_clause, ends_sentence

LONGEST_UNIT = 300
"""Characters. A longer sentence is cut at a pause: nobody waits half a minute for a first word."""

_FIRST_CLAUSE = 25
_FIRST_CLAUSE_CHINESE = 10
"""Characters from which a clause is worth saying alone while its sentence is still being written."""

_CANDIDATE = re.compile(
    r"""
      [.!?…]+ ["'»”’)\]}*_~`]*      # a stop with what closes behind it
    | [。！？｡]+ [”’」』）》)"']*
    | \n
    | [,;:，；：、]
    | (?<=\s)[—–-](?=\s)
    """,
    re.VERBOSE,
)
_PAUSE = re.compile(r".*(?:[,;:](?=\s)|[，；：、]|\s[—–](?=\s))", re.DOTALL)
_BLANK = re.compile(r".*\s", re.DOTALL)
_WORD = re.compile(r"[^\W_]")
_CLAUSE_MARKS = frozenset(",;:，；：、—–-")


class UnitSplitter:
    """Takes pieces of one text and gives units: the first clause, then sentences; joined they are the text again.

    A unit is given as soon as no later piece can change it, so the units do not depend on how the text was cut.
    Blanks between units are dropped, and so is a text's end without a letter or digit.
    """

    def __init__(self) -> None:
        self._rest = ""
        self._judged = 0
        """The marks of the rest before this place end nothing, whatever follows."""

        self._is_first = True

    def feed(self, text: str) -> list[str]:
        """Return the units that are complete now."""
        self._rest += text
        return self._take(is_last=False)

    def finish(self) -> list[str]:
        """Return what is left; begins anew."""
        units = self._take(is_last=True)
        if _WORD.search(self._rest):
            units.append(self._rest.strip())
        self._rest, self._judged, self._is_first = "", 0, True
        return units

    def _take(self, *, is_last: bool) -> list[str]:
        units = []
        if not self._judged:
            self._rest = self._rest.lstrip()
        while end := self._find_end(is_last=is_last):
            units.append(self._rest[:end].rstrip())
            self._rest = self._rest[end:].lstrip()
            self._is_first, self._judged = False, 0
        return units

    def _find_end(self, *, is_last: bool) -> int:
        """Return where the first unit ends; 0 while that is not known, or where no unit ends but the text."""
        text = self._rest
        for candidate in _CANDIDATE.finditer(text, self._judged, LONGEST_UNIT + 1):
            if candidate.end() > LONGEST_UNIT:
                break
            verdict = self._judge(candidate, is_last=is_last)
            if verdict is Verdict.UNKNOWN:
                return 0
            if verdict is Verdict.END and _WORD.search(text, 0, candidate.end()):
                return candidate.end()
            self._judged = candidate.end()
        return _cut_long(text) if len(text) > LONGEST_UNIT else 0

    def _judge(self, candidate: re.Match[str], *, is_last: bool) -> Verdict:
        if candidate.group() not in _CLAUSE_MARKS:
            return ends_sentence(candidate, is_last=is_last)
        if self._is_first and _is_worth_saying(candidate.string[: candidate.end()]):
            return ends_clause(candidate, is_last=is_last)
        return Verdict.INSIDE


def _is_worth_saying(clause: str) -> bool:
    return len(clause) >= (_FIRST_CLAUSE_CHINESE if language_of(clause) == "zh" else _FIRST_CLAUSE)


def _cut_long(text: str) -> int:
    """Return where a sentence that is too long is cut: at its last pause, else between words, else anywhere."""
    for place in (_PAUSE, _BLANK):
        if (match := place.match(text, 0, LONGEST_UNIT)) and _WORD.search(text, 0, match.end()):
            return match.end()
    return LONGEST_UNIT

"""The marks in what a model writes, and whether its words have support. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from knowledge import analyzer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MARK = re.compile(r"\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]")
_MAYBE_MARK = re.compile(r"\s*\[[\d\s,;–-]{0,20}$|\s+$")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
# Shares of the words of an answer that its passages, or the question, must hold. A model that keeps to its passages
# repeats more than half of them; one that made its answer up and put a mark behind it repeats those of the question.
_SUPPORT_WITH_MARKS = 0.3
_SUPPORT_WITHOUT = 0.6


class Marks:
    """Rewrites marks while a text arrives: those without a passage go, the others count in the order they come."""

    def __init__(self, passages: int) -> None:
        self.cited: list[int] = []
        """Numbers of the passages that are cited, in the order of their new marks."""
        self._passages = passages
        self._held = ""

    def feed(self, piece: str) -> str:
        """Return the next piece that is sure; what may be the beginning of a mark is held back."""
        text = self._held + piece
        unsure = _MAYBE_MARK.search(text)
        end = unsure.start() if unsure else len(text)
        self._held = text[end:]
        return self._rewritten(text[:end])

    def end(self) -> str:
        """Return what was held back, at the end of the text."""
        rest, self._held = self._held, ""
        return self._rewritten(rest).rstrip()

    def _rewritten(self, text: str) -> str:
        return re.sub(rf"(\s*)({_MARK.pattern})", lambda match: self._mark(match[1], match[2]), text)

    def _mark(self, blank: str, mark: str) -> str:
        numbers = [int(number) for number in re.findall(r"\d+", mark)]
        marks = [f"[{self._new(number)}]" for number in numbers if 1 <= number <= self._passages]
        return blank + "".join(marks) if marks else ""

    def _new(self, number: int) -> int:
        if number not in self.cited:
            self.cited.append(number)
        return self.cited.index(number) + 1


def is_supported(answer: str, question: str, passages: Sequence[str], *, has_marks: bool, same_language: bool) -> bool:
    """Say whether an answer says what its passages say: each number, and a share of the words.

    The words are only compared where passages and answer are in one language.
    """
    plain = _MARK.sub("", answer)
    known = [question, *passages]
    if not _numbers([plain]) <= _numbers(known):
        return False
    if not same_language:
        return has_marks
    words = set(analyzer.terms(plain)) - set(analyzer.terms(question))
    held = {term for text in passages for term in analyzer.terms(text)}
    least = _SUPPORT_WITH_MARKS if has_marks else _SUPPORT_WITHOUT
    return len(words & held) >= least * len(words)


def _numbers(texts: Iterable[str]) -> set[str]:
    return {number.replace(",", ".") for text in texts for number in _NUMBER.findall(text)}

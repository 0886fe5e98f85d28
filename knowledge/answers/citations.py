"""The marks in what a model writes, and whether its words have support. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from knowledge.text import analyzer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ONE = r"\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]"
_MARK = re.compile(_ONE)
_RUN = re.compile(rf"(\s*)({_ONE}(?:\s*{_ONE})*)")
_UNSURE = re.compile(rf"\s*(?:{_ONE}\s*)*(?:\[[\d\s,;–-]{{0,20}})?$")
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
        unsure = _UNSURE.search(text)
        end = unsure.start() if unsure else len(text)
        self._held = text[end:]
        return self._rewritten(text[:end])

    def end(self) -> str:
        """Return what was held back, at the end of the text."""
        rest, self._held = self._held, ""
        return self._rewritten(rest).rstrip()

    def _rewritten(self, text: str) -> str:
        return _RUN.sub(lambda run: self._marks(run[1], run[2]), text)

    def _marks(self, blank: str, run: str) -> str:
        numbers = dict.fromkeys(int(number) for number in re.findall(r"\d+", run))
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
    words = {term for term in analyzer.terms(plain) if not term[0].isdigit()} - set(analyzer.terms(question))
    held = {term for text in passages for term in analyzer.terms(text)}
    least = _SUPPORT_WITH_MARKS if has_marks else _SUPPORT_WITHOUT
    return len(words & held) >= least * len(words)


def closest(answer: str, passages: Sequence[str]) -> int:
    """Return the place of the passage that has most of an answer's words."""
    words = set(analyzer.terms(answer))
    return max(range(len(passages)), key=lambda place: len(words & set(analyzer.terms(passages[place]))))


def _numbers(texts: Iterable[str]) -> set[str]:
    return {number.replace(",", ".") for text in texts for number in _NUMBER.findall(text)}

"""The transcript of a whole recording, in lines that can be read as subtitles. Pure."""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .engine import Transcription, Word
from .word_times import shifted

LINE_LETTERS = 42
LINES = 2
LONGEST_SECONDS = 7.0
"""Of a segment; with the two above the common rules for subtitles."""

_PAUSE_SECONDS = 0.7
"""Between two words; a segment ends there."""

_SHORTEST_SENTENCE = 12
"""Letters; an abbreviation's full stop ends no segment."""

_SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？")
_CLAUSE_ENDS = (",", ";", ":", "—", "–", "，", "；", "：")
_CLAUSE_WORTH = 0.4
"""Seconds of pause that a comma is as good as, when a long sentence has to be divided."""

_OFF_CENTRE_WORTH = 1.0
"""Seconds of pause that it costs to divide at an end instead of the middle."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A line or two."""

    text: str
    words: tuple[Word, ...]

    @property
    def start(self) -> float:
        """Seconds from the beginning of the recording."""
        return self.words[0].start

    @property
    def end(self) -> float:
        """Seconds from the beginning of the recording."""
        return self.words[-1].end


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said in a recording."""

    language: str
    """Empty when nothing was said and nobody has named one."""

    duration: float
    """Seconds, of the recording."""

    text: str
    """Everything on one line."""

    segments: tuple[Segment, ...]


class _Placed(NamedTuple):
    word: Word
    gap: str
    """What stands before it in the text: a space, or nothing in Chinese."""


def segments_of(said: Transcription, offset: float) -> list[Segment]:
    """Return the segments of a part of a recording that begins at `offset` seconds."""
    placed = _place(said.text, shifted(said.words, offset))
    return [
        Segment(_text(part), tuple(item.word for item in part))
        for sentence in _sentences(placed)
        for part in _divide(sentence)
    ]


def wrap(text: str) -> list[str]:
    """Return the text in lines of about the same length, none longer than a subtitle's."""
    lines = textwrap.wrap(text, LINE_LETTERS)
    count = len(lines)
    for width in range(len(text) // max(1, count), LINE_LETTERS):
        narrower = textwrap.wrap(text, max(1, width))
        if len(narrower) == count:
            return narrower
    return lines


def _place(text: str, words: Iterable[Word]) -> list[_Placed]:
    placed: list[_Placed] = []
    position = 0
    for word in words:
        found = text.find(word.text, position)
        is_apart = found < 0 or text[position:found].isspace()
        position = max(position, found + len(word.text)) if found >= 0 else position
        placed.append(_Placed(word, " " if is_apart and placed else ""))
    return placed


def _text(words: Sequence[_Placed]) -> str:
    return "".join(item.gap + item.word.text for item in words).strip()


def _sentences(words: Sequence[_Placed]) -> list[list[_Placed]]:
    sentences: list[list[_Placed]] = []
    for item in words:
        if not sentences or _is_over(sentences[-1], item.word):
            sentences.append([])
        sentences[-1].append(item)
    return sentences


def _is_over(sentence: Sequence[_Placed], following: Word) -> bool:
    last = sentence[-1].word
    if following.start - last.end >= _PAUSE_SECONDS:
        return True
    return last.text.endswith(_SENTENCE_ENDS) and len(_text(sentence)) >= _SHORTEST_SENTENCE


def _divide(words: Sequence[_Placed]) -> list[Sequence[_Placed]]:
    """Return the sentence in parts that fit on the screen."""
    if len(words) == 1 or _fits(words):
        return [words]
    place = max(range(1, len(words)), key=lambda index: _goodness(words, index))
    return [*_divide(words[:place]), *_divide(words[place:])]


def _fits(words: Sequence[_Placed]) -> bool:
    seconds = words[-1].word.end - words[0].word.start
    return seconds <= LONGEST_SECONDS and len(textwrap.wrap(_text(words), LINE_LETTERS)) <= LINES


def _goodness(words: Sequence[_Placed], index: int) -> float:
    """Return how good a place before the word is for a division, in seconds of pause."""
    before, after = words[index - 1].word, words[index].word
    clause = _CLAUSE_WORTH if before.text.endswith(_CLAUSE_ENDS) else 0.0
    off_centre = abs(2 * index / len(words) - 1)
    return after.start - before.end + clause - _OFF_CENTRE_WORTH * off_centre

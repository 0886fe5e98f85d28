"""The sentences of a transcript, with their times. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from knowledge.lectures.writing.fillers import without_fillers
from knowledge.lectures.writing.words import TURNS
from knowledge.text import analyzer, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from knowledge.lectures.models import Segment

_STOP = re.compile(r"[.!?…。！？；]")
_ENDED = re.compile(r"[.!?…。！？；][»\"”’)]*\s*$")
_CLAUSE = re.compile(r"[,:—–，：、-]\s*$")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_HAN_END = re.compile(r"[\u4e00-\u9fff]$")
_CHARACTERS_PER_STOP = 400
"""Fewer stops than one in so many characters: the transcriber writes none. Less text than that does not tell."""
_SENTENCE_PAUSE = 0.6
"""Seconds of silence between two words that end a sentence where nothing else does."""
_BORDER_PAUSE = 0.25
"""The same between two segments, which were cut at a pause already."""
_HAN_WEIGHT = 3
_RUN_CHARACTERS = 600
_MOST_CHARACTERS = 1_000
_RUN_PAUSE = 3.0


@dataclass(frozen=True, slots=True)
class Sentence:
    """What was said between two stops."""

    text: str
    """Without fillers."""
    start: float
    """Seconds; between the borders of a segment by the share of its characters."""
    end: float
    segment: int
    """The number of the segment that it begins in."""
    terms: tuple[str, ...]
    """The analyzer's, in order."""
    said: str
    """As the transcript has it."""


def is_punctuated(segments: Sequence[Segment]) -> bool:
    """Say whether the transcriber writes sentences; PocketSphinx and GigaAM's CTC model write words only."""
    text = " ".join(segment.text for segment in segments)
    return len(text) < _CHARACTERS_PER_STOP or len(_STOP.findall(text)) * _CHARACTERS_PER_STOP >= len(text)


def punctuated(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """Return the same segments with stops and capitals by the pauses, where the transcriber writes none.

    No commas: a wrong one is worse than none. What was corrected by hand stays as it is.
    """
    if is_punctuated(segments):
        return tuple(segments)
    return tuple(_with_stops(segments, number) for number in range(len(segments)))


def spoken(segments: Sequence[Segment], first: int = 0, end: int | None = None) -> list[Sentence]:
    """Return the sentences of the segments from `first` to before `end`, also those that go through several."""
    found: list[Sentence] = []
    for start, stop in _runs(segments, first, len(segments) if end is None else end):
        found.extend(_sentences(segments[start:stop], start))
    return found


def joined(texts: Sequence[str]) -> str:
    """Return texts that follow each other as one; Chinese without blanks."""
    return _laid_out(texts)[0]


def is_ended(text: str) -> bool:
    """Say whether a text ends a sentence."""
    return _ENDED.search(text) is not None


def chinese_characters(text: str) -> int:
    """Return how many of a text's characters are Chinese: each says about as much as three letters."""
    return sum(map(len, _HAN.findall(text)))


def weight(text: str) -> int:
    """Return how long a text is in letters; a Chinese character counts for three."""
    return len(text) + (_HAN_WEIGHT - 1) * chinese_characters(text)


def _with_stops(segments: Sequence[Segment], number: int) -> Segment:
    segment = segments[number]
    text = segment.text.strip()
    if segment.is_corrected or not text:
        return segment
    begins = number == 0 or _ends_sentence(segments, number - 1)
    if [word.text for word in segment.words] == text.split():
        text = _by_pauses(segment)
    text = text[0].upper() + text[1:] if begins else text
    return replace(segment, text=_stopped(text) if _ends_sentence(segments, number) else text)


def _ends_sentence(segments: Sequence[Segment], number: int) -> bool:
    if number + 1 == len(segments):
        return True
    following = segments[number + 1]
    return following.start - segments[number].end >= _BORDER_PAUSE or _turns(following.text)


def _turns(text: str) -> bool:
    """Say whether a text begins as a sentence does with which people turn to something else."""
    return TURNS.match(without_fillers(text)) is not None


def _by_pauses(segment: Segment) -> str:
    written = [segment.words[0].text]
    for before, word in pairwise(segment.words):
        if word.start - before.end >= _SENTENCE_PAUSE:
            written[-1] = _stopped(written[-1])
            written.append(word.text[0].upper() + word.text[1:])
        else:
            written.append(word.text)
    return " ".join(written)


def _stopped(text: str) -> str:
    if is_ended(text):
        return text
    return text + ("。" if _HAN_END.search(text) else ".")


def _runs(segments: Sequence[Segment], first: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield stretches of segments that end where a sentence does, or where one has gone on for too long."""
    start, length = first, 0
    for number in range(first, end):
        length += len(segments[number].text)
        is_last = number + 1 == end
        pause = 0.0 if is_last else segments[number + 1].start - segments[number].end
        if is_last or length > _RUN_CHARACTERS or pause > _RUN_PAUSE or is_ended(segments[number].text):
            yield start, number + 1
            start, length = number + 1, 0


def _sentences(run: Sequence[Segment], first: int) -> Iterator[Sentence]:
    whole, begins = _laid_out([" ".join(segment.text.split()) for segment in run])
    end = 0
    for text in _short(sentences.split(whole)):
        start = whole.find(text, end)
        end = start + len(text)
        times = _time(run, begins, start), _time(run, begins, end, is_end=True)
        plain = without_fillers(text)
        yield Sentence(plain, *times, first + _place(begins, start), tuple(analyzer.terms(plain)), text)


def _short(texts: Iterable[str]) -> Iterator[str]:
    """Yield texts with the longest cut at a blank: a page without a stop is no sentence."""
    for text in texts:
        rest = text
        while len(rest) > _MOST_CHARACTERS:
            end = rest.rfind(" ", 1, _MOST_CHARACTERS)
            end = end if end > 0 else _MOST_CHARACTERS
            yield rest[:end]
            rest = rest[end:].lstrip()
        if rest:
            yield rest


def _laid_out(texts: Sequence[str]) -> tuple[str, list[int]]:
    """Return texts as one, and where in it each begins."""
    whole, begins = "", []
    for text in texts:
        is_joined = not whole or _HAN_END.search(whole.rstrip("。！？；，：、")) is not None
        whole += "" if is_joined else " "
        begins.append(len(whole))
        whole += text
    return whole, begins


def _time(run: Sequence[Segment], begins: Sequence[int], place: int, *, is_end: bool = False) -> float:
    """Return when a character was said; of an end, when the one before it was."""
    number = _place(begins, place - is_end)
    segment = run[number]
    share = min((place - begins[number]) / (len(segment.text) or 1), 1.0)
    return round(segment.start + share * (segment.end - segment.start), 2)


def _place(begins: Sequence[int], place: int) -> int:
    """Return the number of the text that holds a character."""
    return max(bisect_right(begins, place) - 1, 0)

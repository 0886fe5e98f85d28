"""Segments to paragraphs: where the speaker pauses or changes, at the end of a sentence. Pure."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from knowledge.lectures.models import Paragraph
from knowledge.lectures.writing.spoken import is_ended, weight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.lectures.models import Segment

_ENOUGH_CHARACTERS = 280
_MOST_CHARACTERS = 900
_LONG_PAUSE_SECONDS = 1.5
_SHORTEST_PAUSE_SECONDS = 0.2
_USUAL_SHARE = 0.85  # of a speaker's pauses; paragraphs end at the others
_LONGER_THAN_USUAL = 1.3


def paragraphs(segments: Sequence[Segment], first: int = 0, end: int | None = None) -> tuple[Paragraph, ...]:
    """Return the paragraphs of the segments from `first` to before `end`; every segment is in one."""
    end = len(segments) if end is None else end
    if first >= end:
        return ()
    clear = _clear_pause(segments)
    borders, begin = [first], first
    for number in range(first + 1, end):
        if _is_border(segments, begin, number, clear):
            borders.append(number)
            begin = number
    return tuple(Paragraph(start, stop) for start, stop in pairwise([*borders, end]))


def _is_border(segments: Sequence[Segment], begin: int, number: int, clear: float) -> bool:
    """Say whether a paragraph that began at `begin` is over before segment `number`."""
    before, after = segments[number - 1], segments[number]
    if before.speaker != after.speaker:
        return True
    length = sum(weight(segment.text) for segment in segments[begin:number])
    pause = after.start - before.end
    if not is_ended(before.text):
        return length >= 2 * _MOST_CHARACTERS
    return length >= _MOST_CHARACTERS or (length >= _ENOUGH_CHARACTERS and pause >= clear)


def _clear_pause(segments: Sequence[Segment]) -> float:
    """Return the length of a pause that is long for this speaker."""
    pauses = sorted(max(after.start - before.end, 0.0) for before, after in pairwise(segments))
    if not pauses:
        return _LONG_PAUSE_SECONDS
    usual, long = pauses[len(pauses) // 2], pauses[int(len(pauses) * _USUAL_SHARE)]
    return min(max(long, _LONGER_THAN_USUAL * usual, _SHORTEST_PAUSE_SECONDS), _LONG_PAUSE_SECONDS)

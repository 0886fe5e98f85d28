"""Subtitles: a transcript in cues of two lines at most."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.models import Language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.lectures.models import Segment, Transcript

_LINES = 2
_LETTERS = 42
_CHINESE_LETTERS = 20
"""Twice as wide as Latin ones."""
_SHORTEST_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Cue:
    """What stands on the screen at once."""

    start: float
    end: float
    lines: tuple[str, ...]
    speaker: str = ""


def cues(transcript: Transcript) -> Iterator[Cue]:
    """Yield the cues in order, none over the one before; a segment of many lines becomes several.

    Those share its time by their letters.
    """
    width = _CHINESE_LETTERS if transcript.language is Language.CHINESE else _LETTERS
    free = 0.0
    for segment in transcript.segments:
        for cue in _of(segment, width):
            start = max(cue.start, free)
            end = max(cue.end, start + _SHORTEST_SECONDS)
            yield Cue(start, end, cue.lines, cue.speaker)
            free = end


def time_code(seconds: float, mark: str) -> str:
    """Return hours, minutes, seconds and, after the mark, milliseconds."""
    whole, milliseconds = divmod(round(seconds * 1_000), 1_000)
    minutes, rest = divmod(whole, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest:02}{mark}{milliseconds:03}"


def _of(segment: Segment, width: int) -> Iterator[Cue]:
    lines = textwrap.wrap(" ".join(segment.text.split()), width)
    letters = sum(map(len, lines))
    start, told = segment.start, 0
    for first in range(0, len(lines), _LINES):
        shown = tuple(lines[first : first + _LINES])
        told += sum(map(len, shown))
        end = segment.start + (segment.end - segment.start) * told / letters
        yield Cue(start, end, shown, segment.speaker)
        start = end

"""A transcript as people read it: in chapters and paragraphs, also before anybody has made them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from knowledge.lectures.models import Chapter, Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from knowledge.lectures.models import Content, Segment, Transcript

_PAUSE_SECONDS = 2.0
_MOST_SEGMENTS = 8


def laid_out(transcript: Transcript | None, content: Content) -> tuple[Chapter, ...]:
    """Return the chapters; what stands in none of them yet is a last one without a title."""
    if transcript is None:
        return ()
    ends = (paragraph.end_segment for chapter in content.chapters for paragraph in chapter.paragraphs)
    told = max(ends, default=0)
    rest = transcript.segments[told:]
    if not rest:
        return content.chapters
    paragraphs = tuple(Paragraph(told + first, told + end) for first, end in _stretches(rest))
    return (*content.chapters, Chapter("", rest[0].start, rest[-1].end, paragraphs))


def text_of(segments: Sequence[Segment]) -> str:
    """Return what neighbouring segments say, on one line; Chinese has no blanks between sentences."""
    said = ""
    for segment in segments:
        text = " ".join(segment.text.split())
        is_apart = said and text and not (_is_han(said[-1]) and _is_han(text[0]))
        said += f" {text}" if is_apart else text
    return said


def clock(seconds: float) -> str:
    """Return a time code as players show it, "1:02:03" or "2:03"."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"


def _stretches(segments: Sequence[Segment]) -> Iterator[tuple[int, int]]:
    """Yield (first, end) of paragraphs: cut at pauses, and where they would grow too long."""
    first = 0
    for number, (before, after) in enumerate(pairwise(segments), start=1):
        if after.start - before.end >= _PAUSE_SECONDS or number - first >= _MOST_SEGMENTS:
            yield first, number
            first = number
    yield first, len(segments)


def _is_han(character: str) -> bool:
    return "\u3000" <= character <= "\u9fff" or "\uff00" <= character <= "\uffef"

"""A transcript in its chapters, also before anybody has made them. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.lectures.models import Chapter
from knowledge.lectures.writing.paragraphs import paragraphs

if TYPE_CHECKING:
    from knowledge.lectures.models import Content, Transcript


def in_chapters(transcript: Transcript | None, content: Content) -> tuple[Chapter, ...]:
    """Return the chapters; what stands in none of them yet is a last one without a title."""
    if transcript is None:
        return ()
    ends = (paragraph.end_segment for chapter in content.chapters for paragraph in chapter.paragraphs)
    told = max(ends, default=0)
    rest = transcript.segments[told:]
    if not rest:
        return content.chapters
    untitled = Chapter("", rest[0].start, rest[-1].end, paragraphs(transcript.segments, told))
    return (*content.chapters, untitled)

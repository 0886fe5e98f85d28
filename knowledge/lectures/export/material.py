"""What an export is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.lectures.chaptered import in_chapters
from knowledge.lectures.writing.layout import clock
from knowledge.lectures.writing.spoken import joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.lectures.models import Chapter, Content, Lecture, Transcript


@dataclass(frozen=True, slots=True)
class Material:
    """A lecture with all that is known of it."""

    lecture: Lecture
    transcript: Transcript
    content: Content
    slides: str | None = None
    """The path of the document that belongs to it."""

    def chapters(self) -> tuple[Chapter, ...]:
        """Return the chapters; one without a title where there are none yet."""
        return in_chapters(self.transcript, self.content)

    def paragraphs(self, chapter: Chapter) -> Iterator[tuple[str, str]]:
        """Yield (time code, text) of a chapter."""
        for paragraph in chapter.paragraphs:
            segments = self.transcript.segments[paragraph.first : paragraph.end_segment]
            if text := joined([segment.text for segment in segments]):
                yield clock(segments[0].start), text

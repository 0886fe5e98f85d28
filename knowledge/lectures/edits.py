"""What a correction does to what was made of the transcript before. Pure."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge.lectures.models import Paragraph

if TYPE_CHECKING:
    from collections.abc import Collection

    from knowledge.lectures.models import Content


def without_segments(content: Content, removed: Collection[int]) -> Content:
    """Return the content of a transcript from which segments were taken; what is left empty goes too."""
    gone = sorted(removed)
    if not gone:
        return content
    chapters = []
    for chapter in content.chapters:
        moved = [
            Paragraph(one.first - bisect_left(gone, one.first), one.end_segment - bisect_left(gone, one.end_segment))
            for one in chapter.paragraphs
        ]
        kept = tuple(one for one in moved if one.first < one.end_segment)
        if kept:
            chapters.append(replace(chapter, paragraphs=kept))
    return replace(content, chapters=tuple(chapters))

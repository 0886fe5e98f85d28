"""A transcript to chapters, summary and glossary."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge.lectures.chapters import chapters
from knowledge.lectures.glossary import MOST_TERMS, merged
from knowledge.lectures.layout import laid_out
from knowledge.lectures.models import Content, Maker, Summary
from knowledge.lectures.note_taker import Author, NoteTaker
from knowledge.lectures.notes import Part, drafted
from knowledge.lectures.spoken import punctuated, spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from knowledge.lectures.models import Term, Transcript
    from knowledge.lectures.notes import Draft, Notes
    from knowledge.lectures.templates import Template


def write_content(
    transcript: Transcript,
    title: str,
    author: Author | None,
    template: Template,
    *,
    report: Callable[[float, float], None],
    should_stop: Callable[[], bool],
) -> Content:
    """Return what a model writes of a lecture; where it is away or errs, what the lecture's own sentences give.

    Blocking: minutes with a model, seconds without. `report` is told the seconds of the recording that are done, and
    all of them. Once `should_stop` says so, the model is asked no more, and the rest is taken from the sentences.

    Raises: LectureTemplateError for a template that fails on this lecture.
    """
    segments = punctuated(transcript.segments)
    parts = [
        Part(chapter, tuple(spoken(segments, chapter.paragraphs[0].first, chapter.paragraphs[-1].end_segment)))
        for chapter in chapters(replace(transcript, segments=segments))
    ]
    draft = drafted(parts, title, template, transcript.language)
    if author is not None and parts:
        draft = _written(draft, NoteTaker(author, template, draft, should_stop), report)
    summary = Summary(template.name, laid_out(draft, template), draft.by)
    return Content(tuple(chapter for chapter, _ in draft.chapters), summary, draft.glossary)


def _written(draft: Draft, taker: NoteTaker, report: Callable[[float, float], None]) -> Draft:
    """Return what a model makes of a draft."""
    end = draft.parts[-1].chapter.end
    notes: list[Notes] = []
    for part, own in zip(draft.parts, draft.notes, strict=True):
        notes.append(own if taker.is_over else taker.chapter(part, own))
        report(part.chapter.end, end)
    written = replace(draft, notes=tuple(notes), glossary=_glossary(notes))
    if taker.is_over or all(one.by is Maker.EXTRACT for one in notes):
        return written
    sections, by = taker.whole(written)
    return replace(written, sections=sections, sections_by=by)


def _glossary(notes: Sequence[Notes]) -> tuple[Term, ...]:
    terms = merged(term for one in notes for term in one.terms)[:MOST_TERMS]
    return tuple(sorted(terms, key=lambda term: term.start))

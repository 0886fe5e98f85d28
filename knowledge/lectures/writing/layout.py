"""Notes on a lecture laid out by a template. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from knowledge.lectures.models import Maker
from knowledge.lectures.writing.spoken import joined
from knowledge.models import Language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from knowledge.lectures.models import Chapter, Term
    from knowledge.lectures.writing.notes import Draft, Notes
    from knowledge.lectures.writing.templates import Template


def laid_out(draft: Draft, template: Template) -> str:
    """Return the summary in Markdown.

    Raises: LectureTemplateError with the line.
    """
    end = draft.parts[-1].chapter.end if draft.parts else 0.0
    variables: dict[str, Any] = {
        "title": draft.title,
        "language": draft.language.value,
        "duration": clock(end),
        "minutes": round(end / 60),
        "comma": "、" if draft.language is Language.CHINESE else ", ",
        "chapters": [_chapter(chapter, notes, template) for chapter, notes in draft.chapters],
        "glossary": [_term(term) for term in draft.glossary],
        "is_extract": all(notes.by is Maker.EXTRACT for notes in draft.notes),
    }
    return template.rendered(variables | _named(draft.sections, template, "lecture"))


def clock(seconds: float) -> str:
    """Return a time as people write it: 5:07, 1:30:00."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def _chapter(chapter: Chapter, notes: Notes, template: Template) -> dict[str, Any]:
    return {
        "title": notes.title or clock(chapter.start),
        "time": clock(chapter.start),
        "start": chapter.start,
        "minutes": max(round((chapter.end - chapter.start) / 60), 1),
        "is_extract": notes.by is Maker.EXTRACT,
    } | _named(notes.sections, template, "chapter")


def _named(sections: Mapping[str, tuple[str, ...]], template: Template, of: str) -> dict[str, Any]:
    return {
        wanted.name: list(entries) if wanted.form == "list" else joined(entries)
        for wanted in template.sections
        if wanted.of == of
        for entries in (sections.get(wanted.name, ()),)
    }


def _term(term: Term) -> dict[str, Any]:
    return {
        "term": term.term,
        "definition": term.definition,
        "time": clock(term.start),
        "confidence": term.confidence,
        "is_supported": term.is_supported,
    }

"""Lectures on the wire, as tests/contract pins them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from knowledge.lectures.chaptered import in_chapters
from knowledge.lectures.writing.layout import clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from knowledge.lectures.models import Chapter, Content, Lecture, Progress, Segment, Summary, Term
    from knowledge.lectures.protocols import Lectures
    from knowledge.models import Language

_Json = dict[str, Any]


def lectures_response(lectures: Iterable[Lecture], language: Language) -> _Json:
    """Return the body of GET /lectures; problems are told in a language."""
    return {"lectures": [lecture_json(lecture, language) for lecture in lectures]}


def lecture_response(lecture: Lecture, language: Language) -> _Json:
    """Return the body of what changes a lecture, and the data of the event "lecture"."""
    return {"lecture": lecture_json(lecture, language)}


def whole_lecture_response(lectures: Lectures, id_: str, language: Language) -> _Json:
    """Return the body of GET /lectures/ID; blocking. Raises: UnknownLectureError."""
    transcript, content = lectures.transcript(id_), lectures.content(id_)
    segments = transcript.segments if transcript else ()
    return {
        **lecture_response(lectures.lecture(id_), language),
        "slides": lectures.slides(id_),
        "chapters": [_chapter_json(chapter, segments) for chapter in in_chapters(transcript, content)],
        "summary": _summary_json(content.summary) if content.summary else None,
        "glossary": [_term_json(term) for term in content.glossary],
        "templates": lectures.templates(),
    }


def lectures_version(lectures: Iterable[Lecture]) -> str:
    """Return what changes when a lecture comes, goes, or has another name or state; not with each step of work."""
    shown = [(lecture.id, lecture.path, lecture.title, lecture.state) for lecture in lectures]
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:8]


def outline_json(lecture: Lecture, content: Content) -> _Json:
    """Return what a lecture was about, without what was said, times as players show them."""
    return {
        "id": lecture.id,
        "title": lecture.title,
        "held_on": lecture.held_on.isoformat() if lecture.held_on else None,
        "state": lecture.state,
        "summary": content.summary.text if content.summary else None,
        "chapters": [{"title": chapter.title, "place": clock(chapter.start)} for chapter in content.chapters],
        "glossary": [
            {
                "term": term.term,
                "definition": term.definition,
                "place": clock(term.start),
                "is_supported": term.is_supported,
            }
            for term in content.glossary
        ],
    }


def lecture_json(lecture: Lecture, language: Language) -> _Json:
    """Return a lecture as lists show it."""
    return {
        "id": lecture.id,
        "path": lecture.path,
        "title": lecture.title,
        "held_on": lecture.held_on.isoformat() if lecture.held_on else None,
        "language": lecture.language,
        "duration": lecture.duration,
        "state": lecture.state,
        "progress": _progress_json(lecture.progress) if lecture.progress else None,
        "problem": lecture.problem.said(language) if lecture.problem else None,
        "has_media": lecture.has_media,
        "transcriber": lecture.transcriber,
        "ready_at": lecture.ready_at,
        "version": lecture.version,
        "summary_by": lecture.summary_by,
        "terms": lecture.terms,
        "can_transcribe": lecture.can_transcribe,
    }


def _term_json(term: Term) -> _Json:
    return {
        "term": term.term,
        "definition": term.definition,
        "start": term.start,
        "quote": term.quote,
        "confidence": round(term.confidence, 2),
        "is_supported": term.is_supported,
        "by": term.by,
    }


def _progress_json(progress: Progress) -> _Json:
    return {"done": progress.done, "total": progress.total, "remaining_seconds": progress.remaining_seconds}


def _summary_json(summary: Summary) -> _Json:
    return {"template": summary.template, "text": summary.text, "by": summary.by}


def _chapter_json(chapter: Chapter, segments: Sequence[Segment]) -> _Json:
    stretches = ((one.first, segments[one.first : one.end_segment]) for one in chapter.paragraphs)
    return {
        "title": chapter.title,
        "start": chapter.start,
        "end": chapter.end,
        "paragraphs": [_paragraph_json(first, stretch) for first, stretch in stretches if stretch],
    }


def _paragraph_json(first: int, segments: Sequence[Segment]) -> _Json:
    return {
        "start": segments[0].start,
        "end": segments[-1].end,
        "segments": [
            {
                "number": number,
                "start": segment.start,
                "end": segment.end,
                "text": segment.text,
                "speaker": segment.speaker,
                "is_corrected": segment.is_corrected,
            }
            for number, segment in enumerate(segments, start=first)
        ],
    }

"""Lectures as Home Assistant shows them: found by words, described, summed up in a few sentences. Pure."""

import re
from collections.abc import Sequence
from typing import Any

from .gates.words import stems
from .models import Lecture, LectureDetails, LectureEnd

MAX_SUMMARY_LENGTH = 300
"""Characters, of the summary that comes with an event: what a loudspeaker says in half a minute."""

_KINDS_FOLDER = "lectures"
_UPLOADS_FOLDER = "uploads"
_HEADING = re.compile(r"^\s*#.*$", re.MULTILINE)
_MARKUP = re.compile(r"^\s*(?:[-*+>]|\d+[.)])\s+|[*_`]{1,3}", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_SENTENCE_END = re.compile(r"[.!?…](?=\s|$)|[。！？]")


def find_lecture(lectures: Sequence[Lecture], wanted: str) -> Lecture | None:
    """Return the lecture with an id or with these words in its title, whatever their endings; the newest of several.

    Without a wish it is the newest one that is ready.
    """
    if not wanted:
        return next((lecture for lecture in lectures if lecture.state == LectureEnd.READY), None)
    sought = set(stems(wanted))
    named = [lecture for lecture in lectures if sought and sought <= set(stems(lecture.title))]
    ready = [lecture for lecture in named if lecture.state == LectureEnd.READY]
    return next((lecture for lecture in lectures if lecture.id == wanted), None) or next(iter(ready or named), None)


def collection_of(path: str) -> str:
    """Return the folders of a lecture below that of all lectures, as in "Физика/Осень"; empty where there are none."""
    folders = path.split("/")[:-1]
    for own in (_KINDS_FOLDER, _UPLOADS_FOLDER):
        if folders[:1] == [own]:
            del folders[0]
    return "/".join(folders)


def is_in_collection(lecture: Lecture, wanted: str) -> bool:
    """Tell whether a lecture is in a collection or below it; an empty wish lets all through."""
    collection, wanted = collection_of(lecture.path).casefold(), wanted.strip("/ ").casefold()
    return not wanted or collection == wanted or collection.startswith(f"{wanted}/")


def as_dict(lecture: Lecture) -> dict[str, Any]:
    """Return a lecture for JSON."""
    return {
        "id": lecture.id,
        "title": lecture.title,
        "path": lecture.path,
        "collection": collection_of(lecture.path),
        "held_on": lecture.held_on.isoformat() if lecture.held_on else None,
        "duration": lecture.duration,
        "state": lecture.state,
        "problem": lecture.problem or None,
        "ready_at": lecture.ready_at.isoformat() if lecture.ready_at else None,
        "link": lecture.link,
    }


def details_as_dict(details: LectureDetails) -> dict[str, Any]:
    """Return a lecture and what was made of it for JSON; `time` is what a player shows, `start` is in seconds."""
    link = details.lecture.link
    return {
        **as_dict(details.lecture),
        "summary": details.summary,
        "summary_by": details.lecture.summary_by or None,
        "chapters": [
            {"title": chapter.title, "end": chapter.end, **_moment(chapter.start, link)} for chapter in details.chapters
        ],
        "glossary": [
            {
                "term": term.term,
                "definition": term.definition,
                "is_supported": term.is_supported,
                **_moment(term.start, link),
            }
            for term in details.glossary
        ],
    }


def shorten(summary: str) -> str:
    """Return the first sentences of a summary's first section, without markup, to be spoken or shown in a line."""
    sections = (section for section in _HEADING.split(summary) if section.strip())
    text = _MARKUP.sub("", _LINK.sub(r"\1", next(sections, "")))
    text = " ".join(text.split())
    if len(text) <= MAX_SUMMARY_LENGTH:
        return text
    ends = [match.end() for match in _SENTENCE_END.finditer(text, 0, MAX_SUMMARY_LENGTH)]
    return text[: ends[-1]] if ends else f"{text[: MAX_SUMMARY_LENGTH - 1].rpartition(' ')[0] or text[:200]}…"


def clock(seconds: float) -> str:
    """Return a time code as players show it, "1:02:03" or "2:03"."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _moment(start: float, link: str) -> dict[str, Any]:
    at = f"?t={int(start)}" if "#" in link else f"/{int(start)}"
    return {"start": start, "time": clock(start), "link": f"{link}{at}"}

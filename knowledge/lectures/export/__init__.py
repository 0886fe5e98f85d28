"""Lectures as files for other programs, one module a format; pure but for the library that writes Word's."""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, cast

from knowledge.errors import LectureStateError, NoteError
from knowledge.files.notes import plain_name
from knowledge.lectures.export.material import Material

if TYPE_CHECKING:
    from collections.abc import Callable

    from knowledge.lectures.models import Lecture
    from knowledge.lectures.protocols import Lectures


class Format(StrEnum):
    """What a lecture can be exported as: the ending of the file, or the program that reads it."""

    MARKDOWN = "md"
    WORD = "docx"
    SUBRIP = "srt"
    WEBVTT = "vtt"
    JSON = "json"
    ANKI = "anki"


CONTENT_TYPES = {
    Format.MARKDOWN: "text/markdown; charset=utf-8",
    Format.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.SUBRIP: "application/x-subrip; charset=utf-8",
    Format.WEBVTT: "text/vtt; charset=utf-8",
    Format.JSON: "application/json",
    Format.ANKI: "text/csv; charset=utf-8",
}

_MODULES = {
    Format.MARKDOWN: "markdown",
    Format.WORD: "word",
    Format.SUBRIP: "subtitles",
    Format.WEBVTT: "web_subtitles",
    Format.JSON: "whole",
    Format.ANKI: "anki",
}


def of(lectures: Lectures, id_: str, format_: Format) -> tuple[str, bytes]:
    """Return the name and the content of the file; blocking.

    Raises: UnknownLectureError, LectureStateError while nothing is transcribed.
    """
    lecture, transcript = lectures.lecture(id_), lectures.transcript(id_)
    if transcript is None:
        raise LectureStateError(f"There is nothing to export yet: the lecture is {lecture.state}.")
    material = Material(lecture, transcript, lectures.content(id_), lectures.slides(id_))
    return file_name(lecture, format_), written(material, format_)


def written(material: Material, format_: Format) -> bytes:
    """Return the content of the file."""
    module = import_module(f"{__name__}.{_MODULES[format_]}")
    return cast("Callable[[Material], bytes]", module.write)(material)


def file_name(lecture: Lecture, format_: Format) -> str:
    """Return what the file is called: the title, as far as file systems take it."""
    ending = "csv" if format_ is Format.ANKI else format_
    try:
        return f"{plain_name(lecture.title)}.{ending}"
    except NoteError:
        return f"{lecture.id}.{ending}"

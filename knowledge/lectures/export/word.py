"""Word's format, by python-docx."""

from __future__ import annotations

import io
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from knowledge.lectures.export.words import WORDS
from knowledge.lectures.models import Maker
from knowledge.lectures.writing.layout import clock

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

    from knowledge.lectures.export.material import Material
    from knowledge.lectures.export.words import Words
    from knowledge.lectures.models import Term

_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*$")
_BULLET = re.compile(r"[-*+]\s+(.+)$")
_NUMBERED = re.compile(r"\d+[.)]\s+(.+)$")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_SUMMARY_LEVEL = 2


def write(material: Material) -> bytes:
    """Return the file."""
    import docx  # noqa: PLC0415  takes a while, and most lectures are never exported

    document = docx.Document()
    words = WORDS[material.transcript.language]
    document.core_properties.title = _plain(material.lecture.title)
    document.add_heading(_plain(material.lecture.title), level=0)
    if material.lecture.held_on:
        document.add_paragraph(material.lecture.held_on.isoformat())
    if material.slides:
        document.add_paragraph(f"{words.slides}: {_plain(PurePosixPath(material.slides).name)}")
    _add_summary(document, material, words)
    _add_glossary(document, material, words)
    _add_transcript(document, material, words)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _add_summary(document: Document, material: Material, words: Words) -> None:
    summary = material.content.summary
    if summary is None:
        return
    document.add_heading(words.summary, level=1)
    if summary.by is Maker.EXTRACT:
        document.add_paragraph().add_run(words.by_extract).italic = True
    for line in filter(None, map(str.strip, _plain(summary.text, keeps_lines=True).splitlines())):
        _add_line(document, line)


def _add_line(document: Document, line: str) -> None:
    """Add a line of Markdown, as far as summaries use it."""
    if match := _HEADING.match(line):
        document.add_heading(match[2], level=min(_SUMMARY_LEVEL + len(match[1]) - 1, 9))
    elif match := _BULLET.match(line):
        _add_runs(document.add_paragraph(style="List Bullet"), match[1])
    elif match := _NUMBERED.match(line):
        _add_runs(document.add_paragraph(style="List Number"), match[1])
    else:
        _add_runs(document.add_paragraph(), line)


def _add_runs(paragraph: Paragraph, text: str) -> None:
    for number, part in enumerate(_BOLD.split(text)):
        if part:
            paragraph.add_run(part).bold = bool(number % 2) or None


def _add_glossary(document: Document, material: Material, words: Words) -> None:
    if not material.content.glossary:
        return
    document.add_heading(words.glossary, level=1)
    table = document.add_table(rows=1, cols=3, style="Table Grid")
    for cell, name in zip(table.rows[0].cells, (words.term, words.definition, words.place), strict=True):
        cell.paragraphs[0].add_run(name).bold = True
    for term in material.content.glossary:
        for cell, text in zip(table.add_row().cells, _entry(term, words), strict=True):
            cell.text = _plain(text)


def _entry(term: Term, words: Words) -> tuple[str, str, str]:
    mark = "" if term.is_supported else f" ({words.unsupported})"
    return term.term, f"{term.definition}{mark}".strip(), clock(term.start)


def _add_transcript(document: Document, material: Material, words: Words) -> None:
    document.add_heading(words.transcript, level=1)
    for chapter in material.chapters():
        if chapter.title:
            document.add_heading(f"{_plain(chapter.title)} ({clock(chapter.start)})", level=2)
        for time, text in material.paragraphs(chapter):
            paragraph = document.add_paragraph()
            paragraph.add_run(f"{time}  ").bold = True
            paragraph.add_run(_plain(text))


def _plain(text: str, *, keeps_lines: bool = False) -> str:
    """Return text without what XML cannot hold."""
    possible = _NOT_XML.sub("", text)
    return possible if keeps_lines else " ".join(possible.split())

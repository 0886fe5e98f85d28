"""Markdown: summary, glossary, then the transcript in chapters with time codes."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from knowledge.lectures.export.words import WORDS
from knowledge.lectures.models import Maker
from knowledge.lectures.writing.layout import clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.lectures.export.material import Material
    from knowledge.lectures.export.words import Words
    from knowledge.lectures.models import Term

_MARKS = re.compile(r"([\\`*_\[\]<>|])")
_HEADING = re.compile(r"^(#{1,5})(?=\s)", re.MULTILINE)


def write(material: Material) -> bytes:
    """Return the file in UTF-8."""
    words = WORDS[material.transcript.language]
    blocks = [f"# {_plain(material.lecture.title)}"]
    if material.lecture.held_on:
        blocks.append(material.lecture.held_on.isoformat())
    if material.slides:
        blocks.append(f"{words.slides}: {_plain(PurePosixPath(material.slides).name)}")
    blocks += [*_summary(material, words), *_glossary(material, words), *_transcript(material, words)]
    return ("\n\n".join(blocks) + "\n").encode()


def _summary(material: Material, words: Words) -> Iterator[str]:
    summary = material.content.summary
    if summary is None:
        return
    yield f"## {words.summary}"
    if summary.by is Maker.EXTRACT:
        yield f"*{words.by_extract}*"
    yield _HEADING.sub(r"#\1", summary.text.strip())  # below the heading above it


def _glossary(material: Material, words: Words) -> Iterator[str]:
    if material.content.glossary:
        yield f"## {words.glossary}"
        yield "\n".join(_entry(term, words) for term in material.content.glossary)


def _entry(term: Term, words: Words) -> str:
    said = f" — {_plain(term.definition)}" if term.definition else ""
    mark = "" if term.is_supported else f" *({words.unsupported})*"
    return f"- **{_plain(term.term)}**{said} [{clock(term.start)}]{mark}"


def _transcript(material: Material, words: Words) -> Iterator[str]:
    yield f"## {words.transcript}"
    for chapter in material.chapters():
        if chapter.title:
            yield f"### {_plain(chapter.title)} [{clock(chapter.start)}]"
        for time, text in material.paragraphs(chapter):
            yield f"**[{time}]** {_plain(text)}"


def _plain(text: str) -> str:
    """Return text within a line that no reader of Markdown takes for marks."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))

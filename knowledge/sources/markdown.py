"""Markdown: headings become places, marks disappear, words stay."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from knowledge.models import Document, Kind
from knowledge.sources.outline import Outline
from knowledge.sources.text import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_UNDERLINE = re.compile(r"^(=+|-{3,})\s*$")
_FENCE = re.compile(r"^\s*(```|~~~)")
_LIST_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s+)?")
_TABLE_RULE = re.compile(r"^\s*\|?[\s:|-]+\|[\s:|-]*$")
_RULE = re.compile(r"^\s*([-*_]\s*){3,}$")
_QUOTE = re.compile(r"^\s*>+\s?")
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\[[^\]]*\])")
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3}|~~|`+)(?=\S)(.+?)(?<=\S)\1|(?<!\w)(_{1,3})(?=\S)(.+?)(?<=\S)\3(?!\w)")
_TAG = re.compile(r"</?[A-Za-z][^>\n]*>")


class MarkdownSource:
    """Reads .md files; the first level-one heading is the title."""

    kind = Kind.DOCUMENT
    extensions = frozenset({".md", ".markdown"})

    def read(self, path: Path) -> list[Document]:
        """Return the file as one document with a section per heading.

        Raises: SourceError if it is not text.
        """
        outline = Outline()
        for heading, lines in _sections(_COMMENT.sub("", _FRONT_MATTER.sub("", read_text(path)))):
            if heading is not None:
                outline.heading(*heading)
            for paragraph in _paragraphs(lines):
                outline.paragraph(paragraph)
        return outline.documents()


SOURCE = MarkdownSource()


def _sections(text: str) -> Iterator[tuple[tuple[int, str] | None, list[str]]]:
    """Yield (level and name of a heading, the lines below it); None before the first heading."""
    current: tuple[int, str] | None = None
    lines: list[str] = []
    is_code = False
    for line in text.splitlines():
        is_fence = _FENCE.match(line) is not None
        is_code ^= is_fence
        heading = None if is_code or is_fence else _heading(line, lines)
        if heading is None:
            lines.append("" if is_fence else line)
            continue
        yield current, lines
        current, lines = heading, []
    yield current, lines


def _heading(line: str, above: list[str]) -> tuple[int, str] | None:
    """Return (level, name); takes the name of an underlined heading away from the lines above."""
    if match := _HEADING.match(line):
        return len(match[1]), _plain(match[2])
    if (match := _UNDERLINE.match(line)) and above and above[-1].strip() and _starts_paragraph(above):
        return (1 if line[0] == "=" else 2), _plain(above.pop().strip())
    return None


def _starts_paragraph(lines: list[str]) -> bool:
    return (len(lines) < 2 or not lines[-2].strip()) and not _LIST_ITEM.match(lines[-1]) and "|" not in lines[-1]


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """Yield each paragraph, list item and table row as one line of plain text."""
    current: list[str] = []
    for raw in [*lines, ""]:
        line = _QUOTE.sub("", raw)
        is_item, is_row = _LIST_ITEM.match(line) is not None, line.lstrip().startswith("|")
        is_border = not line.strip() or _TABLE_RULE.match(line) is not None or _RULE.match(line) is not None
        if current and (is_border or is_item or is_row):
            yield " ".join(current)
            current = []
        if is_border:
            continue
        text = _row(line) if is_row else _plain(_LIST_ITEM.sub("", line).strip())
        if text:
            current.append(text)


def _row(line: str) -> str:
    cells = [_plain(cell.strip()) for cell in line.strip().strip("|").split("|")]
    return ": ".join(filter(None, [cells[0], ", ".join(filter(None, cells[1:]))]))


def _plain(text: str) -> str:
    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", text))
    for _ in range(2):  # emphasis inside emphasis
        text = _EMPHASIS.sub(lambda match: match[2] or match[4], text)
    return _TAG.sub("", text).replace("\\", "").strip()

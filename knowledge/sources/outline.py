"""Puts a document together from headings, paragraphs and tables in the order they are read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from knowledge.models import Document, Section

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_NO_TITLE = re.compile(
    r"^(?:untitled|безымянный|документ\s*\d*|document\s*\d*|презентация.*|presentation.*|powerpoint.*|"
    r"microsoft word.*|.*\.\w{2,4})$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^[\s\d.,:%+()/-]*$")


class Outline:
    """Collects sections under the path of headings above them; without a title the first outermost heading is it."""

    def __init__(self, title: str = "") -> None:
        self._title = clean_title(title)
        self._path: list[tuple[int, str]] = []
        self._page: int | None = None
        self._lines: list[str] = []
        self._sections: list[Section] = []

    def heading(self, level: int, text: str) -> None:
        """Begin a section; level 1 is the outermost."""
        if not (name := one_line(text)):
            return
        self._close()
        self._path = [(above, heading) for above, heading in self._path if above < level]
        if level == 1 and not self._title:
            self._title = name
        elif (level, name) != (1, self._title):
            self._path.append((level, name))

    def page(self, number: int) -> None:
        """Begin a page or a slide, counted from 1."""
        self._close()
        self._page = number

    def title(self, text: str) -> None:
        """Take the title that stands in the text, where there is none yet."""
        self._title = self._title or clean_title(text)

    def paragraph(self, text: str) -> None:
        """Add a paragraph or list item."""
        if line := one_line(text):
            self._lines.append(line)

    def table(self, rows: Iterable[Sequence[str]]) -> None:
        """Add a table, a line for each row; in a wide one each value is named by the head of its column."""
        self._lines += table_lines(rows)

    def documents(self) -> list[Document]:
        """Return the document, or none if it has no text."""
        self._close()
        return [Document(self._title, tuple(self._sections))] if self._sections else []

    def _close(self) -> None:
        if self._lines:
            self._sections.append(
                Section("\n".join(self._lines), tuple(name for _, name in self._path), page=self._page)
            )
            self._lines = []


def one_line(text: str) -> str:
    """Return the text with every run of white space as one blank."""
    return " ".join(text.split())


def clean_title(text: str) -> str:
    """Return a title that a person gave; word processors like to write the file's name or their own there."""
    title = one_line(text)
    return "" if _NO_TITLE.match(title) else title


def table_lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield "first: second" for two columns, "first: head value, head value" for more."""
    cells = [[one_line(cell) for cell in row] for row in rows]
    filled = [row for row in cells if any(row)]
    head = filled.pop(0) if len(filled) > 1 and _is_head(filled[0]) else []
    for row in filled:
        names = [*head, *[""] * (len(row) - len(head))]
        values = (f"{name} {cell}".strip() for name, cell in zip(names[1:], row[1:], strict=False) if cell)
        yield ": ".join(filter(None, (row[0], ", ".join(values))))


def _is_head(row: Sequence[str]) -> bool:
    return len(row) > 2 and all(row) and not any(map(_NUMBER.match, row))

"""FictionBook, the format of Russian e-libraries, also packed as .fb2.zip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from knowledge.errors import SourceError
from knowledge.models import Document, Kind
from knowledge.reasons import Reason
from knowledge.sources.archive import open_archive
from knowledge.sources.markup import has_inner, local_name, parse_xml, rows_of, words_of
from knowledge.sources.outline import Outline

if TYPE_CHECKING:
    from pathlib import Path

_PARAGRAPHS = frozenset({"p", "v", "subtitle", "text-author", "date"})
_SKIPPED = frozenset({"description", "binary", "stylesheet"})


class Fb2Source:
    """Reads .fb2 books; titles of parts and chapters are the places."""

    kind = Kind.DOCUMENT
    extensions = frozenset({".fb2", ".fbz", ".zip"})

    def read(self, path: Path) -> list[Document]:
        """Return the book as one document.

        Raises: SourceError for a damaged file, and for an archive with something else in it.
        """
        try:
            book = parse_xml(_read(path))
        except etree.XMLSyntaxError as err:
            raise SourceError(Reason.BROKEN) from err
        outline = Outline(next((words_of(node) for node in book.iter() if local_name(node) == "book-title"), ""))
        _read_body(outline, book)
        return outline.documents()


SOURCE = Fb2Source()


def _read(path: Path) -> bytes:
    if path.suffix.lower() == ".fb2":
        return path.read_bytes()
    with open_archive(path) as archive:
        books = [name for name in archive.namelist() if name.lower().endswith(".fb2")]
        if len(books) != 1:
            raise SourceError(Reason.ARCHIVE)
        return archive.read(books[0])


def _read_body(outline: Outline, book: etree._Element) -> None:
    depth = 0
    walk = etree.iterwalk(book, events=("start", "end"))
    for event, element in walk:
        name = local_name(element)
        if name == "section":
            depth += 1 if event == "start" else -1
        elif event == "start" and _take(outline, element, name, depth):
            walk.skip_subtree()


def _take(outline: Outline, element: etree._Element, name: str, depth: int) -> bool:
    """Add an element to the outline; return whether everything inside it is done with."""
    if name == "title":
        # The body's own title is the book's once more.
        outline.heading(depth + 1, words_of(element)) if depth else outline.title(words_of(element))
    elif name == "table" and not has_inner(element, "table"):
        outline.table(rows_of(element, "tr", ("td", "th")))
    elif name in _PARAGRAPHS:
        outline.paragraph(words_of(element))
    else:
        return not name or name in _SKIPPED
    return True

"""HTML pages: the words a reader sees, without menus, scripts and styles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree
from lxml import html as lxml_html

from knowledge.errors import SourceError
from knowledge.models import Document, Kind
from knowledge.reasons import Reason
from knowledge.sources.markup import INLINE, has_inner, local_name, rows_of, words_of
from knowledge.sources.outline import Outline
from knowledge.sources.text import read_text

if TYPE_CHECKING:
    from pathlib import Path

_HEADING = re.compile(r"h([1-6])")
_UNREAD = """
    head script style noscript template nav aside footer form button select svg math iframe object audio video
"""
_SKIPPED = frozenset(_UNREAD.split())
_MOST_TAGS = 200_000


class HtmlSource:
    """Reads saved web pages; the page's title is the title."""

    kind = Kind.DOCUMENT
    extensions = frozenset({".html", ".htm", ".xhtml"})

    def read(self, path: Path) -> list[Document]:
        """Return the page as one document with a section per heading.

        Raises: SourceError if it is not text.
        """
        root = parse_html(read_text(path).encode())
        if root is None:
            return []
        outline = Outline(root.findtext(".//head/title") or "")
        read_into(outline, root)
        return outline.documents()


SOURCE = HtmlSource()


def parse_html(raw: bytes) -> etree._Element | None:
    """Return the root of a page in UTF-8, however broken; None where there is nothing.

    Raises: SourceError for a page that no person wrote.
    """
    try:
        root = lxml_html.document_fromstring(raw, parser=lxml_html.HTMLParser(encoding="utf-8", remove_comments=True))
    except etree.ParserError:
        return None
    if sum(1 for _ in root.iter()) > _MOST_TAGS:
        raise SourceError(Reason.BROKEN)
    return root


def read_into(outline: Outline, root: etree._Element) -> None:
    """Add a page's headings, paragraphs and tables to the outline."""
    walker = _Walker(outline)
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            walker.leave(element)
        elif not walker.enter(element):
            walk.skip_subtree()
    walker.flush()


class _Walker:
    """Gathers text until a block begins or ends."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._text: list[str] = []

    def enter(self, element: etree._Element) -> bool:
        """Take an element's own text; return whether what is inside it has to be walked."""
        name = local_name(element)
        if name not in INLINE:
            self.flush()
        if name in _SKIPPED or not name:
            return False
        if match := _HEADING.fullmatch(name):
            self._outline.heading(int(match[1]), words_of(element))
            return False
        if name == "table" and not has_inner(element, "table"):
            self._outline.table(rows_of(element, "tr", ("td", "th")))
            return False
        self._text.append(element.text or "")
        return True

    def leave(self, element: etree._Element) -> None:
        """Close a block, and go on with the text after the element."""
        if local_name(element) not in INLINE:
            self.flush()
        self._text.append(element.tail or "")

    def flush(self) -> None:
        """End the paragraph."""
        self._outline.paragraph("".join(self._text))
        self._text.clear()

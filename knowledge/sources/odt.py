"""OpenDocument texts, as LibreOffice writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from knowledge.models import Document, Kind
from knowledge.sources.archive import open_archive
from knowledge.sources.markup import has_inner, local_name, parse_xml, rows_of, words_of
from knowledge.sources.outline import Outline

if TYPE_CHECKING:
    from pathlib import Path

_LEVEL = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}outline-level"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}style-name"
_SKIPPED = frozenset({"annotation", "tracked-changes", "note-citation", "forms", "table-of-content"})


class OdtSource:
    """Reads .odt files; headings are the places."""

    kind = Kind.DOCUMENT
    extensions = frozenset({".odt", ".fodt", ".ott"})

    def read(self, path: Path) -> list[Document]:
        """Return the file as one document with a section per heading.

        Raises: SourceError for a damaged or encrypted file.
        """
        with open_archive(path) as archive:
            metadata = parse_xml(archive.read("meta.xml")) if "meta.xml" in archive.namelist() else None
            content = parse_xml(archive.read("content.xml"))
        outline = Outline(_title(metadata))
        walk = etree.iterwalk(content, events=("start",))
        for _, element in walk:
            if _take(outline, element):
                walk.skip_subtree()
        return outline.documents()


SOURCE = OdtSource()


def _title(metadata: etree._Element | None) -> str:
    nodes = metadata.iter() if metadata is not None else ()
    return next((words_of(node) for node in nodes if local_name(node) == "title"), "")


def _take(outline: Outline, element: etree._Element) -> bool:
    """Add an element to the outline; return whether everything inside it is done with."""
    name = local_name(element)
    if name == "h":
        outline.heading(int(element.get(_LEVEL, "1")), words_of(element, _SKIPPED))
    elif name == "p" and element.get(_STYLE) == "Title":
        outline.title(words_of(element, _SKIPPED))
    elif name == "p":
        outline.paragraph(words_of(element, _SKIPPED))
    elif name == "table" and not has_inner(element, "table"):
        outline.table(rows_of(element, "table-row", ("table-cell",)))
    else:
        return not name or name in _SKIPPED
    return True

"""EPUB books, chapter by chapter in reading order."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from knowledge.errors import SourceError
from knowledge.models import Document, Kind
from knowledge.reasons import Reason
from knowledge.sources.archive import open_archive
from knowledge.sources.html import parse_html, read_into
from knowledge.sources.markup import local_name, parse_xml
from knowledge.sources.outline import Outline

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from zipfile import ZipFile

    from lxml import etree

_CONTAINER = "META-INF/container.xml"
_RIGHTS = "META-INF/rights.xml"


class EpubSource:
    """Reads .epub books; the headings of the chapters are the places."""

    kind = Kind.DOCUMENT
    extensions = frozenset({".epub"})

    def read(self, path: Path) -> list[Document]:
        """Return the book as one document.

        Raises: SourceError for a damaged or protected book.
        """
        with open_archive(path) as archive:
            if _RIGHTS in archive.namelist():
                raise SourceError(Reason.COPY_PROTECTED)
            package_path = _package_path(archive)
            package = parse_xml(archive.read(package_path))
            outline = Outline(next((node.text or "" for node in _nodes(package, "title")), ""))
            for chapter in _chapters(package, posixpath.dirname(package_path)):
                if (root := parse_html(archive.read(chapter))) is not None:
                    read_into(outline, root)
        return outline.documents()


SOURCE = EpubSource()


def _package_path(archive: ZipFile) -> str:
    rootfile = next(_nodes(parse_xml(archive.read(_CONTAINER)), "rootfile"), None)
    if rootfile is None:
        raise SourceError(Reason.BROKEN)
    return str(rootfile.get("full-path", ""))


def _chapters(package: etree._Element, folder: str) -> Iterator[str]:
    """Yield the paths of the chapters; the table of contents says everything twice and is left out."""
    items = {item.get("id"): item for item in _nodes(package, "item") if "nav" not in (item.get("properties") or "")}
    for reference in _nodes(package, "itemref"):
        item = items.get(reference.get("idref"))
        if item is not None and "html" in (item.get("media-type") or ""):
            yield posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or "")))


def _nodes(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return (node for node in root.iter() if local_name(node) == name)

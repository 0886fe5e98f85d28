"""Word documents."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from knowledge.errors import SourceError
from knowledge.models import Document, Kind
from knowledge.reasons import Reason
from knowledge.sources.archive import open_archive
from knowledge.sources.outline import Outline

if TYPE_CHECKING:
    from pathlib import Path

    from docx.document import Document as WordDocument
    from docx.table import Table
    from docx.text.paragraph import Paragraph

_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_OLD_WORD = b"\xd0\xcf\x11\xe0"


class DocxSource:
    """Reads .docx files; paragraphs in heading styles are the places."""

    kind = Kind.DOCUMENT
    extensions = frozenset({".docx", ".docm"})

    def read(self, path: Path) -> list[Document]:
        """Return the file as one document with a section per heading.

        Raises: SourceError for a damaged, protected or old file.
        """
        import docx  # noqa: PLC0415  a source's library loads only when a file needs it
        from docx.opc.exceptions import OpcError  # noqa: PLC0415

        if path.read_bytes()[:4] == _OLD_WORD:
            raise SourceError(Reason.PASSWORD)
        with open_archive(path):
            try:
                return _read(docx.Document(str(path)))
            except (OpcError, AttributeError) as err:  # the latter: an element of another name where one is expected
                raise SourceError(Reason.BROKEN) from err


SOURCE = DocxSource()


def _read(word: WordDocument) -> list[Document]:
    from docx.table import Table  # noqa: PLC0415

    outline = Outline(word.core_properties.title)
    for block in word.iter_inner_content():
        if isinstance(block, Table):
            outline.table(_rows(block))
        else:
            _take(outline, block)
    return outline.documents()


def _take(outline: Outline, paragraph: Paragraph) -> None:
    style = (paragraph.style.name if paragraph.style is not None else None) or ""
    if match := _HEADING.fullmatch(style):
        outline.heading(int(match[1]), paragraph.text)
    elif style == "Title":
        outline.title(paragraph.text)
    else:
        outline.paragraph(paragraph.text)


def _rows(table: Table) -> list[list[str]]:
    """Return the texts of the cells; one that spans several columns stands in each of them and is taken once."""
    return [[cell.text for cell in dict.fromkeys(row.cells)] for row in table.rows]

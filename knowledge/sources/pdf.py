"""PDF by pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from knowledge.errors import SourceError
from knowledge.models import Document, Kind, Section
from knowledge.reasons import Reason
from knowledge.sources.outline import clean_title
from knowledge.sources.text import unwrap

if TYPE_CHECKING:
    from pathlib import Path

    import pypdfium2  # type: ignore[import-untyped]

MAX_PAGES = 5_000
# PDFium marks the hyphen of a word that it has joined across two lines with the character 2 (older versions: U+FFFE).
_SOFT_HYPHEN = re.compile(r"[\u0002\ufffe]\s*|(?:\u00ad|(?<=[^\W\d_])-)\s*\n\s*(?=[a-zа-я])")


class PdfSource:
    """Reads the text layer with PDFium; pages keep their numbers."""

    kind = Kind.DOCUMENT
    extensions = frozenset({".pdf"})

    def read(self, path: Path) -> list[Document]:
        """Return the file as one document with a section per page that has text.

        Raises: SourceError for a scan, a password, a damaged or an endless file.
        """
        import pypdfium2  # noqa: PLC0415  a source's library loads only when a file needs it

        try:
            pdf = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as err:
            is_locked = "password" in str(err).lower()
            raise SourceError(Reason.PASSWORD if is_locked else Reason.BROKEN) from err
        try:
            return [_document(pdf)]
        except pypdfium2.PdfiumError as err:
            raise SourceError(Reason.BROKEN) from err
        finally:
            pdf.close()


SOURCE = PdfSource()


def _document(pdf: pypdfium2.PdfDocument) -> Document:
    if len(pdf) > MAX_PAGES:
        raise SourceError(Reason.TOO_MANY_PAGES, MAX_PAGES)
    texts = [_page_text(pdf, index) for index in range(len(pdf))]
    sections = tuple(Section(text, page=number) for number, text in enumerate(texts, start=1) if text)
    if not sections:
        raise SourceError(Reason.NO_TEXT_LAYER)
    return Document(title=_title(pdf), sections=sections)


def _page_text(pdf: pypdfium2.PdfDocument, index: int) -> str:
    page = pdf[index]
    text_page = page.get_textpage()
    text = str(text_page.get_text_bounded()).replace("\r\n", "\n")
    text_page.close()
    page.close()
    return unwrap(_SOFT_HYPHEN.sub("", text)).strip()


def _title(pdf: pypdfium2.PdfDocument) -> str:
    return clean_title(str(pdf.get_metadata_value("Title")))

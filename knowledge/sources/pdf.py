"""PDF by pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from knowledge.errors import SourceError
from knowledge.models import Document, Kind, Section
from knowledge.sources.outline import clean_title
from knowledge.sources.text import unwrap

if TYPE_CHECKING:
    from pathlib import Path

    import pypdfium2  # type: ignore[import-untyped]

MAX_PAGES = 5_000
# PDFium marks the hyphen of a word that it has joined across two lines with the character 2 (older versions: U+FFFE).
_SOFT_HYPHEN = re.compile(r"[\u0002\ufffe]\s*|(?:\u00ad|(?<=[^\W\d_])-)\s*\n\s*(?=[a-zа-я])")
_NO_TEXT = "The PDF has no text layer: it is probably a scan. Run it through OCR and save it again."
_PASSWORD = "The PDF is protected by a password. Save a copy without the password."  # noqa: S105
_BROKEN = "The PDF is damaged or is not a PDF. Open it, save it again, or replace the file."
_TOO_LONG = f"The PDF has more than {MAX_PAGES} pages. Split it."


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
            raise SourceError(_PASSWORD if is_locked else _BROKEN) from err
        try:
            return [_document(pdf)]
        except pypdfium2.PdfiumError as err:
            raise SourceError(_BROKEN) from err
        finally:
            pdf.close()


SOURCE = PdfSource()


def _document(pdf: pypdfium2.PdfDocument) -> Document:
    if len(pdf) > MAX_PAGES:
        raise SourceError(_TOO_LONG)
    texts = [_page_text(pdf, index) for index in range(len(pdf))]
    sections = tuple(Section(text, page=number) for number, text in enumerate(texts, start=1) if text)
    if not sections:
        raise SourceError(_NO_TEXT)
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

"""PDF by pages."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from knowledge.errors import SourceError
from knowledge.models import Document, Kind, Section
from knowledge.reasons import Problem, Reason
from knowledge.sources import ocr
from knowledge.sources.outline import clean_title, one_line
from knowledge.sources.text import unwrap

if TYPE_CHECKING:
    from pathlib import Path

    import pypdfium2  # type: ignore[import-untyped]

MAX_PAGES = 10_000
_MOST_BOOKMARKS = 5_000
_MOST_LEVELS = 6
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
    scans = [index for index, text in enumerate(texts) if not text and _has_picture(pdf, index)]
    recognised = _recognised(pdf, scans) if scans and ocr.is_available() else {}
    texts = [text or recognised.get(index, "") for index, text in enumerate(texts)]
    headings = _headings(pdf)
    sections = tuple(Section(text, headings[index], page=index + 1) for index, text in enumerate(texts) if text)
    if not sections:
        raise SourceError(Reason.NO_TEXT_LAYER)
    is_cut = recognised and len(recognised) < len(scans)
    problem = Problem(Reason.OCR_UNFINISHED, str(len(recognised))) if is_cut else None
    return Document(title=_title(pdf), sections=sections, problem=problem)


def _page_text(pdf: pypdfium2.PdfDocument, index: int) -> str:
    page = pdf[index]
    text_page = page.get_textpage()
    text = str(text_page.get_text_bounded()).replace("\r\n", "\n")
    text_page.close()
    page.close()
    return unwrap(_SOFT_HYPHEN.sub("", text)).strip()


def _recognised(pdf: pypdfium2.PdfDocument, scans: list[int]) -> dict[int, str]:
    """Return what is written in the pictures of pages, by the page's index; fewer pages where time was short."""
    pictures = ((index, _picture(pdf, index)) for index in scans)
    try:
        return {index: unwrap(text).strip() for index, text in ocr.texts(pictures)}
    except ocr.OcrError as err:
        raise SourceError(Reason.OCR_FAILED, err) from err


def _has_picture(pdf: pypdfium2.PdfDocument, index: int) -> bool:
    import pypdfium2.raw  # type: ignore[import-untyped]  # noqa: PLC0415

    page = pdf[index]
    try:
        return any(True for _ in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    finally:
        page.close()


def _picture(pdf: pypdfium2.PdfDocument, index: int) -> bytes:
    """Return a page in grey as a PGM file."""
    page = pdf[index]
    longest = max(page.get_size()) or 1.0
    scale = min(ocr.DOTS_PER_INCH / 72, ocr.MOST_DOTS / longest)
    bitmap = page.render(scale=scale, grayscale=True)
    pixels = bitmap.to_numpy()
    page.close()
    return b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + bytes(pixels.tobytes())


def _headings(pdf: pypdfium2.PdfDocument) -> list[tuple[str, ...]]:
    """Return the path of bookmarks above each page: the first that begins on it, or the last before."""
    first: dict[int, tuple[str, ...]] = {}
    last: dict[int, tuple[str, ...]] = {}
    path: tuple[str, ...] = ()
    for bookmark in islice(pdf.get_toc(max_depth=_MOST_LEVELS), _MOST_BOOKMARKS):
        path = (*path[: bookmark.level], one_line(bookmark.get_title()))
        target = bookmark.get_dest()
        index = target.get_index() if target is not None else None
        if index is None:
            continue
        above = first.get(index, ())
        if path[: len(above)] == above:  # a chapter and its first section begin together
            first[index] = path
        last[index] = path
    paths: list[tuple[str, ...]] = []
    current: tuple[str, ...] = ()
    for index in range(len(pdf)):
        paths.append(first.get(index, current))
        current = last.get(index, current)
    return [tuple(filter(None, path)) for path in paths]


def _title(pdf: pypdfium2.PdfDocument) -> str:
    return clean_title(str(pdf.get_metadata_value("Title")))

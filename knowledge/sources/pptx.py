"""PowerPoint presentations, slide by slide."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from knowledge.errors import SourceError
from knowledge.models import Document, Kind
from knowledge.reasons import Reason
from knowledge.sources.archive import open_archive
from knowledge.sources.outline import Outline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pptx.shapes.autoshape import Shape
    from pptx.shapes.base import BaseShape
    from pptx.shapes.graphfrm import GraphicFrame
    from pptx.slide import Slide


class PptxSource:
    """Reads .pptx files; a slide is a page, its title the heading, the speaker's notes stand below."""

    kind = Kind.DOCUMENT
    extensions = frozenset({".pptx", ".pptm"})

    def read(self, path: Path) -> list[Document]:
        """Return the file as one document with a section per slide.

        Raises: SourceError for a damaged or protected file.
        """
        from pptx import Presentation  # noqa: PLC0415  a source's library loads only when a file needs it
        from pptx.exc import PythonPptxError  # noqa: PLC0415

        with open_archive(path):
            try:
                presentation = Presentation(str(path))
                outline = Outline(presentation.core_properties.title)
                for number, slide in enumerate(presentation.slides, start=1):
                    _read(outline, slide, number)
            except (PythonPptxError, AttributeError) as err:  # the latter as in docx
                raise SourceError(Reason.BROKEN) from err
        return outline.documents()


SOURCE = PptxSource()


def _read(outline: Outline, slide: Slide, number: int) -> None:
    outline.page(number)
    title = slide.shapes.title
    if title is not None and title.text_frame.text.strip():
        outline.heading(2, title.text_frame.text)
    for shape in _flat(slide.shapes):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if shape.has_text_frame:
            for paragraph in cast("Shape", shape).text_frame.paragraphs:
                outline.paragraph("".join(run.text for run in paragraph.runs))
        elif getattr(shape, "has_table", False):
            outline.table([[cell.text for cell in row.cells] for row in cast("GraphicFrame", shape).table.rows])
    if slide.has_notes_slide and (notes := slide.notes_slide.notes_text_frame) is not None:
        for line in notes.text.splitlines():
            outline.paragraph(line)


def _flat(shapes: Iterable[BaseShape]) -> Iterator[BaseShape]:
    """Yield shapes from above to below, those of groups too."""
    for shape in sorted(shapes, key=lambda one: (one.top or 0, one.left or 0)):
        if hasattr(shape, "shapes"):
            yield from _flat(shape.shapes)
        else:
            yield shape

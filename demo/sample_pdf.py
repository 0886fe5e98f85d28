"""Writes the sample PDF of the demo's knowledge folder: python demo/sample_pdf.py demo/knowledge/documents.

A PDF of plain text pages needs no library. Letters beyond Latin-1 get a composite font with a table back to Unicode and
no glyphs: enough for a test of reading, not for a person's eyes, so the sample itself is English.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "washing-machine.pdf"
TITLE = "Washing machine guide"
PAGES = (
    """Programs

Cotton sixty is for bed sheets and towels and takes two hours. Eco forty is for everyday
clothes and takes three hours, but it uses the least power. The wool program washes in cold
water and spins slowly. The short program takes fifteen minutes and is only for clothes that
are hardly dirty.

The detergent goes into the middle drawer, the softener into the left one. For one full load
use one cap of detergent.""",
    """Faults

Error code E18 means that the machine cannot drain: clean the lint filter. The lint filter is
behind the small door at the bottom right. Put a flat bowl under it, turn it slowly to the left,
rinse it under the tap and screw it back.

Error code E23 means that water has run into the base. Close the tap of the machine and call
the service on 555 0199. Do not open the door while water stands behind the glass.""",
)
_LATIN_FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def pdf_bytes(pages: Sequence[str], title: str = "") -> bytes:
    """Return a PDF with one page per text, lines as they are."""
    is_latin = all(ord(char) < 256 for page in pages for char in page)
    font_objects = [_LATIN_FONT] if is_latin else _unicode_font("".join(pages))
    first_page = 3 + len(font_objects)
    kids = " ".join(f"{first_page + 2 * index} 0 R" for index in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        *font_objects,
    ]
    for index, page in enumerate(pages):
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {first_page + 2 * index + 1} 0 R >>"
        )
        objects.append(_stream(_page_content(page, is_latin=is_latin)))
    if title:
        objects.append(f"<< /Title <feff{title.encode('utf-16-be').hex()}> >>")
    return _file(objects, has_info=bool(title))


def _page_content(page: str, *, is_latin: bool) -> str:
    shown = [f"{_text(line, is_latin=is_latin)} Tj T*" for line in page.split("\n")]
    return "\n".join(("BT /F1 11 Tf 15 TL 60 780 Td", *shown, "ET"))


def _text(line: str, *, is_latin: bool) -> str:
    if not is_latin:
        return f"<{line.encode('utf-16-be').hex()}>"
    escaped = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"({escaped})"


def _unicode_font(text: str) -> list[str]:
    codes = sorted({ord(char) for char in text if char != "\n"})
    pairs = "\n".join(f"<{code:04x}> <{code:04x}>" for code in codes)
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Same def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{len(codes)} beginbfchar\n{pairs}\nendbfchar\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    )
    font = "<< /Type /Font /Subtype /Type0 /BaseFont /Sans /Encoding /Identity-H"
    descendant = "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Sans /FontDescriptor 6 0 R /DW 500"
    system = "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
    descriptor = "<< /Type /FontDescriptor /FontName /Sans /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0"
    return [
        f"{font} /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        f"{descendant} /CIDSystemInfo {system} >>",
        _stream(cmap),
        f"{descriptor} /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>",
    ]


def _stream(content: str) -> str:
    return f"<< /Length {len(content.encode('latin-1'))} >>\nstream\n{content}\nendstream"


def _file(objects: Sequence[str], *, has_info: bool) -> bytes:
    data = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    info = f" /Info {len(objects)} 0 R" if has_info else ""
    rows = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    xref = f"xref\n0 {size}\n0000000000 65535 f \n{rows}trailer\n<< /Size {size} /Root 1 0 R{info} >>\n"
    return data + f"{xref}startxref\n{len(data)}\n%%EOF\n".encode("latin-1")


if __name__ == "__main__":
    (Path(sys.argv[1]) / NAME).write_bytes(pdf_bytes(PAGES, TITLE))

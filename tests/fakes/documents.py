"""The same small document in every format of word processors, books and letters."""

import io
import zipfile
import zlib
from email.message import EmailMessage

import docx
import openpyxl
import pptx
import pypdfium2
from pptx.util import Inches

from demo.sample_pdf import pdf_bytes

TITLE = "Наш дом"
HEADING = "Вода"
TEXT = "Кран в подвале закрывает воду во всём доме."
TABLE = [["Контейнер", "День"], ["Серый", "вторник"]]
"""Read as "Контейнер: День" and "Серый: вторник"."""

_ODT = "urn:oasis:names:tc:opendocument:xmlns"
_HTML_BODY = (
    f"<h2>{HEADING}</h2><p>Кран в под<b>вале</b> закрывает <!-- x -->воду\nво всём доме.</p>"
    "<table>" + "".join(f"<tr><td>{first}</td><td><p>{second}</p></td></tr>" for first, second in TABLE) + "</table>"
)


def html() -> bytes:
    page = f"<title>{TITLE}</title><nav>Меню</nav><script>var a = '<p>b';</script><style>p {{}}</style>"
    return f"<!doctype html><html><head>{page}</head><body><nav>Меню</nav>{_HTML_BODY}</body></html>".encode()


def epub() -> bytes:
    return zipped(
        {
            "META-INF/container.xml": '<container xmlns="urn:c"><rootfiles><rootfile full-path="OPS/book.opf"/>'
            "</rootfiles></container>",
            "OPS/book.opf": '<package xmlns:dc="urn:dc" xmlns="urn:p">'
            f"<metadata><dc:title>{TITLE}</dc:title></metadata><manifest>"
            '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
            '<item id="one" href="text/%D0%B3%D0%BB%D0%B0%D0%B2%D0%B0.xhtml" media-type="application/xhtml+xml"/>'
            '</manifest><spine><itemref idref="nav"/><itemref idref="one"/></spine></package>',
            "OPS/nav.xhtml": f"<html><body><p>{HEADING}</p></body></html>",
            "OPS/text/глава.xhtml": f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{_HTML_BODY}</body></html>',
        }
    )


def fb2() -> bytes:
    rows = "".join(f"<tr><td>{first}</td><td>{second}</td></tr>" for first, second in TABLE)
    return (
        '<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0"><description><title-info>'
        f"<book-title>{TITLE}</book-title><annotation><p>О доме.</p></annotation></title-info></description>"
        f"<body><title><p>{TITLE}</p></title><section><title><p>{HEADING}</p></title>"
        f"<p>Кран в под<emphasis>вале</emphasis> закрывает воду во всём доме.</p><table>{rows}</table></section></body>"
        "<binary>0JrRgNCw0L0=</binary></FictionBook>"
    ).encode()


def fb2_zip() -> bytes:
    return zipped({"book.fb2": fb2().decode()})


def docx_file() -> bytes:
    word = docx.Document()
    word.add_paragraph(TITLE, style="Title")
    word.add_heading(HEADING, 1)
    word.add_paragraph("Кран в под").add_run("вале закрывает воду во всём доме.").bold = True
    table = word.add_table(2, 2)
    for row, texts in zip(table.rows, TABLE, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return saved(word)


def odt() -> bytes:
    rows = "".join(
        f"<table:table-row><table:table-cell><text:p>{first}</text:p></table:table-cell>"
        f"<table:table-cell><text:p>{second}</text:p></table:table-cell></table:table-row>"
        for first, second in TABLE
    )
    names = f'xmlns:office="{_ODT}:office:1.0" xmlns:text="{_ODT}:text:1.0" xmlns:table="{_ODT}:table:1.0"'
    return zipped(
        {
            "meta.xml": f'<m xmlns:dc="urn:dc"><dc:title>{TITLE}</dc:title></m>',
            "content.xml": f"<office:document-content {names}><office:body><office:text>"
            f'<text:h text:outline-level="1">{HEADING}</text:h>'
            "<text:p>Кран в под<text:span>вале</text:span><office:annotation><text:p>Правда?</text:p>"
            "</office:annotation> закрывает<text:s/>воду<text:line-break/>во всём доме.</text:p>"
            f"<table:table>{rows}</table:table></office:text></office:body></office:document-content>",
        }
    )


def pptx_file() -> bytes:
    slides = pptx.Presentation()
    slides.core_properties.title = TITLE
    slides.slides.add_slide(slides.slide_layouts[6])
    slide = slides.slides.add_slide(slides.slide_layouts[1])
    slide.shapes.title.text_frame.text = HEADING
    slide.placeholders[1].text_frame.text = TEXT
    table = slide.shapes.add_table(2, 2, Inches(1), Inches(5), Inches(4), Inches(1)).table
    for row, texts in zip(table.rows, TABLE, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    slide.notes_slide.notes_text_frame.text = "Показать кран."
    return saved(slides)


def xlsx() -> bytes:
    workbook = openpyxl.Workbook()
    workbook.active.title = HEADING
    for row in ([TEXT], *TABLE):
        workbook.active.append(row)
    return saved(workbook)


def eml(subtype: str = "plain") -> bytes:
    letter = EmailMessage()
    letter["Subject"], letter["From"] = TITLE, "Анна <anna@example.org>"
    rows = "\n".join(f"{first}: {second}" for first, second in TABLE)
    letter.set_content(f"{TEXT}\n{rows}\n> Где кран?\n" if subtype == "plain" else _HTML_BODY, subtype=subtype)
    letter.add_attachment(b"x", maintype="image", subtype="png", filename="кран.png")
    return letter.as_bytes()


def zipped(members: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def saved(document: object) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


def rtf() -> bytes:
    rows = "".join(f"{_rtf_text(first)}: {_rtf_text(second)}\\par\n" for first, second in TABLE[1:])
    return (
        r"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0\fcharset204 Arial;}}\f0 "
        f"{_rtf_text(HEADING)}\\par\n{{\\b {_rtf_text(TEXT)}}}\\par\n{rows}}}"
    ).encode("ascii")


def _rtf_text(text: str) -> str:
    return "".join(char if char.isascii() else "\\'" + char.encode("cp1251").hex() for char in text)


def scan(pages: int = 1) -> bytes:
    """A PDF whose pages are pictures of the sentence "The valve is behind the blue door"."""
    width, height, pixels = _picture_of("The valve is behind the blue door")
    kids = " ".join(f"{4 + page} 0 R" for page in range(pages))
    image = zlib.compress(pixels)
    stream = f"/Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode"
    content = b"q 595 0 0 842 0 0 cm /I Do Q"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        f"<< /Type /XObject /Subtype /Image {stream} /Length {len(image)} >>\nstream\n".encode()
        + image
        + b"\nendstream",
        *[
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /I 3 0 R >> >> "
            b"/Contents %d 0 R >>" % (4 + pages)
        ]
        * pages,
        b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream",
    ]
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n" % size + rows + trailer


def _picture_of(text: str) -> tuple[int, int, bytes]:
    pdf = pypdfium2.PdfDocument(pdf_bytes([text]))
    bitmap = pdf[0].render(scale=3, grayscale=True)
    return bitmap.width, bitmap.height, bitmap.to_numpy().tobytes()


def with_bookmarks(pages: list[str], bookmarks: list[tuple[int, str, int]]) -> bytes:
    """A PDF with an outline: (level, title, page counted from 0), in order."""
    pdf = pdf_bytes(pages)
    catalog = b"<< /Type /Catalog /Pages 2 0 R >>"
    first_page, first = 4, pdf.count(b" 0 obj") + 1
    levels = [level for level, _, _ in bookmarks]
    objects = [f"<< /Type /Outlines /First {first + 1} 0 R /Last {first + len(bookmarks)} 0 R >>"]
    for position, (level, title, page) in enumerate(bookmarks):
        later = range(position + 1, len(levels))
        sibling = next((other for other in later if levels[other] <= level), None)
        links = f" /Next {first + 1 + sibling} 0 R" if sibling is not None and levels[sibling] == level else ""
        if levels[position + 1 : position + 2] == [level + 1]:
            links += f" /First {first + 2 + position} 0 R"
        name = f"<feff{title.encode('utf-16-be').hex()}>"
        objects.append(f"<< /Title {name} /Dest [{first_page + 2 * page} 0 R /Fit]{links} >>")
    added = b"".join(b"%d 0 obj\n%s\nendobj\n" % (first + at, body.encode()) for at, body in enumerate(objects))
    pdf = pdf.replace(catalog, catalog[:-3] + b" /Outlines %d 0 R >>" % first)
    return pdf[: pdf.index(b"xref\n")] + added + b"trailer\n<< /Root 1 0 R >>\n%%EOF\n"


def endless_pdf(pages: int) -> bytes:
    """A small PDF that has one page many times."""
    pdf = pdf_bytes(["x"])
    return pdf.replace(b"/Kids [4 0 R] /Count 1", b"/Kids [" + b"4 0 R " * pages + b"] /Count %d" % pages)

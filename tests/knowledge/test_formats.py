import datetime
import io
import random
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

import openpyxl
import pytest

from knowledge.errors import SourceError
from knowledge.models import Document, Section
from knowledge.reading.parser import ParserProcess
from knowledge.sources import source_for
from knowledge.sources.outline import Outline, table_lines
from tests.fakes import documents
from tests.fakes.documents import HEADING, TEXT, TITLE, zipped

ROWS = ["Контейнер: День", "Серый: вторник"]


def read(folder: Path, name: str, content: bytes) -> list[Document]:
    path = folder / name
    path.write_bytes(content)
    source = source_for(PurePosixPath(name))
    assert source is not None
    return source.read(path)


@pytest.mark.parametrize(
    ("name", "content", "page", "after"),
    [
        ("a.html", documents.html(), None, []),
        ("a.epub", documents.epub(), None, []),
        ("a.fb2", documents.fb2(), None, []),
        ("a.fb2.zip", documents.fb2_zip(), None, []),
        ("a.docx", documents.docx_file(), None, []),
        ("a.odt", documents.odt(), None, []),
        ("a.pptx", documents.pptx_file(), 2, ["Показать кран."]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_format_gives_the_title_the_heading_and_the_words(
    name: str, content: bytes, page: int | None, after: list[str], tmp_path: Path
) -> None:
    (document,) = read(tmp_path, name, content)
    assert document.title == TITLE
    assert document.sections == (Section("\n".join([TEXT, *ROWS, *after]), (HEADING,), page=page),)


def test_rich_text_gives_its_words(tmp_path: Path) -> None:
    (document,) = read(tmp_path, "a.rtf", documents.rtf())
    assert document.sections == (Section("\n".join([HEADING, TEXT, ROWS[1]])),)


def test_a_sheet_of_a_workbook_is_a_place(tmp_path: Path) -> None:
    (document,) = read(tmp_path, "a.xlsx", documents.xlsx())
    assert document.sections == (Section("\n".join([TEXT, *ROWS]), (HEADING,)),)


@pytest.mark.parametrize("subtype", ["plain", "html"])
def test_a_letter_tells_who_wrote_it_and_what_was_attached(subtype: str, tmp_path: Path) -> None:
    (document,) = read(tmp_path, "a.eml", documents.eml(subtype))
    lines = [line for section in document.sections for line in section.text.splitlines()]
    assert (document.title, lines) == (TITLE, ["Анна <anna@example.org>", TEXT, *ROWS, "кран.png"])


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
def test_values_of_a_wide_table_are_named_by_their_columns(separator: str, encoding: str, tmp_path: Path) -> None:
    rows = [["Что", "Когда", "Где"], ["Фильтр", "в мае", "кухня"], ["Масло", "", "гараж"]]
    content = "\n".join(separator.join(row) for row in rows).encode(encoding)
    (document,) = read(tmp_path, "a.csv", content)
    assert document.sections[0].text == "Фильтр: Когда в мае, Где кухня\nМасло: Где гараж"


def test_a_table_without_a_head_keeps_its_first_row() -> None:
    assert list(table_lines([["a", "1", "2"], ["b", "3", "4"], ["", "", ""]])) == ["a: 1, 2", "b: 3, 4"]


def test_dates_and_numbers_of_a_workbook_are_read_as_people_say_them(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(["Счётчик", datetime.datetime(2026, 3, 5)])  # noqa: DTZ001
    workbook.active.append(["Вода", 120.0])
    buffer = io.BytesIO()
    workbook.save(buffer)
    (document,) = read(tmp_path, "a.xlsx", buffer.getvalue())
    assert document.sections[0].text == "Счётчик: 2026-03-05\nВода: 120"


def test_headings_nest_and_pages_close_a_section() -> None:
    outline = Outline("Книга")
    for level, name in ((1, "А"), (2, "Б"), (3, "В")):
        outline.heading(level, name)
    outline.paragraph(" в \n")
    outline.heading(2, "Г")
    outline.page(2)
    outline.paragraph("г")
    (document,) = outline.documents()
    assert document.sections == (Section("в", ("А", "Б", "В")), Section("г", ("А", "Г"), page=2))


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
BOMB = (
    f'<!DOCTYPE x [<!ENTITY a0 "ха">{LAUGHS}]><FictionBook><body><section><p>&a11;</p></section></body></FictionBook>'
)
FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><FictionBook><body><p>&a;</p><p>текст</p></body></FictionBook>'


@pytest.fixture(scope="module")
def parser() -> Iterator[ParserProcess]:
    parser = ParserProcess(seconds=20, memory_bytes=1 << 30)
    yield parser
    parser.close()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("laughs.fb2", BOMB.encode()),
        ("rubbish.docx", b"PK\x03\x04 and nothing more"),
        ("empty.docx", zipped({"a.txt": "x"})),
        ("empty.pptx", zipped({"a.txt": "x"})),
        ("empty.xlsx", zipped({"a.txt": "x"})),
        ("empty.odt", zipped({"a.txt": "x"})),
        ("empty.epub", zipped({"a.txt": "x"})),
        ("photos.zip", zipped({"a.jpg": "x"})),
        ("no-chapter.epub", documents.epub().replace(b"OPS/text/", b"OPS/texT/")),
        ("many.docx", zipped({f"{number}": "" for number in range(20_001)})),
        ("locked.docx", b"\xd0\xcf\x11\xe0" + bytes(512)),
        ("drm.epub", zipped({"META-INF/rights.xml": "<x/>"})),
        ("deep.html", b"<div>" * 300_000 + b"x"),
        ("note.eml", b"no letter at all"),
        ("endless.pdf", documents.endless_pdf(10_001)),
        ("cell.csv", b'"' + b"x" * 5_000_000),
        ("note.rtf", b"{\\rtf1" + b"{" * 200_000),
        ("plain.rtf", b"no rich text"),
        ("films/laughs.nfo", BOMB.replace("FictionBook", "movie").encode()),
        ("films/list.json", b"[" * 200_000),
        ("films/title.basics.tsv.gz", b"\x1f\x8b\x08 and nothing more"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_hostile_file_costs_itself_and_says_what_to_do(
    name: str, content: bytes, parser: ParserProcess, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"\."):
        parser.prepare(path, name)
    path = tmp_path / "good.html"
    path.write_bytes(documents.html())
    assert parser.prepare(path, "good.html").title == TITLE


@pytest.mark.parametrize("name", ["bomb.docx", "bomb.epub", "bomb.odt", "bomb.pptx", "bomb.xlsx", "bomb.fb2.zip"])
def test_an_archive_that_unpacks_to_far_more_is_refused(name: str, parser: ParserProcess, tmp_path: Path) -> None:
    path = tmp_path / name
    content = bytearray(zipped({"content.xml": "<x/>"}))
    declared = content.index(b"PK\x01\x02") + 24
    content[declared : declared + 4] = (600 << 20).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(SourceError, match="unpacks to far more"):
        parser.prepare(path, name)


ARCHIVES = {
    "a.docx": documents.docx_file(),
    "a.epub": documents.epub(),
    "a.fb2.zip": documents.fb2_zip(),
    "a.odt": documents.odt(),
    "a.pptx": documents.pptx_file(),
    "a.xlsx": documents.xlsx(),
}


def with_member(content: bytes, name: str, replaced: bytes) -> bytes:
    """Return a ZIP archive in which one file is another."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members: dict[str, str | bytes] = {each: archive.read(each) for each in archive.namelist()}
    return zipped(members | {name: replaced})


@pytest.mark.parametrize("name", ARCHIVES)
@pytest.mark.parametrize("replaced", [b"", b"junk", b"<x/>"])
def test_a_document_with_a_part_of_another_kind_is_read_or_damaged(name: str, replaced: bytes, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(ARCHIVES[name])) as archive:
        members = archive.namelist()
    for member in members:
        with suppress(SourceError):
            read(tmp_path, name, with_member(ARCHIVES[name], member, replaced))


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_document_that_a_disk_has_spoilt_is_read_or_damaged(name: str, tmp_path: Path) -> None:
    randomly = random.Random(7)
    for _ in range(30):
        content = bytearray(ARCHIVES[name])
        for _ in range(4):
            content[randomly.randrange(len(content))] = randomly.randrange(256)
        with suppress(SourceError):
            read(tmp_path, name, bytes(content))


def test_what_office_programs_add_to_a_page_is_no_obstacle(tmp_path: Path) -> None:
    page = "<p>Кран в <st1:place>подвале</st1:place><o:p></o:p></p><p†>закрывает воду.</p†>"
    (document,) = read(tmp_path, "a.html", page.encode())
    assert document.sections[0].text == "Кран в подвале\nзакрывает воду."


def test_an_entity_reads_no_file(tmp_path: Path) -> None:
    (document,) = read(tmp_path, "a.fb2", FILE.encode())
    assert document.sections[0].text == "текст"


def test_an_encrypted_archive_asks_for_a_copy_without_password(tmp_path: Path) -> None:
    content = bytearray(zipped({"content.xml": "<x/>"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    with pytest.raises(SourceError, match="password"):
        read(tmp_path, "a.odt", bytes(content))

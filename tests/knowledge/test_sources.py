import json
from pathlib import Path, PurePosixPath

import pytest

from demo.sample_pdf import pdf_bytes
from knowledge.errors import SourceError
from knowledge.models import Document, Kind, Language
from knowledge.reading.prepare import prepare
from knowledge.sources import Source, all_sources, kind_of, source_for
from tests.fakes import documents


def read(folder: Path, name: str, content: str | bytes) -> list[Document]:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    source = source_for(PurePosixPath(name))
    assert source is not None
    return source.read(path)


SOURCES = pytest.mark.parametrize("source", all_sources(), ids=lambda source: type(source).__name__)


@SOURCES
def test_every_source_names_lower_case_extensions_of_its_own(source: Source) -> None:
    assert source.extensions
    assert all(extension.startswith(".") and extension == extension.lower() for extension in source.extensions)
    others = [other for other in all_sources() if other is not source and other.kind is source.kind]
    assert all(source.extensions.isdisjoint(other.extensions) for other in others)


@SOURCES
@pytest.mark.parametrize(
    "content", [b"\x00\x01\x02" * 500, b"\xff\xfe\x00", b"%PDF-1.7\n%\xe2\xe3", b'[{"title": ' + b"[" * 5_000, b'"']
)
def test_every_source_reads_rubbish_or_says_why_not(source: Source, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"rubbish{min(source.extensions)}"
    path.write_bytes(content)
    try:
        documents = source.read(path)
    except SourceError:
        documents = []
    assert all(isinstance(document, Document) for document in documents)


def test_the_folder_tells_films_from_documents() -> None:
    assert kind_of(PurePosixPath("films/list.csv")) is Kind.FILM
    assert kind_of(PurePosixPath("films/notes.md")) is Kind.DOCUMENT
    assert kind_of(PurePosixPath("documents/list.csv")) is Kind.DOCUMENT
    assert source_for(PurePosixPath("Documents/LETTER.TXT")) is not None


TEXT = "Ключ от почтового ящика висит на крючке у двери, рядом с выключателем. Запасной лежит в ящике стола."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8-r", "cp866"])
def test_text_is_read_in_any_cyrillic_encoding(encoding: str, tmp_path: Path) -> None:
    (document,) = read(tmp_path, "note.txt", TEXT.encode(encoding))
    assert document.sections[0].text == TEXT


def test_hard_wrapped_lines_become_a_paragraph_again_and_short_ones_stay(tmp_path: Path) -> None:
    text = (
        "This paragraph was wrapped by an editor at some seventy characters, so\n"
        "that its lines have to be joined before it is cut into sentences, and\n"
        "its end is here.\n\nMilk\nBread\n"
    )
    (document,) = read(tmp_path, "note.txt", text)
    assert document.sections[0].text == " ".join(text.split("\n\n", maxsplit=1)[0].split()) + "\nMilk\nBread"


def test_markdown_headings_become_places_and_marks_disappear(tmp_path: Path) -> None:
    text = (
        "---\ntitle: x\n---\n# The *House*\nIntro with a [link](http://a.b) and ![a picture](p.png).\n\n"
        "## Water ##\n### Valve\n1. Turn **left**.\n2. Wait, `then` check_the_tap.\n\n"
        "| Bin | Day |\n|---|---|\n| Grey | Tuesday |\n"
        "## Heat\n```\n# not a heading\n```\n<!-- hidden -->> quoted\n"
    )
    (document,) = read(tmp_path, "a.md", text)
    assert document.title == "The House"
    assert [(section.headings, section.text) for section in document.sections] == [
        ((), "Intro with a link and a picture."),
        (("Water", "Valve"), "Turn left.\nWait, then check_the_tap.\nBin: Day\nGrey: Tuesday"),
        (("Heat",), "# not a heading\nquoted"),
    ]


def test_underlined_headings_are_headings_too(tmp_path: Path) -> None:
    (document,) = read(tmp_path, "a.md", "Дом\n===\n\nВода\n----\nКран в подвале.\n\n---\nВсё.\n")
    assert document.title == "Дом"
    assert [(section.headings, section.text) for section in document.sections] == [(("Вода",), "Кран в подвале.\nВсё.")]


def test_pdf_pages_keep_their_numbers_and_hyphens_go(tmp_path: Path) -> None:
    pages = ["Гарантия дей-\nствует два года.", "", "Ремонт бесплатный."]
    (document,) = read(tmp_path, "a.pdf", pdf_bytes(pages, "Холодильник"))
    assert document.title == "Холодильник"
    assert [(section.page, section.text) for section in document.sections] == [
        (1, "Гарантия действует два года."),
        (3, "Ремонт бесплатный."),
    ]


def test_the_bookmarks_of_a_pdf_are_the_places_of_its_pages(tmp_path: Path) -> None:
    content = documents.with_bookmarks(
        ["a", "b", "c", "d"], [(0, "Вода", 1), (1, "Кран", 1), (1, "Насос", 1), (0, "Тепло", 3)]
    )
    (document,) = read(tmp_path, "a.pdf", content)
    assert [(section.page, section.headings) for section in document.sections] == [
        (1, ()),
        (2, ("Вода", "Кран")),
        (3, ("Вода", "Насос")),
        (4, ("Тепло",)),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (pdf_bytes([""]), "no text layer"),
        (b"%PDF-1.4 and nothing more", "damaged"),
        (b"plain text", "damaged"),
        (pdf_bytes(["text"])[:-200], "damaged"),
    ],
)
def test_a_pdf_that_cannot_be_read_says_why(content: bytes, reason: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=reason):
        read(tmp_path, "a.pdf", content)


def test_a_pdf_with_a_password_says_so(tmp_path: Path) -> None:
    encrypt = f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{'11' * 32}> /U <{'22' * 32}> >>"
    content = pdf_bytes(["secret"]).replace(b"/Root 1 0 R", b"/Root 1 0 R /ID [<01><01>] /Encrypt " + encrypt.encode())
    with pytest.raises(SourceError, match="password"):
        read(tmp_path, "a.pdf", content)


def test_films_have_typed_fields_in_each_language(tmp_path: Path) -> None:
    table = (
        "title;title_en;year;directors;directors_en;actors;rating;synopsis\n"
        "Солярис;Solaris;1972 г.;Андрей Тарковский;Andrei Tarkovsky;Донатас Банионис, Юри Ярвет;8,1;Океан думает.\n"
        ";;;;;;;\n"
    )
    (document,) = read(tmp_path, "films/list.csv", table.encode("cp1251"))
    film = document.film
    assert film is not None
    assert (film.year, film.rating) == (1972, 8.1)
    assert film.texts[Language.RUSSIAN].actors == ("Донатас Банионис", "Юри Ярвет")
    assert film.texts[Language.ENGLISH].directors == ("Andrei Tarkovsky",)
    facts = "«Солярис» — фильм 1972 года. Режиссёр — Андрей Тарковский. В ролях: Донатас Банионис, Юри Ярвет."
    assert document.sections[0].text == f"{facts}\nОкеан думает."


def test_films_are_read_from_an_exported_json(tmp_path: Path) -> None:
    rows = {
        "docs": [{"name": "Брат", "year": 1997, "genres": [{"name": "драма"}], "persons": [1], "description": None}, 7]
    }
    (document,) = read(tmp_path, "films/list.json", json.dumps(rows))
    assert document.film is not None
    assert document.film.texts[Language.RUSSIAN].genres == ("драма",)


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "[1, 2]", "{}", "no table at all"])
def test_a_table_without_films_says_what_it_needs(content: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="title"):
        read(tmp_path, "films/list.csv", content)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", "", "no text"),
        ("a.md", "# Only a heading\n", "no text"),
        ("a.txt", "\n \n", "no text"),
        ("a.dwg", "x", "Save it as"),
    ],
)
def test_a_file_without_anything_to_find_says_so(name: str, content: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(SourceError, match=reason):
        prepare(tmp_path / name, name)

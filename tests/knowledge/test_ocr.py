import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from demo.sample_pdf import pdf_bytes
from knowledge.errors import SourceError
from knowledge.models import Document
from knowledge.reasons import Reason
from knowledge.sources import ocr
from knowledge.sources.pdf import SOURCE
from tests.fakes import documents

FAKE = """#!/bin/sh
if [ "$1" = --list-langs ]; then printf 'List of languages:\\neng\\nrus\\nosd\\n'; exit; fi
head -c 2 > "$(dirname "$0")/magic"
{}
"""


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    """Put a stand-in for Tesseract in front of the path."""
    program = folder / "tesseract"
    program.write_text(FAKE.format(does))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture(autouse=True)
def _forget_languages() -> Iterator[None]:
    ocr._languages.cache_clear()
    yield
    ocr._languages.cache_clear()
    ocr.allow(300)


def read(folder: Path, content: bytes) -> Document:
    path = folder / "scan.pdf"
    path.write_bytes(content)
    (document,) = SOURCE.read(path)
    return document


def test_pages_that_are_pictures_are_recognised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, 'echo "$@"')
    document = read(tmp_path, documents.scan(pages=2))
    assert [(section.page, section.text) for section in document.sections] == [
        (1, "stdin stdout -l rus+eng"),
        (2, "stdin stdout -l rus+eng"),
    ]
    assert (tmp_path / "magic").read_bytes() == b"P5"


def test_pages_with_text_are_not_sent_to_recognition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, "echo wrong")
    assert [section.text for section in read(tmp_path, pdf_bytes(["valve", ""])).sections] == ["valve"]
    assert not (tmp_path / "magic").exists()


def test_what_tesseract_says_is_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, "echo no memory >&2; exit 1")
    with pytest.raises(SourceError, match="no memory"):
        read(tmp_path, documents.scan())


def test_without_time_for_it_a_scan_stays_a_scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, "echo x")
    ocr.allow(0)
    with pytest.raises(SourceError, match="no text layer"):
        read(tmp_path, documents.scan())


def test_a_document_cut_short_says_how_many_pages_are_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, "exec sleep 60")
    ocr.allow(0.2)
    with pytest.raises(SourceError, match="no text layer"):
        read(tmp_path, documents.scan())
    install(tmp_path, monkeypatch, "echo x")
    ocr.allow(100)
    # The time is over after the first page.
    monkeypatch.setattr(ocr, "time", SimpleNamespace(monotonic=iter([0.0, 1.0, 101.0]).__next__))
    problem = read(tmp_path, documents.scan(pages=3)).problem
    assert problem is not None
    assert problem.reason is Reason.OCR_UNFINISHED


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")
def test_tesseract_itself_reads_a_page(tmp_path: Path) -> None:
    assert "valve is behind the blue door" in read(tmp_path, documents.scan()).sections[0].text

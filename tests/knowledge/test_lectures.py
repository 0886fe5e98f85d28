from pathlib import Path, PurePosixPath

import pytest

from knowledge.models import Document, Kind, Language, Passage
from knowledge.sources import kind_of, source_for
from knowledge.texts import TEXTS

SRT = """1
00:00:01,000 --> 00:00:04,000
<i>Добрый день.</i>

2
00:01:05,500 --> 00:01:09,000
Сегодня говорим о вирусах.
"""
VTT = """WEBVTT
Kind: captions

NOTE made by hand

01:02:03.000 --> 01:02:06.000 align:start
Cells divide.

01:02:06.000 --> 01:02:08.000
Cells divide.
"""
STAMPED = "[0:15] Начнём с определения.\nОно простое.\n[12:40] Теперь пример.\n"


def read(folder: Path, name: str, text: str) -> list[Document]:
    (folder / "lectures").mkdir(exist_ok=True)
    (folder / name).write_text(text)
    source = source_for(PurePosixPath(name))
    assert source is not None
    return source.read(folder / name)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("lectures/a.srt", SRT, (1, "Добрый день. Сегодня говорим о вирусах.")),
        ("lectures/a.vtt", VTT, (3_723, "Cells divide.")),
        ("lectures/a.txt", STAMPED, (15, "Начнём с определения. Оно простое. Теперь пример.")),
        ("lectures/a.txt", "Без времени.", (None, "Без времени.")),
    ],
)
def test_a_transcript_tells_when_it_is_said(
    name: str, text: str, expected: tuple[int | None, str], tmp_path: Path
) -> None:
    (document,) = read(tmp_path, name, text)
    (section,) = document.sections
    assert (document.kind, section.start_seconds, section.text) == (Kind.LECTURE, *expected)


def test_a_long_transcript_is_cut_at_ends_of_sentences(tmp_path: Path) -> None:
    cues = "".join(
        f"00:{minute:02}:00,000 --> 00:{minute:02}:59,000\n{'слово ' * 30}{minute}.\n\n" for minute in range(9)
    )
    (document,) = read(tmp_path, "lectures/a.srt", cues)
    assert [section.start_seconds for section in document.sections] == [0, 180, 360]
    assert all(section.text.endswith(".") for section in document.sections)


def test_subtitles_elsewhere_are_not_read_and_other_formats_among_lectures_are_documents() -> None:
    assert source_for(PurePosixPath("films/a.srt")) is None
    assert kind_of(PurePosixPath("lectures/biology/slides.pdf")) is Kind.DOCUMENT


def test_the_place_of_a_lecture_is_its_time() -> None:
    passage = Passage(Kind.LECTURE, "Вирусы", (), None, Language.RUSSIAN, "т", "т", start_seconds=3_723)
    assert TEXTS[Language.RUSSIAN].place(passage) == "1:02:03"
    assert TEXTS[Language.RUSSIAN].source(passage) == "Это из лекции «Вирусы», минута 63."
    assert TEXTS[Language.ENGLISH].source(passage) == "That is in the lecture Вирусы, minute 63."
    assert TEXTS[Language.CHINESE].source(passage) == "这出自讲座《Вирусы》第63分钟。"

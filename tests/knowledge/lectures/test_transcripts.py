import json
from pathlib import Path

import pytest

from knowledge.errors import SourceError
from knowledge.lectures.models import Content, Segment, Word
from knowledge.lectures.passages import plain, prepared
from knowledge.lectures.transcripts import read_transcript
from knowledge.models import Kind, Language, Passage
from knowledge.texts import TEXTS

SRT = """1
00:00:01,000 --> 00:00:04,000
<i>Добрый день.</i>

2
00:01:05,500 --> 00:01:09,000
Сегодня говорим
о вирусах.
"""
VTT = """WEBVTT
Kind: captions

NOTE made by hand

01:02:03.000 --> 01:02:06.250 align:start
<v Ann>Cells divide.

01:02:06.250 --> 01:02:08.000
Cells divide.
"""
STAMPED = "[0:15] Начнём с определения.\nОно простое.\n[12:40] Теперь пример.\n"
TOLD = [Segment("Начнём с определения. Оно простое.", 15, 760), Segment("Теперь пример.", 760, 765)]
COUNTED = """1
00:00:01,000 --> 00:00:04,000
Сколько?
2
00:00:05,000 --> 00:00:06,000
42

3
00:00:07,000 --> 00:00:08,000
NOTE well.
"""
NAMED = """WEBVTT

first
00:01.000 --> 00:02.000
Say 7.

NOTE of the editor
who wrote two lines

second
00:03.000 --> 00:04.000
8
"""
ROLLING = """WEBVTT

00:00:00.000 --> 00:00:02.000

cells<00:00:00.500><c> divide</c>

00:00:02.000 --> 00:00:02.010
cells divide

00:00:02.010 --> 00:00:04.000
cells divide
and<00:00:02.500><c> grow</c>

00:00:05.000 --> 00:00:06.000
and grow
"""
WHISPER = json.dumps(
    {
        "text": "Hello there.",
        "segments": [
            {"start": 0, "end": 1.5, "text": " Hello there.", "words": [{"word": " Hello", "start": 0, "end": 0.5}]}
        ],
    }
)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.srt", SRT, [Segment("Добрый день.", 1, 4), Segment("Сегодня говорим о вирусах.", 65.5, 69)]),
        ("a.vtt", VTT, [Segment("Cells divide.", 3723, 3726.25, speaker="Ann")]),
        ("a.txt", STAMPED, TOLD),
        ("a.TXT", "Без времени. Две фразы.", [Segment("Без времени.", 0, 0), Segment("Две фразы.", 0, 0)]),
        ("a.txt", f"Лекция 5.\n{STAMPED}", [Segment("Лекция 5.", 0, 15), *TOLD]),
        ("a.txt", f"{STAMPED}1945\n", [TOLD[0], Segment("Теперь пример. 1945", 760, 765)]),
        ("a.srt", COUNTED, [Segment("Сколько?", 1, 4), Segment("42", 5, 6), Segment("NOTE well.", 7, 8)]),
        (
            "a.vtt",
            ROLLING,
            [Segment("cells divide", 0, 2), Segment("and grow", 2.01, 4), Segment("and grow", 5, 6)],
        ),
        ("a.vtt", "WEBVTT\n\n0:01 --> 0:02\nx &lt; 5 &amp;&nbsp;<b>y</b>", [Segment("x < 5 & y", 1, 2)]),
        ("a.srt", "1\n0:01 --> 0:02\n&lt; means less", [Segment("&lt; means less", 1, 2)]),
        ("a.vtt", NAMED, [Segment("Say 7.", 1, 2), Segment("8", 3, 4)]),
        ("a.txt", "Без времени. Две фразы.", [Segment("Без времени.", 0, 0), Segment("Две фразы.", 0, 0)]),
        ("a.json", WHISPER, [Segment("Hello there.", 0, 1.5, (Word("Hello", 0, 0.5),))]),
    ],
)
def test_a_transcript_tells_what_is_said_and_when(
    name: str, text: str, expected: list[Segment], tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text)
    assert list(read_transcript(tmp_path / name)) == expected


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.srt", b"\x00" * 100),
        ("a.vtt", b"WEBVTT\n"),
        ("a.json", b"[" * 100_000),
        ("a.json", b'{"segments": [{"text": 1}]}'),
        ("a.json", b'{"segments": [{"text": "x", "start": NaN, "end": 1}]}'),
        ("a.json", b'{"segments": [{"text": "x", "start": 0, "end": Infinity}]}'),
        ("a.json", b'{"segments": [{"text": "x", "start": 0, "end": 1' + b"0" * 400 + b"}]}"),
        ("a.txt", b"  \n"),
    ],
)
def test_what_is_no_transcript_says_so(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=r"\.$"):
        read_transcript(tmp_path / name)


@pytest.mark.parametrize("line", ["0:01" + " " * 200_000, "<" * 200_000, "{\\" * 100_000])
def test_a_hostile_line_is_read_at_once(line: str, tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(f"{SRT}\n{line}\n")
    assert read_transcript(tmp_path / "a.srt")[0].text == "Добрый день."


def test_a_long_transcript_is_cut_at_ends_of_sentences() -> None:
    segments = [Segment(f"{'слово ' * 30}{minute}.", minute * 60, minute * 60 + 59) for minute in range(9)]
    passages = prepared("a", segments, Content()).passages
    assert [passage.start_seconds for passage in passages] == [0, 180, 360]
    assert all(passage.text.endswith(".") for passage in passages)


def test_every_segment_is_in_the_passages_once() -> None:
    segments = [Segment(f"w{number} говорит о разном", number, number + 1) for number in range(500)]
    words = [word for one in prepared("a", segments, Content()).passages for word in one.text.split() if word[0] == "w"]
    assert words == [f"w{number}" for number in range(500)]


def test_a_transcript_without_times_has_passages_without() -> None:
    (passage,) = prepared("a", [Segment("Без времени.", 0, 0)], Content()).passages
    assert passage.start_seconds is None


def test_markdown_is_read_out_without_its_marks() -> None:
    assert plain("**Градиент** — [это](#t=5) `вектор`\n\n- раз\n2. *два*\n") == "Градиент — это вектор\nраз\nдва"


@pytest.mark.parametrize(
    ("kind", "russian", "english", "chinese"),
    [
        (
            Kind.LECTURE,
            "Это из лекции «Вирусы», на 63-й минуте.",
            "That is in the lecture Вирусы, minute 63.",
            "这出自讲座《Вирусы》第63分钟。",
        ),
        (
            Kind.SUMMARY,
            "Это из конспекта лекции «Вирусы».",
            "That is in the summary of the lecture Вирусы.",
            "这出自讲座《Вирусы》的摘要。",
        ),
    ],
)
def test_the_source_of_a_passage_is_said(kind: Kind, russian: str, english: str, chinese: str) -> None:
    passage = Passage(kind, "Вирусы", (), None, Language.RUSSIAN, "т", "т", start_seconds=3_723)
    said = [TEXTS[language].source(passage) for language in (Language.RUSSIAN, Language.ENGLISH, Language.CHINESE)]
    assert said == [russian, english, chinese]


def test_the_place_of_a_passage_is_its_time_or_what_it_is() -> None:
    places = {
        kind: TEXTS[Language.RUSSIAN].place(
            Passage(kind, "Вирусы", (), None, Language.RUSSIAN, "т", "т", start_seconds=3_723)
        )
        for kind in (Kind.LECTURE, Kind.SUMMARY, Kind.TERM)
    }
    assert places == {Kind.LECTURE: "1:02:03", Kind.SUMMARY: "конспект", Kind.TERM: "термин, 1:02:03"}

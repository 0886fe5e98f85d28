"""What is exported, read back by programs that know nothing of us."""

import csv
import io
import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import av
import docx
import pytest

from knowledge.lectures.export import Format, Material, file_name, of, written
from knowledge.lectures.models import Chapter, Content, Maker, Paragraph, Segment, Summary, Term, Transcript, Word
from knowledge.models import Language
from tests.fakes.lectures import CELLS, GRADIENT, MADE, SAID, FakeLectures

WHOLE = Material(GRADIENT, SAID, MADE)
FFMPEG_NAMES = {Format.SUBRIP: "srt", Format.WEBVTT: "webvtt"}


def text(material: Material, format_: Format) -> str:
    return written(material, format_).decode()


def said(*segments: Segment, language: Language = Language.ENGLISH, content: Content | None = None) -> Material:
    return Material(GRADIENT, Transcript(segments, language), content or Content())


def subtitles(material: Material, format_: Format) -> list[tuple[float, float, str]]:
    """Return the cues as FFmpeg reads them."""
    with av.open(io.BytesIO(written(material, format_)), format=FFMPEG_NAMES[format_]) as container:
        stream = container.streams.subtitles[0]
        return [
            (
                float(packet.pts * stream.time_base),
                float((packet.pts + packet.duration) * stream.time_base),
                bytes(packet).decode(),
            )
            for packet in container.demux(stream)
            if packet.pts is not None and packet.duration is not None and stream.time_base is not None
        ]


def test_markdown_has_summary_glossary_and_transcript_with_its_times() -> None:
    assert text(WHOLE, Format.MARKDOWN) == (
        "# Градиентный спуск\n\n2026-11-18\n\n"
        "## Конспект\n\n### Коротко\n\nЛекция о том, как искать минимум функции.\n\n"
        "## Глоссарий\n\n"
        "- **градиентный спуск** — способ найти минимум функции, шагая против градиента [0:06]\n"
        "- **овраг** — область, где функция меняется быстро лишь в одном направлении [5:10] "
        "*(в лекции не подтверждено)*\n\n"
        "## Расшифровка\n\n### Что такое градиент [0:00]\n\n"
        "**[0:00]** Здравствуйте, сегодня поговорим о градиентном спуске. "
        "Градиентный спуск — это способ найти минимум функции, шагая против градиента.\n"
    )


def test_slides_are_named_where_a_person_or_a_program_reads() -> None:
    material = replace(WHOLE, slides="lectures/Физика/Спуск_1.pdf")
    assert "\n\nСлайды: Спуск\\_1.pdf\n\n## Конспект" in text(material, Format.MARKDOWN)
    document = docx.Document(io.BytesIO(written(material, Format.WORD)))
    assert "Слайды: Спуск_1.pdf" in [paragraph.text for paragraph in document.paragraphs]
    assert json.loads(text(material, Format.JSON))["lecture"]["slides"] == "lectures/Физика/Спуск_1.pdf"


def test_what_was_said_makes_no_marks_in_markdown() -> None:
    written_lines = text(said(Segment("# no *heading*\n\n- <b> [link](x)", 0, 1)), Format.MARKDOWN)
    assert "\n**[0:00]** # no \\*heading\\* - \\<b\\> \\[link\\](x)\n" in written_lines


def test_word_reads_the_document_with_its_headings_and_table() -> None:
    document = docx.Document(io.BytesIO(written(WHOLE, Format.WORD)))
    headings = [one.text for one in document.paragraphs if one.style and one.style.name.startswith(("Head", "Title"))]
    assert headings == [
        "Градиентный спуск",
        "Конспект",
        "Коротко",
        "Глоссарий",
        "Расшифровка",
        "Что такое градиент (0:00)",
    ]
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows][2] == [
        "овраг",
        "область, где функция меняется быстро лишь в одном направлении (в лекции не подтверждено)",
        "5:10",
    ]
    assert document.core_properties.title == "Градиентный спуск"


def test_a_summary_s_lists_and_bold_words_are_words_lists_and_bold_words() -> None:
    summary = Summary("short", "# Plan\n1. **First** a rule\n- then\x0b work", Maker.EXTRACT)
    document = docx.Document(
        io.BytesIO(written(said(Segment("Hi\x00.", 0, 1), content=Content(summary=summary)), Format.WORD))
    )
    styled = {one.text: one for one in document.paragraphs}
    numbered = styled["First a rule"]
    assert numbered.style is not None
    assert numbered.style.name == "List Number"
    assert [run.bold for run in numbered.runs] == [True, None]
    assert "Made without a language model, of the lecture's own sentences." in styled


@pytest.mark.parametrize("format_", [Format.SUBRIP, Format.WEBVTT])
def test_subtitles_say_everything_in_two_lines_that_never_overlap(format_: Format) -> None:
    long = " ".join(f"word{number}" for number in range(60))
    material = said(Segment("Hello.", 0, 1.5), Segment(long, 1.5, 20.0), Segment("Late & <last>.", 3_700, 3_701))
    cues = subtitles(material, format_)
    assert (cues[0], cues[-1][0]) == ((0.0, 1.5, "Hello."), 3_700.0)
    middle = " ".join(line for _, _, lines in cues[1:-1] for line in lines.split("\n"))
    assert middle == long
    assert all(len(line) <= 42 for _, _, lines in cues[:-1] for line in lines.split("\n"))
    assert all(lines.count("\n") <= 1 for _, _, lines in cues)
    assert all(start < end for start, end, _ in cues)
    assert all(before[1] <= after[0] for before, after in pairwise(cues))


def test_what_was_said_breaks_no_subtitles() -> None:
    material = said(Segment("a --> b\n\n00:00", 0, 2), Segment("", 2, 3), Segment("<i>&amp;", 3, 4))
    assert [cue[2] for cue in subtitles(material, Format.SUBRIP)] == ["a → b 00:00", "<i>&amp;"]
    assert [cue[2] for cue in subtitles(material, Format.WEBVTT)] == [
        "a --&gt; b 00:00",
        "&lt;i&gt;&amp;amp;",
    ]


def test_a_chinese_line_is_half_as_long() -> None:
    cues = subtitles(said(Segment("梯" * 50, 0, 10), language=Language.CHINESE), Format.SUBRIP)
    assert [len(line) for cue in cues for line in cue[2].split("\n")] == [20, 20, 10]


def test_speakers_are_named() -> None:
    material = said(Segment("Why?", 0, 2, speaker="B"))
    assert subtitles(material, Format.SUBRIP)[0][2] == "B: Why?"
    assert subtitles(material, Format.WEBVTT)[0][2] == "<v B>Why?"


def read_back(body: dict[str, Any]) -> tuple[Transcript, Content]:
    segments = tuple(
        Segment(**{**one, "words": tuple(Word(word["word"], word["start"], word["end"]) for word in one["words"])})
        for one in body["segments"]
    )
    chapters = tuple(
        Chapter(**{**one, "paragraphs": tuple(Paragraph(**paragraph) for paragraph in one["paragraphs"])})
        for one in body["chapters"]
    )
    glossary = tuple(Term(**{**one, "by": Maker(one["by"])}) for one in body["glossary"])
    summary = Summary(**{**body["summary"], "by": Maker(body["summary"]["by"])})
    return Transcript(segments, Language(body["language"])), Content(chapters, summary, glossary)


def test_json_loses_nothing() -> None:
    worded = replace(SAID.segments[0], words=(Word("Здравствуйте,", 0.0, 1.25), Word("сегодня", 1.3, 1.8)), speaker="А")
    transcript = replace(SAID, segments=(worded, *SAID.segments[1:]))
    body = json.loads(written(Material(GRADIENT, transcript, MADE), Format.JSON))
    assert read_back(body) == (transcript, MADE)
    assert body["lecture"] == {
        "id": GRADIENT.id,
        "path": GRADIENT.path,
        "title": GRADIENT.title,
        "held_on": "2026-11-18",
        "transcriber": "gigaam",
        "slides": None,
        "version": 4,
    }


def test_anki_gets_a_card_for_each_term_with_a_definition() -> None:
    bare = Term('<x>; "y"', "", 3_725.0, "I said x", 0.1, is_supported=False, by=Maker.EXTRACT)
    marked = replace(bare, definition='x is "y";\nor not')
    material = replace(WHOLE, content=replace(MADE, glossary=(*MADE.glossary, bare, marked)))
    headers, rows = [], []
    for line in written(material, Format.ANKI).decode().splitlines(keepends=True):
        (headers if line.startswith("#") else rows).append(line)
    assert headers == ["#separator:Semicolon\n", "#html:true\n", "#tags column:3\n"]
    assert list(csv.reader(rows, delimiter=";")) == [
        [
            "градиентный спуск",
            "способ найти минимум функции, шагая против градиента<br><small>Градиентный спуск, 0:06</small>",
            "Градиентный_спуск",
        ],
        [
            "овраг",
            "область, где функция меняется быстро лишь в одном направлении<br><small>Градиентный спуск, 5:10</small>",
            "Градиентный_спуск не_подтверждено",
        ],
        [
            "&lt;x&gt;; &quot;y&quot;",
            "x is &quot;y&quot;; or not<br><small>Градиентный спуск, 1:02:05</small>",
            "Градиентный_спуск не_подтверждено без_модели",
        ],
    ]


def test_what_has_no_chapter_yet_is_exported_too() -> None:
    segments = tuple(Segment(f"Sentence {number}.", number, number + 0.9) for number in range(20))
    content = Content(chapters=(Chapter("First", 0.0, 3.0, (Paragraph(0, 3),)),))
    lines = text(said(*segments, content=content), Format.MARKDOWN)
    assert [f"Sentence {number}." in lines for number in range(20)] == [True] * 20
    assert "**[0:03]** Sentence 3." in lines


@pytest.mark.parametrize("format_", list(Format))
def test_every_format_takes_a_lecture_of_nothing(format_: Format) -> None:
    assert written(said(), format_).decode(errors="replace").count("None") == 0


def test_files_are_named_after_the_title() -> None:
    assert file_name(GRADIENT, Format.ANKI) == "Градиентный спуск.csv"
    assert file_name(replace(GRADIENT, title='a/b: "c"?'), Format.MARKDOWN) == "a b c.md"
    assert file_name(replace(GRADIENT, title="???"), Format.SUBRIP) == "9f2c41d07ab35e18.srt"


def test_a_lecture_without_words_says_so() -> None:
    with pytest.raises(Exception, match="nothing to export yet: the lecture is transcribing"):
        of(FakeLectures(), CELLS.id, Format.MARKDOWN)

import random

import pytest

from knowledge.lectures.models import Segment, Transcript
from knowledge.lectures.writing.chapters import chapters
from knowledge.lectures.writing.paragraphs import paragraphs
from knowledge.lectures.writing.spoken import is_punctuated, punctuated, spoken
from knowledge.models import Language
from tests.knowledge.lectures.conftest import LectureHouse
from tests.knowledge.lectures.said import DESCENT, segments, transcript, words

RAW = ["сегодня мы говорим о звуке", "звук это волна", "она бежит по воздуху"]


def test_words_without_stops_become_sentences_at_the_pauses() -> None:
    said = words("звук это волна она бежит по воздуху", {"волна": 0.9})
    raw = [said, words("а потом", {}, start=said.end + 0.1), words("затихает", {}, start=said.end + 0.9)]
    rest = segments(["и так ещё очень долго"] * 20)
    assert [one.text for one in punctuated([*raw, *rest])][:3] == [
        "Звук это волна. Она бежит по воздуху",
        "а потом.",
        "Затихает",
    ]


def test_a_transcript_with_stops_and_a_corrected_line_stay_as_they_are() -> None:
    written = segments(["Звук — это волна.", "Она бежит по воздуху."])
    assert punctuated(written) == tuple(written)
    corrected = Segment("звук", 0.0, 1.0, is_corrected=True)
    assert punctuated([corrected, *segments(RAW * 9)])[0] is corrected


def test_chinese_gets_its_own_stop() -> None:
    raw = segments(["今天我们讲存储器", "处理器算得非常快"] * 30)
    assert [one.text for one in punctuated(raw)][:2] == ["今天我们讲存储器。", "处理器算得非常快。"]


def test_an_unpunctuated_transcript_is_known_by_its_few_stops() -> None:
    assert not is_punctuated(segments(RAW * 20))
    assert is_punctuated(transcript(DESCENT).segments)


def test_a_sentence_goes_through_lines_of_subtitles_and_keeps_its_times() -> None:
    lines = [
        Segment("Звук — это волна,", 10.0, 12.0),
        Segment("которая бежит. Частота —", 12.0, 14.0),
        Segment("это число колебаний.", 14.0, 16.0),
    ]
    first, second = spoken(lines)
    assert first.text == "Звук — это волна, которая бежит."
    assert (first.start, first.segment) == (10.0, 0)
    assert first.end == pytest.approx(13.17, abs=0.1)
    assert second.text == "Частота — это число колебаний."
    assert (second.start, second.end, second.segment) == (pytest.approx(13.25, abs=0.1), 16.0, 1)


def test_chinese_lines_are_joined_without_blanks() -> None:
    assert [one.text for one in spoken(segments(["缓存是一种", "高速存储器。"], 0))] == ["缓存是一种高速存储器。"]


def test_every_segment_is_in_one_paragraph_whatever_the_transcript() -> None:
    chance = random.Random(5)
    for _ in range(50):
        lines = [chance.choice(["Да.", "и вот так", "Это длинное предложение о звуке. " * 9]) for _ in range(40)]
        made = segments(lines, pause=chance.choice([0.0, 0.4, 2.0]))
        found = paragraphs(made)
        covered = [number for one in found for number in range(one.first, one.end_segment)]
        assert covered == list(range(len(made)))


def test_a_paragraph_ends_at_a_long_pause_and_where_the_speaker_changes() -> None:
    line = "Это предложение из ста букв, которое само по себе ещё не составляет абзаца, но три уже составляют."
    said = [Segment(line, n * 8.0 + 3 * (n >= 4), n * 8.0 + 7.5 + 3 * (n >= 4), speaker="AB"[n >= 6]) for n in range(8)]
    assert [one.first for one in paragraphs(said)] == [0, 4, 6]


def test_chapters_begin_where_the_topic_does() -> None:
    said = transcript(DESCENT)
    found = chapters(said)
    assert [said.segments[one.paragraphs[0].first].text for one in found][1:] == [
        "Теперь перейдём ко второму вопросу, к оврагам."
    ]
    assert "Овраг" in found[1].title
    assert [(one.start, one.end) for one in found] == [
        (said.segments[one.paragraphs[0].first].start, said.segments[one.paragraphs[-1].end_segment - 1].end)
        for one in found
    ]


@pytest.mark.parametrize("lines", [[], ["Раз."], ["без точки"], ["Ммм."] * 300])
def test_a_lecture_without_topics_is_still_in_chapters(lines: list[str]) -> None:
    said = Transcript(tuple(segments(lines)), Language.RUSSIAN)
    covered = [n for one in chapters(said) for par in one.paragraphs for n in range(par.first, par.end_segment)]
    assert covered == list(range(len(lines)))


def test_three_hours_are_cut_into_chapters_of_reasonable_length() -> None:
    chance = random.Random(3)
    topics = [
        [f"{root}{end}" for end in ("ами", "ов", "ский")] for root in ("звук", "цен", "лист", "шар", "клетк", "волн")
    ]
    lines = [
        " ".join(chance.choice(topics[number // 400]) for _ in range(9)).capitalize() + "." for number in range(2_400)
    ]
    found = chapters(Transcript(tuple(segments(lines, 0.3)), Language.RUSSIAN))
    assert sum(one.end - one.start for one in found) > 9_000
    assert {400 * n for n in range(6)} <= {one.paragraphs[0].first for one in found}
    assert all(60 <= one.end - one.start <= 1_800 for one in found)


def test_a_household_reads_sentences_where_the_transcript_has_words_only(house: LectureHouse) -> None:
    cues = [f"00:{n:02}:00.000 --> 00:{n:02}:04.000\nволна номер {n} бежит" for n in range(40)]
    house.put("звук.vtt", "\n\n".join(["WEBVTT", *cues]))
    house.scan()
    house.wait()
    assert house.said() == [f"Волна номер {n} бежит." for n in range(40)]


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("Um, hi, can you, can you all hear me?", "Hi, can you all hear me?"),
        ("A load is, um, any force that, uh, the bridge carries.", "A load is any force that the bridge carries."),
        ("Ну что, э-э, магма легче, ну, чем камень.", "Магма легче, чем камень."),
        ("Газы её, э-э, толкают, э-э, как пробку.", "Газы её толкают, как пробку."),
        ("嗯，茶叶，呃，很重要。", "茶叶，很重要。"),
        ("нужно знать ноль и нуль", "нужно знать ноль и нуль"),
        ("I like tea, and I like it.", "I like tea, and I like it."),
        ("Э-э.", "Э-э."),
        ("Он сказал: ну, мм, не знаю.", "Он сказал: не знаю."),
        ("Толщина листа 5 мм.", "Толщина листа 5 мм."),
        ("An ER diagram shows them.", "An ER diagram shows them."),
        ("Ряд такой: один, один, два, три.", "Ряд такой: один, один, два, три."),
    ],
)
def test_sentences_are_without_fillers_and_the_transcript_keeps_them(said: str, plain: str) -> None:
    (sentence,) = spoken(segments([said]))
    assert (sentence.text, sentence.said) == (plain, said)


def test_a_speaker_who_turns_to_something_else_begins_a_sentence_without_a_pause() -> None:
    lines = ["звук это волна", "ну теперь перейдём к свету", "свет это тоже волна", "она бежит быстрее"] * 10
    assert [one.text for one in punctuated(segments(lines, 0.1))][:4] == [
        "Звук это волна.",
        "Ну теперь перейдём к свету",
        "свет это тоже волна",
        "она бежит быстрее",
    ]


def test_captions_without_a_stop_or_a_pause_are_cut_into_chapters_too() -> None:
    chance = random.Random(4)
    topics = [[f"{root}{end}" for end in ("ами", "ов", "ский")] for root in ("звук", "цен", "лист", "шар")]
    lines = [" ".join(chance.choice(topics[number // 100]) for _ in range(7)) for number in range(400)]
    found = chapters(Transcript(punctuated(segments(lines, 0.0)), Language.RUSSIAN))
    assert {round(one.paragraphs[0].first / 100) for one in found} == {0, 1, 2, 3}
    assert all(min(one.paragraphs[0].first % 100, -one.paragraphs[0].first % 100) <= 3 for one in found)

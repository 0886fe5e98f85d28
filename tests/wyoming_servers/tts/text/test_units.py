"""Cutting a text into units, as it grows."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wyoming_servers.tts.text import LONGEST_UNIT, UnitSplitter, language_of

TABLES = Path(__file__).parent / "tables"
BREAKS = {" ¦ ": " ", "¦": "", "⏎": "\n"}

Row = tuple[str, list[str]]


def read_table(name: str, first: str = "") -> list[object]:
    """Return a text and its units for each line of a table."""
    rows: list[object] = []
    for line in (TABLES / name).read_text().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        what, _, marked = line.partition(" | ")
        pieces = re.split("( ¦ |¦|⏎)", marked.replace("↵", "\n"))
        text = "".join(BREAKS.get(piece, piece) for piece in pieces)
        units = [piece for piece in pieces if piece not in BREAKS and piece]
        rows.append(pytest.param(f"{first} {text}".lstrip(), [first, *units] if first else units, id=what))
    return rows


CASES = read_table("sentences.txt", first="Да.") + read_table("first.txt")
TEXTS = [case.values[0] for case in CASES]  # type: ignore[attr-defined]


def in_pieces(text: str, cuts: list[int]) -> list[str]:
    splitter = UnitSplitter()
    edges = [0, *sorted(cuts), len(text)]
    spoken = [unit for begin, end in pairwise(edges) for unit in splitter.feed(text[begin:end])]
    return spoken + splitter.finish()


@pytest.mark.parametrize(("text", "units"), CASES)
def test_a_text_is_cut_where_a_speaker_would_stop(text: str, units: list[str]) -> None:
    assert in_pieces(text, []) == units


@pytest.mark.parametrize(("text", "units"), read_table("first_chinese.txt"))
def test_a_chinese_clause_is_worth_saying_sooner(text: str, units: list[str]) -> None:
    assert in_pieces(text, []) == units
    assert in_pieces(text, list(range(len(text)))) == units


@pytest.mark.parametrize("text", TEXTS)
def test_letter_by_letter_gives_the_same_units(text: str) -> None:
    assert in_pieces(text, list(range(len(text)))) == in_pieces(text, [])


SCRAPS = ["т. е. ", "Дом ", "г. ", "https://a.b/c, ", "?..", "](", "**", *".,!5«»`[。 \n"]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_however_a_text_arrives_its_units_are_the_same_and_nothing_is_lost(data: st.DataObject) -> None:
    parts = data.draw(st.lists(st.sampled_from(TEXTS + SCRAPS) | st.text(max_size=40), max_size=12))
    text = "".join(parts)
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=12))
    units = in_pieces(text, cuts)
    assert units == in_pieces(text, [])
    spoken, whole = ("".join("".join(each).split()) for each in (units, text))
    assert whole.startswith(spoken)
    assert not re.search(r"[^\W_]", whole[len(spoken) :])
    assert all(len(unit) <= LONGEST_UNIT for unit in units[:-1])


def test_a_sentence_is_given_as_soon_as_the_next_one_begins() -> None:
    splitter = UnitSplitter()
    assert splitter.feed("Свет включён. ") == []
    assert splitter.feed("Ч") == ["Свет включён."]


@pytest.mark.parametrize("text", ["Сейчас 21.", "Я на ул. ", "Он сказал: «Стой!", "Было в 2024 г. ", "Готово! — "])
def test_what_later_pieces_could_change_is_kept_back(text: str) -> None:
    assert UnitSplitter().feed(text) == []


def test_a_splitter_begins_anew_after_the_end() -> None:
    splitter = UnitSplitter()
    first = splitter.feed("Давление в системе отопления низкое, проверьте кран.") + splitter.finish()
    assert splitter.feed("Давление в системе отопления низкое, проверьте кран.") + splitter.finish() == first


@pytest.mark.parametrize("text", ["... !!! \n\n — \n", "", "\n", "***"])
def test_marks_alone_are_no_unit(text: str) -> None:
    assert in_pieces(text, []) == []


@pytest.mark.parametrize("text", ["слово " * 300, "слово, " * 300, "слово" * 300, "一二三，" * 300])
def test_a_sentence_without_end_is_cut_and_nothing_of_it_lost(text: str) -> None:
    whole = in_pieces(text, [])
    assert max(map(len, whole)) <= LONGEST_UNIT
    assert "".join(whole).replace(" ", "") == text.replace(" ", "")


def test_a_long_sentence_is_cut_at_its_last_pause_and_not_inside_a_number() -> None:
    text = "Да. А" + "а" * 249 + ", " + "б" * 20 + " 1,5 " + "в" * 100
    assert in_pieces(text, [])[1] == "А" + "а" * 249 + ","


@pytest.mark.parametrize(
    ("text", "language"),
    [("Свет", "ru"), ("Light", "en"), ("灯", "zh"), ("Фильм Solaris", "ru"), ("灯 light свет", "zh"), ("1972.", None)],
)
def test_letters_tell_the_language(text: str, language: str | None) -> None:
    assert language_of(text) == language

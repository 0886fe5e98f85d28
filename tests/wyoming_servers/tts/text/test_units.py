"""Cutting text into sentences, as it grows."""

import random
from itertools import pairwise

import pytest

from wyoming_servers.tts.text import LONGEST_UNIT, UnitSplitter, language_of

CASES = {
    "Russian abbreviations": (
        "Я живу на ул. Ленина, д. 5 в г. Москва. Ехать недалеко.",
        ["Я живу на ул. Ленина, д. 5 в г. Москва.", "Ехать недалеко."],
    ),
    "and so on": ("И т. д. и т. п. Конец. Ещё.", ["И т. д. и т. п.", "Конец.", "Ещё."]),
    "initials": ("Режиссёр А. Тарковский. Он жив?", ["Режиссёр А. Тарковский.", "Он жив?"]),
    "decimals": ("Цена 3.5 руб. за кг. Дорого!", ["Цена 3.5 руб. за кг.", "Дорого!"]),
    "a list": ("Список:\n1. Молоко\n2. Хлеб", ["Список:", "1. Молоко", "2. Хлеб"]),
    "a heading": ("# Котёл\n\nДавление 1,5 бар.", ["# Котёл", "Давление 1,5 бар."]),
    "English": ("It is on. Is it? Yes! Fine.", ["It is on.", "Is it?", "Yes!", "Fine."]),
    "Chinese": ("你好。今天天气很好！好的", ["你好。", "今天天气很好！", "好的"]),
    "one without an end": ("Свет включён", ["Свет включён"]),
    "nothing to say": ("... !!! \n\n — \n", []),
    "nothing": ("", []),
}


def in_pieces(text: str, cuts: list[int]) -> list[str]:
    stream = UnitSplitter()
    edges = [0, *sorted(cuts), len(text)]
    spoken = [sentence for begin, end in pairwise(edges) for sentence in stream.feed(text[begin:end])]
    return spoken + stream.finish()


@pytest.mark.parametrize(("text", "sentences"), CASES.values(), ids=CASES)
def test_a_text_is_cut_where_a_speaker_would_stop(text: str, sentences: list[str]) -> None:
    assert in_pieces(text, []) == sentences


@pytest.mark.parametrize(("text", "sentences"), CASES.values(), ids=CASES)
def test_letter_by_letter_gives_the_same_sentences(text: str, sentences: list[str]) -> None:
    assert in_pieces(text, list(range(len(text)))) == sentences


@pytest.mark.parametrize("seed", range(20))
def test_however_a_text_arrives_its_sentences_are_the_same(seed: int) -> None:
    chance = random.Random(seed)
    text = " ".join(chance.choices([text for text, _ in CASES.values()], k=12))
    cuts = sorted(chance.sample(range(len(text)), k=20))
    assert in_pieces(text, cuts) == in_pieces(text, [])


def test_a_sentence_is_given_as_soon_as_the_next_one_begins() -> None:
    stream = UnitSplitter()
    assert stream.feed("Свет включён. ") == []
    assert stream.feed("Ч") == ["Свет включён."]


@pytest.mark.parametrize("text", ["слово " * 300, "слово, " * 300, "слово" * 300, "一二三，" * 300])
def test_a_sentence_without_end_is_cut_and_nothing_of_it_lost(text: str) -> None:
    whole = in_pieces(text, [])
    assert max(map(len, whole)) <= LONGEST_UNIT
    assert "".join(whole).replace(" ", "") == text.replace(" ", "")
    assert in_pieces(text, list(range(0, len(text), 7))) == whole


def test_a_long_sentence_is_cut_at_its_last_pause_and_not_inside_a_number() -> None:
    text = "а" * 250 + ", " + "б" * 20 + " 1,5 " + "в" * 100
    assert in_pieces(text, [])[0] == "а" * 250 + ","


@pytest.mark.parametrize(
    ("text", "language"),
    [("Свет", "ru"), ("Light", "en"), ("灯", "zh"), ("Фильм Solaris", "ru"), ("灯 light свет", "zh"), ("1972.", None)],
)
def test_letters_tell_the_language(text: str, language: str | None) -> None:
    assert language_of(text) == language

"""Text as a recogniser would deliver it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wyoming_servers.turn.text import language_of, normalize, tokenize


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("Включи, пожалуйста, свет!", "включи пожалуйста свет"),
        ("Ещё — раз…", "еще раз"),
        ("как-нибудь", "как нибудь"),
        ("за́мок и Йод", "замок и йод"),
        ("Don’t   stop", "dont stop"),
        ("50% at 7:30", "50 at 7 30"),
        ("请 打开 客厅 的 灯。", "请打开客厅的灯"),
        ("打开 TV", "打开 tv"),
        (" ?! ", ""),
    ],
)
def test_text_is_as_it_would_be_heard(written: str, heard: str) -> None:
    assert normalize(written) == heard


@given(st.text())
def test_normalizing_twice_changes_nothing(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


@given(st.text())
def test_nothing_of_punctuation_is_left(text: str) -> None:
    assert not any(unicodedata.category(character).startswith("P") for character in normalize(text))


def test_each_han_character_is_a_token_and_a_latin_word_is_one() -> None:
    assert tokenize("把tv打开 3 次") == ["把", "tv", "打", "开", "3", "次"]


@pytest.mark.parametrize(
    ("text", "language"),
    [("включи iphone", "ru"), ("turn on the light", "en"), ("打开tv", "zh"), ("21", "en"), ("", "en")],
)
def test_the_script_tells_the_language(text: str, language: str) -> None:
    assert language_of(text) == language

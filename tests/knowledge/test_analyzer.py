import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import snowballstemmer

from knowledge.text import analyzer


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Котёл", "котел"),
        ("радиатора", "радиатор"),
        ("Радиаторами", "радиаторы"),
        ("Bleeding", "bleed"),
        ("radiators", "radiator"),
        ("Wi-Fi", "wifi"),
        ("вай-фая", "wifi"),
        ("вайфай", "Wi-Fi"),
        ("e-mail", "email"),
        ("Zürich café", "zurich cafe"),
        ("1,5", "1.5"),
        ("boiler's", "boiler"),
        ("Ｅ１８", "e18"),
    ],
)
def test_ways_to_write_a_word_give_the_same_terms(left: str, right: str) -> None:
    assert analyzer.terms(left) == analyzer.terms(right) != []


def test_chinese_gives_characters_and_pairs() -> None:
    assert analyzer.terms("锅炉压力") == ["锅", "炉", "压", "力", "锅炉", "炉压", "压力"]


def test_scripts_in_one_word_are_told_apart() -> None:
    assert analyzer.terms("型号E18报错") == ["型", "号", "型号", "e18", "报", "错", "报错"]


@pytest.mark.parametrize("text", ["", "?!", "   ", "—", "a the of", "и в на", "🙂"])
def test_text_without_words_of_its_own_has_no_terms(text: str) -> None:
    assert analyzer.terms(text) == []


def test_a_question_loses_the_words_of_asking() -> None:
    assert analyzer.question_terms("Скажи, пожалуйста, какое давление в котле?") == analyzer.terms("давление котле")


@pytest.mark.parametrize("question", ["который сейчас час", "what time is it", "what day is today", "是什么时候"])
def test_a_question_of_such_words_only_has_no_terms(question: str) -> None:
    assert analyzer.question_terms(question) == []


def test_a_question_names_each_term_once() -> None:
    assert analyzer.question_terms("boiler, boilers, boiler") == ["boiler"]


def test_titles_keep_stop_words() -> None:
    assert analyzer.title_terms("The Irony of Fate") == ["the", "ironi", "of", "fate"]


def test_threads_do_not_mix_up_their_words() -> None:
    words = [
        f"{stem}{end}" for stem in ("расшифровыв", "перепрыгив", "обучен") for end in ("аниями", "аемся", "ывали", "ие")
    ]
    stems = {word: snowballstemmer.stemmer("russian").stemWord(word) for word in words}
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            uncached = [analyzer._stem.__wrapped__] * 4
            found = pool.map(lambda stem: {word: stem(word) for _ in range(200) for word in words}, uncached)
            assert list(found) == [stems] * 4
    finally:
        sys.setswitchinterval(before)

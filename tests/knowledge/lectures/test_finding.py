import pytest

from knowledge.lectures.questions.finding import meant

TITLES = {"aa": "Градиентный спуск", "bb": "Градиент", "cc": "Cells divide", "dd": "Cells", "ee": "cells"}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("aa", ["aa"]),
        ("градиентный спуск", ["aa"]),
        ("градиентного спуска", ["aa"]),
        ("cell", ["cc", "dd", "ee"]),
        ("Cells", ["dd", "ee"]),
        ("dividing cells", ["cc"]),
        ("овраги", []),
        ("", []),
        ("и", []),
    ],
)
def test_a_lecture_is_meant_by_its_id_its_title_or_words_of_it(wanted: str, expected: list[str]) -> None:
    assert meant(wanted, TITLES) == expected

"""Sentences about films whose parts could get in one another's way."""

import pytest

from knowledge.models import Language
from knowledge.texts import TEXTS


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (Language.RUSSIAN, "Рейтинг фильма «7.5» — 7,5 из 10."),
        (Language.ENGLISH, "7.5 is rated 7.5 out of 10."),
        (Language.CHINESE, "《7.5》的评分是7.5分，满分10分。"),
    ],
)
def test_a_rating_is_written_as_its_language_does_and_a_title_as_it_is(language: Language, sentence: str) -> None:
    assert TEXTS[language].film_rating("7.5", 7.5) == sentence

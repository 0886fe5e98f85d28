"""Words that sound nearly like the word."""

import numpy as np
import pytest

from wyoming_servers.wake.enrolment.speakers import phonemes
from wyoming_servers.wake.enrolment.texts import near_words


@pytest.mark.parametrize(("phrase", "language"), [("домовой", "ru"), ("hey lighthouse", "en"), ("金坚", "zh")])
def test_near_words_sound_otherwise(phrase: str, language: str) -> None:
    words = near_words(phrase, 40, lambda text: phonemes(text, language), np.random.default_rng(0))
    sound = phonemes(phrase, language)
    assert len(words) == len(set(words)) > 10
    assert all(phonemes(word, language) != sound for word in words)


def test_another_spelling_of_the_same_sound_is_no_near_word() -> None:
    sounds = {"домовой": "dəmavoj", "домавой": "dəmavoj"}
    words = near_words("домовой", 60, lambda text: sounds.get(text, text), np.random.default_rng(0))
    assert "домавой" not in words
    assert "домовой" not in words

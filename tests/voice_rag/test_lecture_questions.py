"""What the recogniser can hear about lectures, and what the knowledge service understands of it."""

from collections.abc import Iterable
from datetime import date

import pytest
from hassil.parse_expression import parse_sentence
from hassil.sample import sample_sentence

from knowledge.lectures.questions.asked import read
from wyoming_servers.stt.questions import QUESTIONS

TODAY = date(2026, 11, 21)


def sentences() -> Iterable[str]:
    for template in QUESTIONS["en"]:
        if "lecture" in template:
            yield from sample_sentence(parse_sentence(template), {}, {}, expand_lists=False)


@pytest.mark.parametrize("sentence", [text for text in sentences() if "{" not in text])
def test_a_question_on_a_whole_lecture_is_understood(sentence: str) -> None:
    asked = read(sentence, TODAY)
    assert asked is not None
    assert asked.is_about_whole
    assert asked.days or asked.is_last
    assert not asked.rest


@pytest.mark.parametrize("sentence", [text for text in sentences() if "{" in text])
def test_a_question_on_something_in_a_lecture_is_understood(sentence: str) -> None:
    asked = read(sentence.replace("{topic}", "herd immunity"), TODAY)
    assert asked is not None
    assert "herd immunity" in asked.rest

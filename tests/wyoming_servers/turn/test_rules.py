"""What the words say about the end of a turn."""

import pytest

from wyoming_servers.turn.detector import Pause
from wyoming_servers.turn.rules import RuleTurnDetector

UNFINISHED = [
    ("en", "turn on"),
    ("en", "please turn on"),
    ("en", "can you turn on the"),
    ("en", "turn off the light and"),
    ("en", "tell me"),
    ("en", "set a timer for"),
    ("en", "what is the"),
    ("en", "open the um"),
    ("ru", "включи"),
    ("ru", "включи пожалуйста"),
    ("ru", "а теперь выключи"),
    ("ru", "включи свет в"),
    ("ru", "поставь таймер на"),
    ("ru", "выключи свет и"),
    ("ru", "расскажи мне"),
    ("ru", "открой эм"),
    ("ru", "что лектор говорил про"),
    ("zh", "打开客厅的"),
    ("zh", "请"),
    ("zh", "关灯然后"),
]
CLOSED = [
    ("en", "yes"),
    ("en", "stop"),
    ("en", "thank you"),
    ("en", "turn on the light in the hall"),
    ("en", "turn on the light please"),
    ("en", "set a timer for ten minutes"),
    ("ru", "да"),
    ("ru", "нет спасибо"),
    ("ru", "стоп"),
    ("ru", "включи свет в гостиной"),
    ("ru", "включи свет пожалуйста"),
    ("ru", "поставь таймер на десять минут"),
    ("zh", "把灯打开吧"),
    ("zh", "今天会下雨吗"),
]
OPEN = [
    ("en", "turn on the light"),
    ("en", "what is this"),
    ("en", "what can you do"),
    ("en", "how are you"),
    ("en", "play the second"),
    ("en", "turn on the kitchen light"),
    ("ru", "включи свет"),
    ("ru", "кухонный свет включи"),
    ("ru", "что это"),
    ("ru", "найди рецепт"),
    ("zh", "打开客厅灯"),
    ("de", "schalte das Licht ein"),
]
NUMBERS = [
    ("en", "set a timer for ten"),
    ("en", "set the brightness to 50"),
    ("ru", "поставь таймер на десять"),
    ("ru", "сделай яркость 50"),
]


def completeness(text: str, language: str) -> float:
    return RuleTurnDetector().completeness(Pause(text, language))


@pytest.mark.parametrize(("language", "text"), UNFINISHED)
def test_a_phrase_that_wants_another_word_is_waited_for(language: str, text: str) -> None:
    assert completeness(text, language) < 0.1


@pytest.mark.parametrize(("language", "text"), CLOSED)
def test_a_phrase_with_its_closing_word_is_answered(language: str, text: str) -> None:
    assert completeness(text, language) > 0.9


@pytest.mark.parametrize(("language", "text"), OPEN)
def test_a_phrase_that_may_go_on_is_given_some_time(language: str, text: str) -> None:
    assert 0.3 < completeness(text, language) < 0.9


@pytest.mark.parametrize(("language", "text"), NUMBERS)
def test_a_number_is_given_time_for_its_unit(language: str, text: str) -> None:
    assert completeness("включи свет в" if language == "ru" else "turn on the", language) < completeness(text, language)
    assert completeness(text, language) < completeness("найди рецепт", "ru")


@pytest.mark.parametrize("text", ["", " ", "…", "?!"])
@pytest.mark.parametrize("language", ["en", "ru", "zh"])
def test_nothing_recognised_is_rather_unfinished(language: str, text: str) -> None:
    assert completeness(text, language) == 0.3


@pytest.mark.parametrize(("language", "text"), [*UNFINISHED, *CLOSED, *OPEN])
@pytest.mark.parametrize("mark", [".", "!", "?", "…", ",", "。", "？"])
def test_case_and_punctuation_make_no_difference(language: str, text: str, mark: str) -> None:
    assert completeness(f"{text.capitalize()}{mark}", language) == completeness(text, language)


@pytest.mark.parametrize(("with_yo", "with_ye"), [("а теперь ещё", "а теперь еще"), ("Днём", "днем")])
def test_yo_and_ye_are_the_same_letter(with_yo: str, with_ye: str) -> None:
    assert completeness(with_yo, "ru") == completeness(with_ye, "ru") != completeness("свет", "ru")

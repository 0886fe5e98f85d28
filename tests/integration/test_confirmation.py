"""Doors, locks and alarms move after a yes or a code, and not before."""

from dataclasses import dataclass, field

import pytest
from homeassistant.helpers import intent

from custom_components.voice_rag.gates.confirmation import Confirmation, ConfirmationMode, is_no, is_pin, is_yes
from custom_components.voice_rag.gates.spoken_numbers import spoken_digits


@dataclass
class Door:
    """Counts how often it was opened, and tells the time."""

    opened: int = 0
    now: float = 0.0
    answers: list[str] = field(default_factory=list)

    async def open(self) -> intent.IntentResponse:
        self.opened += 1
        response = intent.IntentResponse(language="ru")
        response.async_set_speech("Открыто")
        return response

    def rule(self, mode: str, pin: str = "4711") -> Confirmation:
        return Confirmation.from_mapping({"confirmation": mode, "pin": pin}, clock=lambda: self.now)


async def say(rule: Confirmation, text: str, conversation: str = "a", speaker: str | None = None) -> str | None:
    answer = await rule.async_answer(conversation, text, "ru", speaker)
    return answer.text if answer else None


@pytest.mark.parametrize("text", ["Да", "ну да", "да, пожалуйста!", "Подтверждаю.", "yes", "好的"])
async def test_a_yes_opens_once(text: str) -> None:
    door = Door()
    rule = door.rule("confirm")
    assert rule.hold("a", door.open, "открыть дверь", "ru") == "Открыть дверь — точно?"
    assert await say(rule, text) == "Открыто"
    assert await say(rule, text) is None
    assert door.opened == 1


@pytest.mark.parametrize(
    "text",
    ["Нет", "нет, не надо", "Ой, нет!", "я передумал", "подожди", "отмена", "не открывай", "no", "oh no", "不要"],
)
async def test_a_no_opens_nothing_and_says_so(text: str) -> None:
    door = Door()
    rule = door.rule("confirm")
    rule.hold("a", door.open, "открыть дверь", "ru")
    assert await say(rule, text) == "Хорошо, ничего не меняю."
    assert await say(rule, "да") is None
    assert door.opened == 0


@pytest.mark.parametrize("text", ["какая погода", "да вот не знаю", "да, но закрой окно", "yes but later", "4711"])
async def test_anything_else_is_another_sentence_and_lets_go(text: str) -> None:
    door = Door()
    rule = door.rule("confirm")
    rule.hold("a", door.open, "открыть дверь", "ru")
    assert await say(rule, text) is None
    assert await say(rule, "да") is None
    assert door.opened == 0


async def test_a_yes_in_another_conversation_of_another_person_or_too_late_opens_nothing() -> None:
    door = Door()
    rule = door.rule("confirm")
    rule.hold("a", door.open, "открыть дверь", "ru", speaker="anna")
    assert await say(rule, "да", "b", "anna") is None
    assert await say(rule, "да", "a", "boris") is None
    rule.hold("a", door.open, "открыть дверь", "ru", speaker="anna")
    door.now = 61.0
    assert await say(rule, "да", "a", "anna") is None
    assert door.opened == 0


@pytest.mark.parametrize("text", ["4711", "4 7 1 1", "четыре семь один один", "сорок семь одиннадцать", "код 4711"])
async def test_the_code_opens_however_it_is_said(text: str) -> None:
    door = Door()
    rule = door.rule("pin")
    assert rule.hold("a", door.open, "открыть дверь", "ru") == "Какой код, чтобы открыть дверь?"
    assert await say(rule, text) == "Открыто"
    assert door.opened == 1


async def test_a_yes_is_no_code() -> None:
    door = Door()
    rule = door.rule("pin")
    rule.hold("a", door.open, "открыть дверь", "ru")
    assert await say(rule, "да") is None
    assert door.opened == 0


async def test_guessing_ends_after_three_tries_in_all_conversations() -> None:
    door = Door()
    rule = door.rule("pin")
    answers = []
    for conversation in "abc":
        rule.hold(conversation, door.open, "открыть дверь", "ru")
        answers.append(await say(rule, "1234", conversation))
    assert answers[0] == answers[1] == "Код неверный. Попробуйте ещё раз."
    assert "Подождите" in str(answers[2])
    assert "Подождите" in rule.hold("d", door.open, "открыть дверь", "ru")
    assert await say(rule, "4711", "d") is None
    door.now = 301.0
    rule.hold("e", door.open, "открыть дверь", "ru")
    assert await say(rule, "4711", "e") == "Открыто"
    assert door.opened == 1


def test_asking_first_is_the_default_and_can_be_switched_off() -> None:
    door = Door()
    assert Confirmation.from_mapping({}, clock=lambda: 0).mode is ConfirmationMode.CONFIRM
    assert door.rule("pin").is_needed
    assert not door.rule("off").is_needed


@pytest.mark.parametrize("text", ["", "123", "123456789", "12a4", "１２３４", "١٢٣٤"])
def test_what_is_no_code_is_refused(text: str) -> None:
    assert not is_pin(text)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("двенадцать тридцать четыре", "1234"),
        ("сто двадцать три четыре", "1234"),
        ("двадцать двадцать", "2020"),
        ("ноль ноль семь", "007"),
        ("twelve thirty four", "1234"),
        ("一二三四", "1234"),
        ("12-34", "1234"),
        ("１２３４", "1234"),
        ("١٢٣٤", ""),
        ("открой дверь 1234", ""),
        ("", ""),
    ],
)
def test_digits_are_understood_as_people_say_them(text: str, digits: str) -> None:
    assert spoken_digits(text) == digits


def test_agreeing_takes_the_whole_sentence_and_refusing_its_first_word() -> None:
    assert is_yes("Да, конечно!")
    assert not is_yes("да нет")
    assert is_no("нет, спасибо")
    assert not is_no("небо")

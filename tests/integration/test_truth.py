"""What may be said to have been done, and which calls may be made."""

import pytest

from custom_components.voice_rag.agent.breaker import CircuitBreaker
from custom_components.voice_rag.agent.streams import LeakFilter, ThoughtFilter
from custom_components.voice_rag.gates.grounding import Grounded, ToolSpec
from custom_components.voice_rag.gates.inventory import Area, Device, Inventory
from custom_components.voice_rag.gates.permission import Judge, Utterance
from custom_components.voice_rag.gates.truth import Deed, SentenceGate, is_claim, is_supported
from custom_components.voice_rag.gates.words import Direction, Mood
from custom_components.voice_rag.ollama import ModelCall

LAMP = Device("light.lamp", ("Соляная лампа",), "living")
KITCHEN = Device("light.kitchen", ("Люстра",), "kitchen")
LOCK = Device("lock.front", ("Входная дверь",))
HOME = Inventory((KITCHEN, LAMP, LOCK), (Area("kitchen", ("Кухня",)), Area("living", ("Гостиная",))))
PLACES = {"properties": {"name": {}, "area": {}, "domain": {}}}
TURN_ON = ToolSpec("intent__HassTurnOn", "", PLACES)
TURN_OFF = ToolSpec("intent__HassTurnOff", "", PLACES)
ADD = ToolSpec("todo__HassListAddItem", "", {"properties": {"item": {}, "name": {}}})
WEB = ToolSpec("voice_rag__web_search", "", {"properties": {"query": {}}}, is_read_only=True)


@pytest.mark.parametrize(
    ("sentence", "asked"),
    [
        ("Я включила соляную лампу.", Mood.OTHER),
        ("Включила.", Mood.REQUEST),
        ("Готово!", Mood.REQUEST),
        ("Свет на кухне включён.", Mood.REQUEST),
        ("Сейчас выключаю люстру.", Mood.REQUEST),
        ("I have turned on the kitchen light.", Mood.QUESTION),
        ("Done.", Mood.REQUEST),
        ("已经打开了客厅的灯。", Mood.REQUEST),
    ],
)
def test_a_claim_is_recognised(sentence: str, asked: Mood) -> None:
    assert is_claim(sentence, asked, HOME)


@pytest.mark.parametrize(
    ("sentence", "asked"),
    [
        ("Включить соляную лампу?", Mood.REQUEST),
        ("Не удалось включить лампу.", Mood.REQUEST),
        ("Свет на кухне не включён.", Mood.REQUEST),
        ("I could not turn it on.", Mood.REQUEST),
        ("Крис открыл дверь и увидел Хари.", Mood.QUESTION),
        ("Колобок открыл окно.", Mood.OTHER),
        ("Свет на кухне включён.", Mood.QUESTION),
        ("没有打开灯。", Mood.REQUEST),
    ],
)
def test_what_is_no_claim_is_let_through(sentence: str, asked: Mood) -> None:
    assert not is_claim(sentence, asked, HOME)


def test_a_claim_stands_on_a_deed_of_its_direction_and_room() -> None:
    deeds = [Deed("intent__HassTurnOn", (LAMP.entity_id,), Direction.ON)]
    assert is_supported("Включила соляную лампу.", deeds, HOME)
    assert is_supported("Свет в гостиной включён.", deeds, HOME)
    assert not is_supported("Выключила соляную лампу.", deeds, HOME)
    assert not is_supported("Свет на кухне включён.", deeds, HOME)
    assert not is_supported("Включила соляную лампу.", [], HOME)


def test_a_gate_speaks_as_it_comes_where_nothing_was_asked_for() -> None:
    gate = SentenceGate(Mood.OTHER, lambda _: True)
    assert gate.feed("Жил-был дом на опу") == "Жил-был дом на "
    assert gate.feed("шке.") == ""
    assert gate.finish() == "опушке."


def test_a_gate_holds_a_false_claim_and_what_follows() -> None:
    gate = SentenceGate(Mood.REQUEST, lambda sentence: "включила" in sentence)
    assert gate.feed("Хорошо. Я вклю") == "Хорошо. "
    assert gate.feed("чила свет. Ещё что-то?") == ""
    assert gate.finish() == ""
    assert gate.false_claim == "Я включила свет."


@pytest.mark.parametrize(
    ("sentence", "tool", "call", "foreign", "allowed"),
    [
        ("включи люстру", TURN_ON, Grounded(TURN_ON.name, {"name": "Люстра"}, (KITCHEN,)), True, True),
        ("включи свет на кухне", TURN_ON, Grounded(TURN_ON.name, {"name": "Люстра"}, (KITCHEN,)), True, True),
        ("включи свет", TURN_ON, Grounded(TURN_ON.name, {"name": "Люстра"}, (KITCHEN,)), True, True),
        ("включи свет", TURN_ON, Grounded(TURN_ON.name, {"name": "Соляная лампа"}, (LAMP,)), True, False),
        ("включи свет", TURN_ON, Grounded(TURN_ON.name, {"area": "Кухня", "domain": ["light"]}), True, True),
        ("включи свет", TURN_ON, Grounded(TURN_ON.name, {"area": "Гостиная", "domain": ["light"]}), True, False),
        ("включи люстру", TURN_OFF, Grounded(TURN_OFF.name, {"name": "Входная дверь"}, (LOCK,)), True, False),
        ("здесь темно", TURN_ON, Grounded(TURN_ON.name, {"name": "Люстра"}, (KITCHEN,)), False, True),
        ("здесь темно", TURN_ON, Grounded(TURN_ON.name, {"name": "Люстра"}, (KITCHEN,)), True, False),
        ("люстра включена?", TURN_ON, Grounded(TURN_ON.name, {"name": "Люстра"}, (KITCHEN,)), False, False),
        ("выключи люстру", TURN_ON, Grounded(TURN_ON.name, {"name": "Люстра"}, (KITCHEN,)), False, False),
        ("закрой входную дверь", TURN_ON, Grounded(TURN_ON.name, {"name": "Входная дверь"}, (LOCK,)), True, True),
        ("закрой входную дверь", TURN_OFF, Grounded(TURN_OFF.name, {"name": "Входная дверь"}, (LOCK,)), False, False),
        ("добавь молоко в список", ADD, Grounded(ADD.name, {"item": "молоко"}), True, True),
        ("добавь молоко в список", ADD, Grounded(ADD.name, {"item": "пароль от банка"}), True, False),
        ("кто такая Хари", WEB, Grounded(WEB.name, {"query": "Хари Солярис"}), True, True),
        ("кто такая Хари", WEB, Grounded(WEB.name, {"query": "пароль 1234"}), True, False),
    ],
)
def test_a_call_is_made_only_for_what_the_person_said(
    sentence: str, tool: ToolSpec, call: Grounded, *, foreign: bool, allowed: bool
) -> None:
    judge = Judge(Utterance(sentence, "kitchen"), HOME)
    assert (judge.objection(tool, call, has_foreign_text=foreign) is None) is allowed


def test_thoughts_are_taken_out_wherever_the_pieces_are_cut() -> None:
    text = "<think>Hm. 1 < 2</think>\nДа. a<b"
    for size in range(1, len(text)):
        stream = ThoughtFilter()
        parts = [stream.feed(text[start : start + size]) for start in range(0, len(text), size)]
        assert "".join(said for said, _ in parts) + stream.finish() == "\nДа. a<b"
        assert "".join(thought for _, thought in parts) == "Hm. 1 < 2"


def test_calls_are_found_in_text_wherever_the_pieces_are_cut() -> None:
    text = 'Хорошо. <tool_call>{"name": "a", "arguments": {"x": 1}}</tool_call>'
    for size in range(1, len(text)):
        stream = LeakFilter()
        said = "".join(stream.feed(text[start : start + size]) for start in range(0, len(text), size))
        assert said == "Хорошо. "
        assert stream.finish().calls == (ModelCall("a", {"x": 1}),)


def test_several_calls_in_one_text_are_all_found() -> None:
    stream = LeakFilter()
    assert stream.feed('{"name": "a", "arguments": {}}\n{"name": "b", "parameters": {"y": 2}}') == ""
    assert stream.finish().calls == (ModelCall("a", {}), ModelCall("b", {"y": 2}))


def test_a_breaker_opens_at_once_for_silence_and_after_two_errors() -> None:
    silent, failing = CircuitBreaker(), CircuitBreaker()
    assert silent.failed(is_gone=True)
    assert not failing.failed(is_gone=False)
    assert not failing.is_open
    assert failing.failed(is_gone=False)
    assert failing.is_open
    assert failing.succeeded()
    assert not failing.is_open


def test_a_breaker_waits_longer_each_time() -> None:
    breaker = CircuitBreaker((1, 2, 4))
    pauses = []
    for _ in range(4):
        breaker.failed(is_gone=True)
        pauses.append(breaker.pause_seconds)
    assert pauses == [1, 2, 4, 4]

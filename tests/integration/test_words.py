"""What a sentence is, judged by its words."""

import pytest

from custom_components.voice_rag.agent.turns import Courtesy, agrees, asks_back, find_courtesy, is_unfinished, join
from custom_components.voice_rag.gates.words import Direction, Mood, asked_directions, may_ask, mood, stems


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("кухня", "кухне"),
        ("соляная лампа", "соляную лампу"),
        ("гостиная", "гостиной"),
        ("дверь", "двери"),
        ("ёлка", "елки"),
    ],
)
def test_inflected_words_have_one_stem(one: str, other: str) -> None:
    assert stems(one) == stems(other)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Включи свет на кухне", Mood.REQUEST),
        ("свет в гостиной погаси", Mood.REQUEST),
        ("Можешь включить свет?", Mood.REQUEST),
        ("Какая температура? Если меньше двадцати, включи обогреватель", Mood.REQUEST),
        ("turn the light off", Mood.REQUEST),
        ("Could you close the blinds?", Mood.REQUEST),
        ("能不能把灯打开", Mood.REQUEST),
        ("включён ли свет на кухне", Mood.QUESTION),
        ("свет на кухне включён", Mood.QUESTION),
        ("дверь закрыта", Mood.QUESTION),
        ("скажи, закрыта ли дверь", Mood.QUESTION),
        ("Как включить посудомойку?", Mood.QUESTION),
        ("Что будет, если открыть клапан", Mood.QUESTION),
        ("надо ли включать насос зимой", Mood.QUESTION),
        ("Is it on?", Mood.QUESTION),
        ("How do I turn on the oven", Mood.QUESTION),
        ("did you turn off the light", Mood.QUESTION),
        ("灯开着吗", Mood.QUESTION),
        ("я вчера включал свет", Mood.REPORT),
        ("не включай свет", Mood.REFUSAL),
        ("здесь темно", Mood.OTHER),
        ("расскажи сказку", Mood.OTHER),
        ("", Mood.OTHER),
    ],
)
def test_a_request_is_told_from_a_question_a_report_and_a_refusal(sentence: str, expected: Mood) -> None:
    assert mood(sentence) is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("выключи свет", {Direction.OFF}),
        ("закрой шторы и включи лампу", {Direction.CLOSE, Direction.ON}),
        ("свет включён", set()),
        ("unlock the door", {Direction.OPEN}),
        ("switch the lamp off", {Direction.OFF}),
    ],
)
def test_which_way_something_shall_change(sentence: str, expected: set[Direction]) -> None:
    assert asked_directions(sentence) == expected


@pytest.mark.parametrize(
    "sentence", ["Включи свет в…", "поставь таймер на", "turn on the", "кто играл в фильме про", "把"]
)
def test_a_sentence_that_cannot_end_here_goes_on(sentence: str) -> None:
    assert is_unfinished(sentence)


@pytest.mark.parametrize(
    "sentence", ["Включи свет", "Который час?", "Что это за?", "до", "turn it on", "Кто там!", "打开灯"]
)
def test_a_sentence_that_may_end_here_is_taken_as_whole(sentence: str) -> None:
    assert not is_unfinished(sentence)


def test_two_halves_make_one_sentence() -> None:
    assert join("Включи свет в…", "Гостиной, пожалуйста") == "Включи свет в гостиной, пожалуйста"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Спасибо!", Courtesy.THANKS),
        ("ну всё, спасибо тебе большое", Courtesy.THANKS),
        ("Thank you very much", Courtesy.THANKS),
        ("谢谢你", Courtesy.THANKS),
        ("стоп", Courtesy.STOP),
        ("хватит", Courtesy.STOP),
        ("Привет!", Courtesy.GREETING),
        ("Пока.", Courtesy.GREETING),
        ("доброе утро", Courtesy.GREETING),
        ("晚安", Courtesy.GREETING),
        ("Ты меня слышишь?", Courtesy.CALL),
        ("повтори, пожалуйста", Courtesy.REPEAT),
        ("Ещё раз", Courtesy.REPEAT),
        ("Что ты умеешь?", Courtesy.HELP),
        ("нет, спасибо", Courtesy.STOP),
        ("what did you say?", Courtesy.REPEAT),
        ("привет, какая погода", None),
        ("повтори песню", None),
        ("спасибо, а теперь выключи свет", None),
        ("стоп-кран в поезде это что", None),
    ],
)
def test_courtesies_are_known_when_they_stand_alone(sentence: str, expected: Courtesy | None) -> None:
    assert find_courtesy(sentence) is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("как прокачать радиатор", True),
        ("пароль от вайфая", True),
        ("посоветуй комедию", True),
        ("напомни какой пароль от вайфая", True),
        ("отмена крепостного права", True),
        ("настройки роутера", True),
        ("первая помощь при остановке дыхания", True),
        ("расскажи про запуск спутника", True),
        ("не включается стиральная машина", True),
        ("холодильник отключился", True),
        ("напомни пароль от вайфая", True),
        ("сделай конспект лекции о фотосинтезе", True),
        ("tell me about the start of the war", True),
        ("set theory", True),
        ("开普勒定律", True),
        ("关于光合作用", True),
        ("напомни позвонить маме", False),
        ("согрей воду и выключи плиту", False),
        ("turn on the oven", False),
        ("请帮我打开窗户", False),
        ("включи вытяжку на минуту", False),
        ("не выключай свет", False),
        ("я закрыл дверь", False),
        ("dim the lamp by itself", False),
        ("把灯关掉", False),
    ],
)
def test_a_request_and_a_report_are_nothing_to_look_for_in_documents(sentence: str, *, expected: bool) -> None:
    assert may_ask(sentence) is expected


def test_an_answer_that_wants_to_hear_more_is_known() -> None:
    assert asks_back("Какую лампу включить?")
    assert asks_back("Ламп две. Уточните, какую.")
    assert asks_back("哪一盏？")
    assert not asks_back("Готово.")


def test_agreement_is_short() -> None:
    assert agrees("да, давай")
    assert agrees("好的")
    assert not agrees("да ладно тебе говорить такие вещи")
    assert not agrees("")

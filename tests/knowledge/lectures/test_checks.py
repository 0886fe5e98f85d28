"""A statement about a lecture against what was said: words show when it was turned into its opposite."""

import pytest

from knowledge.lectures.models import Term
from knowledge.lectures.writing.checks import Evidence
from knowledge.lectures.writing.contradictions import contradicts, names_another
from knowledge.lectures.writing.quantities import quantities
from knowledge.lectures.writing.spoken import spoken
from tests.knowledge.lectures.said import DESCENT, segments

DEFINED = "Градиентный спуск — это способ найти минимум функции, шагая против градиента."


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("в тысяча девятьсот сорок пятом году", ["1945 год"]),
        ("в 1945 году и через четыре года", ["1945 год", "4 год"]),
        ("скорость 300 тысяч километров, или 300 000 км", ["300000 километр", "300000 километр"]),
        ("пять сорок, 2,5 литра, 90%, в 5:30", ["5 ", "40 ", "2.5 литр", "90 процент", "5:30 "]),
        ("nineteen forty-five, twenty-seven thousand wires", ["1945 ", "27000 "]),
        ("two hundred and fifty grams in 27,000 hours", ["250 грамм", "27000 час"]),
        ("一九四五年，三十万公里，30万公里，40%", ["1945 год", "300000 километр", "300000 километр", "40 процент"]),
        ("十分重要，一千五百八十年", ["1580 год"]),
    ],
)
def test_numbers_are_the_same_in_digits_and_in_words(text: str, values: list[str]) -> None:
    assert [f"{one.value} {one.unit}" for one in quantities(text)] == values


@pytest.mark.parametrize("text", ["две причины", "тысячи людей", "one reason", "四季的变化", "一个原因"])
def test_turns_of_speech_are_no_figures(text: str) -> None:
    assert all(one.is_ordinary for one in quantities(text))


@pytest.mark.parametrize(
    ("said", "denied", "true"),
    [
        (
            "Звук в вакууме не распространяется.",
            "Звук распространяется в вакууме",
            "В вакууме звук не распространяется",
        ),
        ("Спуск ищет минимум функции.", "Спуск не ищет минимум функции", "Спуском ищут минимум функции"),
        ("Расходы больше доходов.", "Расходы меньше доходов", "Доходы меньше расходов"),
        (
            "Вирус не может размножаться без клетки.",
            "Вирус может размножаться без клетки",
            "Без клетки не размножается",
        ),
        ("Это случайное изменение гена.", "Неслучайное изменение гена", "Случайное изменение"),
        ("У воды 7, а у лимонного сока 2.", "У воды 2, а у сока 7", "У лимонного сока 2, у воды 7"),
        ("A whale isn't a fish.", "A whale is a fish", "A whale is not a fish"),
        ("The lines never meet.", "Lines that meet", "Lines that do not meet"),
        ("Friction does not depend on the area.", "Friction that depends on the area", "It can't depend on the area"),
        ("声音不能在真空里传播。", "声音能在真空里传播", "在真空里声音不能传播"),
        ("电阻随温度增大。", "电阻随温度减小", "电阻增大"),
    ],
)
def test_what_is_turned_round_is_seen_and_what_is_said_otherwise_is_not(said: str, denied: str, true: str) -> None:
    assert contradicts(denied, said)
    assert not contradicts(true, said)


@pytest.mark.parametrize(
    ("said", "statement"),
    [
        ("Без воды жизнь невозможна.", "Жизнь возможна только с водой"),
        ("Без воды жизнь невозможна.", "Для жизни нужна вода"),
        ("It is impossible to cool a body below absolute zero.", "A body cannot be cooled below absolute zero"),
        ("Вода кипит при ста градусах, а замерзает при нуле.", "Вода кипит при 100 °C и замерзает при 0 °C"),
        ("У паука восемь ног, а у насекомого шесть.", "Пауки имеют 8 ног, насекомые — 6 ног"),
        ("Три закона Ньютона описывают движение. Первый закон — об инерции.", "1-й закон Ньютона — закон инерции"),
        ("水在一百度沸腾，在零度结冰。", "水在0度结冰"),
    ],
)
def test_the_same_said_otherwise_is_not_marked(said: str, statement: str) -> None:
    assert Evidence(spoken(segments([said]))).supports(statement)


def test_a_name_in_place_of_another_is_seen() -> None:
    said = "Роман о войне Толстой писал шесть лет."
    assert names_another("Роман о войне Достоевский писал шесть лет", said)
    assert not names_another("Толстой писал роман шесть лет", said)
    assert not names_another("Роман писали шесть лет", said)


def defined(definition: str) -> Term:
    """Return the term as the check has it that a model explains so, with the lecture's own quote."""
    term = Evidence(spoken(segments(DESCENT.strip().splitlines()))).term("Градиентный спуск", definition, DEFINED, 2)
    assert term is not None
    return term


@pytest.mark.parametrize(
    "definition",
    [
        "Способ найти максимум функции, шагая против градиента",
        "Способ найти минимум функции, не шагая против градиента",
        "Способ найти минимум функции за 20 шагов против градиента",
    ],
)
def test_a_definition_turned_into_its_opposite_is_marked(definition: str) -> None:
    assert not defined(definition).is_supported


def test_a_definition_in_other_words_is_not_marked() -> None:
    assert defined("Способ, которым находят минимум функции: шагают против её градиента").is_supported


def test_no_sentence_of_a_lecture_contradicts_itself() -> None:
    sentences = spoken(segments(DESCENT.strip().splitlines()))
    evidence = Evidence(sentences)
    assert [one.text for one in sentences if not evidence.supports(one.text)] == []

"""Half a sentence after a whole one, without Home Assistant running."""

import pytest

from custom_components.voice_rag.fastpath.follow_up import follow_up, is_continuable
from custom_components.voice_rag.fastpath.model import Action, Command, Situation, Unclear
from tests.integration.test_command_grammar import HERE, STATES, index_of


def whole(previous: str, text: str, language: str = "ru") -> str | None:
    """Return the sentence that is understood."""
    found = follow_up(previous, text, index_of(language), Situation(HERE, STATES.get))
    return found[0] if found else None


def done(previous: str, text: str, language: str = "ru") -> list[tuple[str, ...]]:
    """Return what is done, with which devices."""
    found = follow_up(previous, text, index_of(language), Situation(HERE, STATES.get))
    assert found is not None
    assert isinstance(found[1], tuple)
    return [(str(command.action), *sorted(command.targets)) for command in found[1]]


@pytest.mark.parametrize(
    ("previous", "text", "expected"),
    [
        ("включи свет на кухне", "и в прихожей", ("turn_on", "light.hall")),
        ("включи свет на кухне", "нет, в прихожей", ("turn_on", "light.hall")),
        ("включи свет на кухне", "теперь выключи", ("turn_off", "light.kitchen", "light.strip")),
        ("включи люстру на кухне", "я имел в виду торшер", ("turn_on", "light.lamp")),
        ("открой шторы", "закрой", ("close", "cover.curtains")),
        ("запри входную дверь", "открой", ("unlock", "lock.door")),
        ("включи телевизор", "и кондиционер", ("turn_on", "climate.ac")),
        ("какая температура в детской комнате", "а на улице", ("ask_weather",)),
    ],
)
def test_another_verb_thing_or_place_takes_the_place_of_the_first(
    previous: str, text: str, expected: tuple[str, ...]
) -> None:
    assert done(previous, text) == [expected]


@pytest.mark.parametrize(
    ("previous", "text", "expected"),
    [
        ("поставь громкость на тридцать процентов", "нет пятьдесят", "поставь громкость на пятьдесят процентов"),
        ("сделай двадцать три градуса", "лучше двадцать два", "сделай двадцать два градуса"),
        ("погромче", "ещё", "погромче еще"),
        ("сделай ярче", "ещё немного", "сделай ярче еще немного"),
    ],
)
def test_a_value_is_corrected_and_a_change_goes_on(previous: str, text: str, expected: str) -> None:
    assert whole(previous, text) == expected


def test_english_and_chinese_have_halves_too() -> None:
    assert done("turn on the kitchen light", "turn it off", "en") == [("turn_off", "light.kitchen")]
    assert done("打开厨房的灯", "关掉", "zh") == [("turn_off", "light.kitchen")]


@pytest.mark.parametrize(
    ("previous", "text"),
    [
        ("включи свет на кухне", "почему"),
        ("включи свет на кухне", "что было на лекции в прихожей"),
        ("включи свет на кухне", "ещё"),
        ("включи свет на кухне", "нет"),
        ("включи следующую песню", "ещё одну"),
        ("включи свет на кухне", "в среду"),
        ("включи свет на кухне", "не в прихожей а на балконе"),
        ("выключи всё кроме кухни", "и прихожей"),
        ("выключи весь свет кроме кухни", "в детской комнате"),
    ],
)
def test_what_is_no_half_of_the_command_is_left_alone(previous: str, text: str) -> None:
    assert whole(previous, text) is None


def test_half_a_sentence_that_fits_two_devices_is_asked_about() -> None:
    found = follow_up("включи торшер", "нет, люстру", index_of("ru"), Situation())
    assert found is not None
    assert found[1] == Unclear(("Кухня", "Гостиная"))


def test_a_second_timer_or_item_does_not_replace_the_first() -> None:
    assert not is_continuable((Command(Action.TIMER_START, value=300),))
    assert not is_continuable((Command(Action.LIST_ADD, text="хлеб"),))
    assert is_continuable((Command(Action.TURN_ON, ("light.lamp",)), Command(Action.ASK_TIME)))

"""What sentences mean, without Home Assistant running."""

from functools import cache

import pytest

from custom_components.voice_rag.commands.risk import is_risky
from custom_components.voice_rag.fastpath.index import HouseIndex
from custom_components.voice_rag.fastpath.languages import load_lexicon
from custom_components.voice_rag.fastpath.model import (
    Action,
    Command,
    Device,
    House,
    Place,
    Property,
    Reading,
    Situation,
    Unclear,
)
from custom_components.voice_rag.fastpath.sentence import read_sentence

RUSSIAN_HOUSE = House(
    devices=(
        Device("light.kitchen", ("Люстра",), "kitchen"),
        Device("light.strip", ("Подсветка столешницы",), "kitchen"),
        Device("light.hall", ("Свет в прихожей",), "hall"),
        Device("light.lamp", ("Торшер",), "living"),
        Device("light.ceiling", ("Люстра",), "living"),
        Device("light.salt", ("Соляная лампа",), "kids"),
        Device("switch.floor", ("Тёплый пол",), "kids"),
        Device("media_player.tv", ("Телевизор",), "living", "tv"),
        Device("cover.curtains", ("Шторы",), "living", "curtain"),
        Device("cover.gate", ("Ворота",), None, "gate"),
        Device("climate.ac", ("Кондиционер",), "living"),
        Device("lock.door", ("Входная дверь",), "hall"),
        Device("scene.cinema", ("Кино",)),
        Device("todo.shopping", ("Список покупок",)),
        Device("sensor.kids", ("Температура",), "kids", "temperature"),
    ),
    areas=(
        Place("kitchen", ("Кухня",), "first"),
        Place("living", ("Гостиная",), "first"),
        Place("hall", ("Прихожая",), "first"),
        Place("kids", ("Детская комната",), "second"),
    ),
    floors=(Place("first", ("Первый этаж",), level=0), Place("second", ("Второй этаж",), level=1)),
)
ENGLISH_HOUSE = House(
    devices=(
        Device("light.kitchen", ("Kitchen light",), "kitchen"),
        Device("light.lamp", ("Floor lamp",), "living"),
        Device("media_player.tv", ("TV",), "living", "tv"),
        Device("lock.door", ("Front door",), "living"),
        Device("todo.shopping", ("Shopping list",)),
    ),
    areas=(Place("kitchen", ("Kitchen",)), Place("living", ("Living room",))),
)
CHINESE_HOUSE = House(
    devices=(
        Device("light.kitchen", ("厨房灯",), "kitchen"),
        Device("light.lamp", ("落地灯",), "living"),
        Device("cover.curtains", ("窗帘",), "living", "curtain"),
        Device("climate.ac", ("空调",), "living"),
    ),
    areas=(Place("kitchen", ("厨房",)), Place("living", ("客厅",))),
)
HOUSES = {"ru": RUSSIAN_HOUSE, "en": ENGLISH_HOUSE, "zh": CHINESE_HOUSE}
STATES = {"media_player.tv": "playing", "light.ceiling": "on"}
HERE = "living"


@cache
def index_of(language: str) -> HouseIndex:
    """Return the index of a house; the Russian dictionary takes half a second to load."""
    lexicon = load_lexicon(language)
    assert lexicon is not None
    return HouseIndex(HOUSES[language], lexicon)


def read(text: str, language: str = "ru", area: str | None = HERE) -> Reading:
    """Read a sentence that was said in the living room."""
    return read_sentence(text, index_of(language), Situation(area, STATES.get))


def summary(text: str, language: str = "ru") -> list[tuple[str, ...]]:
    """Return what is done, with which devices."""
    reading = read(text, language)
    assert isinstance(reading, tuple), text
    return [(str(command.action), *sorted(command.targets)) for command in reading]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("вруби телек", ("turn_on", "media_player.tv")),
        ("люстру на кухне погаси", ("turn_off", "light.kitchen")),
        ("включите, пожалуйста, соляную лампу", ("turn_on", "light.salt")),
        ("не мог бы ты выключить торшер", ("turn_off", "light.lamp")),
        ("включи тёплый пол", ("turn_on", "switch.floor")),
        ("включи свет", ("turn_on", "light.ceiling", "light.lamp")),
        ("свет на кухне выключи", ("turn_off", "light.kitchen", "light.strip")),
        ("выключи свет в прихожей", ("turn_off", "light.hall")),
        ("погаси весь свет на первом этаже кроме кухни", ("turn_off", "light.ceiling", "light.hall", "light.lamp")),
        ("включи свет в детской комнате", ("turn_on", "light.salt")),
        ("активируй сцену кино", ("turn_on", "scene.cinema")),
        ("закрой входную дверь", ("lock", "lock.door")),
        ("открой входную дверь", ("unlock", "lock.door")),
        ("задёрни шторы", ("close", "cover.curtains")),
    ],
)
def test_inflected_names_words_and_orders_find_their_devices(text: str, expected: tuple[str, ...]) -> None:
    assert summary(text) == [expected]


@pytest.mark.parametrize(
    ("text", "prop", "value", "sign"),
    [
        ("сделай потише", Property.VOLUME, None, "-"),
        ("прибавь громкость на двадцать процентов", Property.VOLUME, 20, ""),
        ("громкость тридцать", Property.VOLUME, 30, ""),
        ("сделай двадцать три с половиной градуса", Property.TEMPERATURE, 23.5, ""),
        ("на полградуса теплее", Property.TEMPERATURE, 0.5, ""),
        ("убавь свет", Property.BRIGHTNESS, None, "-"),
        ("торшер наполовину", Property.BRIGHTNESS, 50, ""),
        ("открой шторы на треть", Property.POSITION, 33, ""),
        ("сделай свет тёплым", Property.COLOR_TEMPERATURE, 2700, ""),
        ("сделай торшер синим", Property.COLOR, None, "blue"),
        ("поставь кондиционер на обогрев", Property.MODE, None, "heat"),
    ],
)
def test_values_are_understood_in_words(text: str, prop: Property, value: float | None, sign: str) -> None:
    reading = read(text)
    assert isinstance(reading, tuple)
    assert [(command.prop, command.value, command.text) for command in reading] == [(prop, value, sign)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Зажги, душа моя, люстру на кухне", [("turn_on", "light.kitchen")]),
        ("Душа моя, зажги торшер", [("turn_on", "light.lamp")]),
        ("Торшер, радость моя, погаси", [("turn_off", "light.lamp")]),
        ("Милая, выключи, ради бога, телевизор", [("turn_off", "media_player.tv")]),
        ("Включи свет, дорогая, на кухне", [("turn_on", "light.kitchen", "light.strip")]),
        ("Сделай, любимая, погромче", [("change", "media_player.tv")]),
        ("Погаси, если тебе не сложно, торшер", [("turn_off", "light.lamp")]),
        ("Включи, как обычно, торшер.", [("turn_on", "light.lamp")]),
        ("Выключи, пожалуйста, торшер и закрой шторы", [("turn_off", "light.lamp"), ("close", "cover.curtains")]),
        ("Поставь, душа моя, таймер на пять минут", [("timer_start",)]),
        ("Включён ли, душа моя, свет на кухне?", [("ask_state", "light.kitchen", "light.strip")]),
        (
            "Торшер выключи, таймер поставь на пять минут, шторы закрой",
            [("turn_off", "light.lamp"), ("timer_start",), ("close", "cover.curtains")],
        ),
        ("Который, душа моя, час?", [("ask_time",)]),
        ("включи мой свет, мой милый, на кухне", [("turn_on", "light.kitchen", "light.strip")]),
        ("Сделай, голубчик, двадцать два градуса", [("set", "climate.ac")]),
    ],
)
def test_an_aside_between_commas_changes_nothing(text: str, expected: list[tuple[str, ...]]) -> None:
    assert summary(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("а сколько сейчас времени", ("ask_time",)),
        ("слушай, а какая погода", ("ask_weather",)),
        ("нет, включи торшер", ("turn_on", "light.lamp")),
        ("я сказал включи торшер", ("turn_on", "light.lamp")),
    ],
)
def test_what_leads_to_a_command_is_no_part_of_it(text: str, expected: tuple[str, ...]) -> None:
    assert summary(text) == [expected]


def test_an_aside_is_no_item_of_a_list_and_no_name_of_a_timer() -> None:
    assert read("Добавь молоко, милая, в список покупок") == (
        Command(Action.LIST_ADD, ("todo.shopping",), text="молоко"),
    )
    assert read("Поставь, душа моя, таймер на пять минут") == (Command(Action.TIMER_START, value=300),)


@pytest.mark.parametrize("area", [None, HERE])
@pytest.mark.parametrize(
    "text",
    [
        "Зажги, Марья Ивановна, люстру на кухне",
        "Включи люстру, бабушка приехала",
        "Включи люстру, или нет, торшер",
        "Включи свет, кто-нибудь",
        "Погаси свет, на кухне никого нет",
        "Погаси свет, сил моих нет, в детской комнате",
        "Закрой, Маша, шторы",
        "Маша, закрой шторы",
        "Включи, бабушка просит, телевизор",
        "Включи свет, а не телевизор",
        "Открой, Сезам, ворота",
        "Добавь, Маша, молоко в список покупок",
        "Поставь, Маша, таймер на пять минут",
        "Включи любимая торшер",
    ],
)
def test_a_command_among_words_that_nothing_explains_is_neither_done_nor_asked_about(
    text: str, area: str | None
) -> None:
    assert read(text, area=area) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("выключи свет на кухне и включи телевизор", ["turn_off", "turn_on"]),
        ("включи свет на кухне, а в прихожей выключи", ["turn_on", "turn_off"]),
        ("выключи телевизор, закрой шторы и погаси торшер", ["turn_off", "close", "turn_off"]),
        ("выключи телевизор и поставь таймер на десять минут", ["turn_off", "timer_start"]),
    ],
)
def test_several_commands_in_one_sentence_keep_their_order(text: str, expected: list[str]) -> None:
    assert [action for action, *_ in summary(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("включи торшер и скажи какая температура в детской комнате", ["turn_on", "ask_value"]),
        ("закрой шторы и который час", ["close", "ask_time"]),
    ],
)
def test_commands_and_questions_may_share_a_sentence(text: str, expected: list[str]) -> None:
    assert [action for action, *_ in summary(text)] == expected


def test_a_clause_takes_over_what_the_one_before_it_said() -> None:
    assert summary("включи свет на кухне, а в прихожей выключи")[1] == ("turn_off", "light.hall")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("поставь таймер на полторы минуты", 90),
        ("засеки полчаса", 1800),
        ("таймер на час пятнадцать", 4500),
        ("поставь таймер на минуту и тридцать секунд", 90),
    ],
)
def test_a_timer_runs_as_long_as_was_said(text: str, seconds: float) -> None:
    assert read(text) == (Command(Action.TIMER_START, value=seconds),)


def test_a_command_for_later_keeps_its_words() -> None:
    assert read("выключи торшер через пять минут") == (Command(Action.DELAY, value=300, text="выключи торшер"),)


def test_what_goes_on_a_list_is_named_as_in_a_dictionary() -> None:
    assert read("добавь муку и зелёный чай в список покупок") == (
        Command(Action.LIST_ADD, ("todo.shopping",), text="мука"),
        Command(Action.LIST_ADD, ("todo.shopping",), text="зелёный чай"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "я вчера включал свет",
        "он выключил телевизор",
        "не включай свет",
        "только не выключай свет",
        "если включить свет, он проснётся",
        "как включить свет в машине?",
        "почему не открываются шторы",
        "хватит включать свет",
        "закрой холодильник",
        "включайте телевизор в двадцать один ноль ноль",
        "свет",
        "двадцать два градуса",
        "двадцать процентов от трёхсот",
        "о чём была лекция в среду",
        "что сказали про свет на вчерашней лекции?",
        "включи лекцию о свете",
    ],
)
def test_reports_refusals_and_questions_are_no_commands(text: str) -> None:
    assert read(text) is None


def test_two_devices_of_one_name_are_asked_about_where_the_room_does_not_tell() -> None:
    assert read("включи люстру", area=None) == Unclear(("Кухня", "Гостиная"))


def test_too_many_choices_are_not_listed() -> None:
    many = House(tuple(Device(f"light.{n}", (f"Лампа {n}",), f"a{n}") for n in range(9)), ())
    index = HouseIndex(many, index_of("ru").lexicon)
    assert read_sentence("включи свет", index, Situation()) == Unclear(())


def test_a_slip_of_the_recogniser_in_a_name_is_forgiven_and_a_word_is_not() -> None:
    assert summary("включи таршер") == [("turn_on", "light.lamp")]
    assert read("включи тостер") is None


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("включён ли свет на кухне", Action.ASK_STATE),
        ("шторы закрыты?", Action.ASK_STATE),
        ("какая температура в детской комнате", Action.ASK_VALUE),
        ("который час", Action.ASK_TIME),
        ("какая сегодня погода", Action.ASK_WEATHER),
    ],
)
def test_a_question_about_the_house_changes_nothing(text: str, action: Action) -> None:
    reading = read(text)
    assert isinstance(reading, tuple)
    assert [command.action for command in reading] == [action]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("turn on the kitchen light", [("turn_on", "light.kitchen")]),
        ("could you turn the floor lamp off please", [("turn_off", "light.lamp")]),
        ("turn on, my dear, the floor lamp", [("turn_on", "light.lamp")]),
        ("turn off everything in the living room", [("turn_off", "light.lamp", "media_player.tv")]),
        ("lock the front door", [("lock", "lock.door")]),
        ("add milk to my shopping list", [("list_add", "todo.shopping")]),
        ("make it louder", [("change", "media_player.tv")]),
    ],
)
def test_english_commands(text: str, expected: list[tuple[str, ...]]) -> None:
    assert summary(text, "en") == expected


@pytest.mark.parametrize(
    "text",
    ["I turned on the light", "don't turn on the light", "how do I bleed a radiator", "what was the lecture about"],
)
def test_english_sentences_that_are_none(text: str) -> None:
    assert read(text, "en") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("打开厨房的灯", [("turn_on", "light.kitchen")]),
        ("请关灯", [("turn_off", "light.lamp")]),
        ("关上窗帘", [("close", "cover.curtains")]),
        ("打开窗帘然后关灯", [("open", "cover.curtains"), ("turn_off", "light.lamp")]),
        ("温度调到二十三度", [("set", "climate.ac")]),
    ],
)
def test_chinese_commands(text: str, expected: list[tuple[str, ...]]) -> None:
    assert summary(text, "zh") == expected


@pytest.mark.parametrize(
    ("text", "is_one"), [("открой входную дверь", True), ("открой ворота", True), ("открой шторы", False)]
)
def test_what_lets_somebody_in_is_risky(text: str, *, is_one: bool) -> None:
    reading = read(text)
    classes = {device.id: device.device_class for device in RUSSIAN_HOUSE.devices}
    assert isinstance(reading, tuple)
    assert is_risky(reading[0], classes.get) is is_one


def test_who_wants_to_be_told_whether_a_door_is_closed_hears_no_room() -> None:
    assert summary("скажи, входная дверь закрыта") == [("ask_state", "lock.door")]


def test_so_many_minutes_more_are_for_the_timer() -> None:
    assert summary("увеличь на пять минут") == [("timer_more",)]


def test_which_lights_are_on_is_asked_of_the_whole_house() -> None:
    assert summary("which lights are on", "en") == [("ask_where", "light.kitchen", "light.lamp")]
    assert summary("什么灯开着", "zh") == [("ask_where", "light.kitchen", "light.lamp")]


def test_what_is_on_tv_is_no_question_about_its_state() -> None:
    assert read("what is on tv", "en") is None
    assert read("What is on TV?", "en") is None

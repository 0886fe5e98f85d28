"""What a small model writes as arguments, and what is called."""

from typing import Any

import pytest

from custom_components.voice_rag.gates.grounding import Grounded, Grounder, Refused, ToolSpec
from custom_components.voice_rag.gates.inventory import Area, Device, Inventory
from custom_components.voice_rag.ollama import ModelCall

TEXT = {"type": "string"}
LAMP = Device("light.lamp", ("Соляная лампа", "Ночник"), "living")
KITCHEN = Device("light.kitchen", ("Люстра",), "kitchen")
CEILING = Device("light.ceiling", ("Люстра",), "living")
DOOR = Device("lock.front", ("Входная дверь",))
HOME = Inventory((KITCHEN, CEILING, LAMP, DOOR), (Area("kitchen", ("Кухня",)), Area("living", ("Гостиная", "Зал"))))
TURN_ON = ToolSpec(
    "intent__HassTurnOn",
    "",
    {
        "properties": {
            "name": TEXT,
            "area": TEXT,
            "floor": TEXT,
            "domain": {"type": "array", "items": TEXT},
            "device_class": {"type": "array", "items": {"type": "string", "enum": ["outlet", "curtain"]}},
        }
    },
)
LIGHT_SET = ToolSpec(
    "light__HassLightSet",
    "",
    {
        "properties": {
            "name": TEXT,
            "area": TEXT,
            "brightness": {"type": "integer", "minimum": 0, "maximum": 100},
            "temperature": {"anyOf": [{"type": "integer"}, {"type": "string", "enum": ["warm", "cold"]}]},
        }
    },
)
PLAY = ToolSpec("voice_rag__play_music", "", {"properties": {"query": TEXT, "player_name": TEXT, "player_area": TEXT}})
SEARCH = ToolSpec(
    "voice_rag__search_knowledge",
    "",
    {
        "properties": {
            "query": TEXT,
            "exact": {"type": "boolean"},
            "weight": {"type": "number"},
            "more": {"type": "object"},
        }
    },
)
GROUNDER = Grounder({tool.name: tool for tool in (TURN_ON, LIGHT_SET, PLAY, SEARCH)}, HOME)


def ground(tool: ToolSpec, arguments: Any) -> Grounded | Refused:
    return GROUNDER.ground(ModelCall(tool.name, arguments))


def arguments_of(tool: ToolSpec, arguments: Any) -> dict[str, Any]:
    call = ground(tool, arguments)
    assert isinstance(call, Grounded), call
    return call.arguments


def reason_of(tool: ToolSpec, arguments: Any) -> str:
    call = ground(tool, arguments)
    assert isinstance(call, Refused), call
    return call.reason


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("Соляная лампа", "Соляная лампа"),
        ("соляную лампу", "Соляная лампа"),
        ("лампа соляная", "Соляная лампа"),
        ("Ночник", "Соляная лампа"),
        ("Соляная лампа / Ночник", "Соляная лампа"),
        ("Соляная лампа, ночник", "Соляная лампа"),
        ("light.lamp", "Соляная лампа"),
        ("Соленая лампа", "Соляная лампа"),
        ('["Соляная лампа"]', "Соляная лампа"),
        ("входную", "Входная дверь"),
    ],
)
def test_a_name_is_repaired(said: str, known: str) -> None:
    assert arguments_of(TURN_ON, {"name": said}) == {"name": known}


def test_two_devices_of_one_name_are_told_apart_by_their_room() -> None:
    call = ground(TURN_ON, {"name": "люстру", "area": "на кухне"})
    assert call == Grounded(TURN_ON.name, {"name": "light.kitchen", "area": "Кухня"}, (KITCHEN,))
    both = ground(TURN_ON, {"name": "люстра"})
    assert both == Grounded(TURN_ON.name, {"name": "люстра"}, (KITCHEN, CEILING))


@pytest.mark.parametrize(
    ("arguments", "repaired"),
    [
        ({"area": "кухне"}, {"area": "Кухня"}),
        ({"area": "kitchen"}, {"area": "Кухня"}),
        ({"area": "зале", "domain": '["light"]'}, {"area": "Гостиная", "domain": ["light"]}),
        ({"area": "Кухня", "domain": "light"}, {"area": "Кухня", "domain": ["light"]}),
        ({"area": "Кухня", "domain": ["свет"]}, {"area": "Кухня", "domain": ["light"]}),
        ({"name": "кухня", "domain": ["light"]}, {"area": "Кухня", "domain": ["light"]}),
        ({"name": "свет", "area": "кухня"}, {"area": "Кухня", "domain": ["light"]}),
        ({"area": "Кухня", "device_class": "Outlets"}, {"area": "Кухня", "device_class": ["outlet"]}),
    ],
)
def test_rooms_and_kinds_are_repaired(arguments: dict[str, Any], repaired: dict[str, Any]) -> None:
    assert arguments_of(TURN_ON, arguments) == repaired


@pytest.mark.parametrize("blank", ["", "  ", "null", "None", None, [], [""], {}, "undefined"])
def test_what_is_blank_is_left_out(blank: Any) -> None:
    assert arguments_of(TURN_ON, {"name": "Ночник", "floor": blank}) == {"name": "Соляная лампа"}


@pytest.mark.parametrize(
    "contradiction", [{"area": "Кухня"}, {"domain": ["lock"]}, {"device_class": ["outlet"]}, {"floor": "Первый"}]
)
def test_what_contradicts_the_one_device_that_is_named_is_left_out(contradiction: dict[str, Any]) -> None:
    assert arguments_of(TURN_ON, {"name": "ночник", **contradiction}) == {"name": "Соляная лампа"}


def test_arguments_may_come_as_json_in_a_string() -> None:
    assert arguments_of(TURN_ON, '{"name": "ночник"}') == {"name": "Соляная лампа"}  # type: ignore[arg-type]
    assert "JSON object" in reason_of(TURN_ON, '["ночник"]')
    assert "JSON object" in reason_of(TURN_ON, '{"name": ')


@pytest.mark.parametrize(
    ("tool", "key", "said", "repaired"),
    [
        (LIGHT_SET, "brightness", "50%", 50),
        (LIGHT_SET, "brightness", 50.0, 50),
        (LIGHT_SET, "temperature", "Warm", "warm"),
        (LIGHT_SET, "temperature", "2700 K", 2700),
        (SEARCH, "weight", "0,5", 0.5),
        (SEARCH, "exact", "True", True),
        (SEARCH, "exact", 0, False),
        (SEARCH, "query", ["чайник"], "чайник"),
        (SEARCH, "query", 1984, "1984"),
        (SEARCH, "more", '{"page": 2}', {"page": 2}),
    ],
)
def test_a_value_becomes_what_the_schema_wants(tool: ToolSpec, key: str, said: Any, repaired: Any) -> None:
    assert arguments_of(tool, {key: said}) == {key: repaired}


@pytest.mark.parametrize(
    ("tool", "arguments", "reason"),
    [
        (LIGHT_SET, {"brightness": 300}, "brightness cannot be 300: it has to be between 0 and 100"),
        (LIGHT_SET, {"brightness": "ярче"}, 'brightness cannot be "ярче": it has to be a number'),
        (LIGHT_SET, {"brightness": True}, "brightness cannot be true: it has to be a number"),
        (SEARCH, {"exact": "maybe"}, 'exact cannot be "maybe": it has to be true or false'),
        (TURN_ON, {"device_class": ["outlook"]}, 'device_class cannot be ["outlook"]: The nearest: outlet.'),
    ],
)
def test_a_value_that_fits_nothing_is_refused_with_what_would_fit(
    tool: ToolSpec, arguments: dict[str, Any], reason: str
) -> None:
    assert reason_of(tool, arguments) == reason


def test_an_argument_that_would_be_ignored_is_refused_with_the_tool_that_has_it() -> None:
    reason = reason_of(TURN_ON, {"name": "ночник", "brightness": 50})
    assert "intent__HassTurnOn has no argument brightness." in reason
    assert "These tools have it: light__HassLightSet." in reason
    assert "The nearest: name." in reason_of(TURN_ON, {"names": "ночник"})


def test_a_name_of_nothing_is_refused_with_the_nearest_names() -> None:
    assert reason_of(TURN_ON, {"name": "Вход"}).startswith('There is no device "Вход". The nearest: Входная дверь, ')
    assert reason_of(TURN_ON, {"area": "Чердак"}) == 'There is no room "Чердак". The rooms: Кухня, Гостиная.'


def test_a_tool_is_found_by_the_part_of_its_name_that_was_remembered() -> None:
    call = GROUNDER.ground(ModelCall("HassTurnOn", {"name": "ночник"}))
    assert call == Grounded(TURN_ON.name, {"name": "Соляная лампа"}, (LAMP,))
    missing = GROUNDER.ground(ModelCall("voice_rag__play_musik", {}))
    assert isinstance(missing, Refused)
    assert "There is no tool voice_rag__play_musik. The nearest: voice_rag__play_music" in missing.reason


def test_a_player_is_a_device_and_what_is_played_is_not() -> None:
    assert arguments_of(PLAY, {"query": "Люстра", "player_area": "зал"}) == {
        "query": "Люстра",
        "player_area": "Гостиная",
    }
    assert arguments_of(PLAY, {"query": "кино", "player_name": "зал"}) == {"query": "кино", "player_area": "Гостиная"}

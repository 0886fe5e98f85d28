"""Which service a command becomes for one device."""

from math import inf
from typing import Any

import pytest
from homeassistant.components.vacuum import VacuumEntityFeature
from homeassistant.core import State

from custom_components.voice_rag.commands.services import make_calls
from custom_components.voice_rag.commands.texts import get_command_texts
from custom_components.voice_rag.fastpath.model import Action, Command, Property

CLEANS_AREAS = {"supported_features": VacuumEntityFeature.CLEAN_AREA}
KELVIN = {"min_color_temp_kelvin": 2200, "max_color_temp_kelvin": 5000}
RANGE = {"min_temp": 7, "max_temp": 30}
MODES = {"hvac_modes": ["off", "heat", "heat_cool"]}


def calls(command: Command, entity_id: str, attributes: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return the services with their data."""
    made = make_calls(command, State(entity_id, "on", attributes))
    assert all(call.service_data == {"entity_id": entity_id, **call.data} for call in made)
    return [(f"{call.domain}.{call.service}", dict(call.data)) for call in made]


def set_to(prop: Property, value: float | None = None, text: str = "") -> Command:
    return Command(Action.SET, prop=prop, value=value, text=text)


def change(prop: Property, value: float | None = None, text: str = "") -> Command:
    return Command(Action.CHANGE, prop=prop, value=value, text=text)


@pytest.mark.parametrize(
    ("action", "entity_id", "service", "data"),
    [
        (Action.TURN_ON, "light.lamp", "light.turn_on", {}),
        (Action.TURN_OFF, "group.all", "homeassistant.turn_off", {}),
        (Action.TOGGLE, "switch.kettle", "switch.toggle", {}),
        (Action.TURN_ON, "button.bell", "button.press", {}),
        (Action.OPEN, "cover.curtains", "cover.open_cover", {}),
        (Action.STOP, "cover.curtains", "cover.stop_cover", {}),
        (Action.CLOSE, "valve.water", "valve.close_valve", {}),
        (Action.LOCK, "lock.front", "lock.lock", {}),
        (Action.UNLOCK, "lock.front", "lock.unlock", {}),
        (Action.STOP, "vacuum.robot", "vacuum.stop", {}),
        (Action.DOCK, "vacuum.robot", "vacuum.return_to_base", {}),
        (Action.START, "vacuum.robot", "vacuum.start", {}),
        (Action.PAUSE, "media_player.tv", "media_player.media_pause", {}),
        (Action.NEXT, "media_player.tv", "media_player.media_next_track", {}),
        (Action.MUTE, "media_player.tv", "media_player.volume_mute", {"is_volume_muted": True}),
        (Action.UNMUTE, "media_player.tv", "media_player.volume_mute", {"is_volume_muted": False}),
    ],
)
def test_an_action_is_the_service_of_its_domain(
    action: Action, entity_id: str, service: str, data: dict[str, Any]
) -> None:
    assert calls(Command(action), entity_id, {}) == [(service, data)]


@pytest.mark.parametrize(
    ("command", "entity_id", "attributes", "service", "data"),
    [
        (set_to(Property.BRIGHTNESS, 30), "light.lamp", {}, "turn_on", {"brightness_pct": 30}),
        (set_to(Property.BRIGHTNESS, -inf), "light.lamp", {}, "turn_on", {"brightness_pct": 1}),
        (set_to(Property.BRIGHTNESS, 150), "light.lamp", {}, "turn_on", {"brightness_pct": 100}),
        (set_to(Property.COLOR, text="blue"), "light.lamp", {}, "turn_on", {"rgb_color": (0, 0, 255)}),
        (set_to(Property.COLOR_TEMPERATURE, 2700), "light.lamp", KELVIN, "turn_on", {"color_temp_kelvin": 2700}),
        (set_to(Property.COLOR_TEMPERATURE, 6000), "light.lamp", KELVIN, "turn_on", {"color_temp_kelvin": 5000}),
        (set_to(Property.COLOR_TEMPERATURE, 6000), "light.lamp", {}, "turn_on", {"color_temp_kelvin": 6000}),
        (set_to(Property.VOLUME, 35), "media_player.tv", {}, "volume_set", {"volume_level": 0.35}),
        (set_to(Property.VOLUME, -inf), "media_player.tv", {}, "volume_set", {"volume_level": 0.1}),
        (set_to(Property.TEMPERATURE, 22.5), "climate.ac", RANGE, "set_temperature", {"temperature": 22.5}),
        (set_to(Property.TEMPERATURE, inf), "climate.ac", RANGE, "set_temperature", {"temperature": 30}),
        (set_to(Property.TEMPERATURE, -inf), "climate.ac", RANGE, "set_temperature", {"temperature": 7}),
        (set_to(Property.HUMIDITY, 45), "humidifier.h", {}, "set_humidity", {"humidity": 45}),
        (set_to(Property.SPEED, -inf), "fan.f", {}, "turn_on", {"percentage": 1}),
        (set_to(Property.POSITION, 33), "cover.c", {}, "set_cover_position", {"position": 33}),
        (set_to(Property.POSITION, inf), "valve.v", {}, "set_valve_position", {"position": 100}),
        (set_to(Property.MODE, text="heat"), "climate.ac", MODES, "set_hvac_mode", {"hvac_mode": "heat"}),
        (set_to(Property.MODE, text="auto"), "climate.ac", MODES, "set_hvac_mode", {"hvac_mode": "heat_cool"}),
    ],
)
def test_a_value_is_set_within_what_the_device_has(
    command: Command, entity_id: str, attributes: dict[str, Any], service: str, data: dict[str, Any]
) -> None:
    assert calls(command, entity_id, attributes) == [(f"{entity_id.partition('.')[0]}.{service}", data)]


@pytest.mark.parametrize(
    ("command", "entity_id", "attributes", "service", "data"),
    [
        (change(Property.BRIGHTNESS, text="-"), "light.lamp", {}, "turn_on", {"brightness_step_pct": -20}),
        (change(Property.BRIGHTNESS, 10), "light.lamp", {}, "turn_on", {"brightness_step_pct": 10}),
        (change(Property.VOLUME, text="+"), "media_player.tv", {"volume_level": 0.3}, "volume_up", {}),
        (change(Property.VOLUME, -10), "media_player.tv", {}, "volume_down", {}),
        (change(Property.VOLUME, 20), "media_player.tv", {"volume_level": 0.9}, "volume_set", {"volume_level": 1.0}),
        (
            change(Property.TEMPERATURE, text="+"),
            "climate.ac",
            {"temperature": 21},
            "set_temperature",
            {"temperature": 22},
        ),
        (
            change(Property.TEMPERATURE, -0.5),
            "climate.ac",
            {"temperature": 21},
            "set_temperature",
            {"temperature": 20.5},
        ),
        (change(Property.HUMIDITY, text="+"), "humidifier.h", {"humidity": 40}, "set_humidity", {"humidity": 45}),
        (change(Property.SPEED, text="-"), "fan.f", {}, "decrease_speed", {}),
        (change(Property.SPEED, 10), "fan.f", {}, "increase_speed", {"percentage_step": 10}),
        (
            change(Property.POSITION, text="-"),
            "cover.c",
            {"current_position": 10},
            "set_cover_position",
            {"position": 0},
        ),
        (change(Property.POSITION, 5), "valve.v", {"current_position": 40}, "set_valve_position", {"position": 45}),
    ],
)
def test_a_change_counts_from_where_the_device_stands(
    command: Command, entity_id: str, attributes: dict[str, Any], service: str, data: dict[str, Any]
) -> None:
    assert calls(command, entity_id, attributes) == [(f"{entity_id.partition('.')[0]}.{service}", data)]


@pytest.mark.parametrize(
    ("command", "entity_id", "attributes"),
    [
        (set_to(Property.BRIGHTNESS, 30), "light.lamp", {"supported_color_modes": ["onoff"]}),
        (change(Property.BRIGHTNESS, 30), "light.lamp", {"supported_color_modes": ["onoff"]}),
        (set_to(Property.TEMPERATURE, inf), "climate.ac", {}),
        (set_to(Property.MODE, text="dry"), "climate.ac", MODES),
        (change(Property.TEMPERATURE, 1), "climate.ac", {}),
        (change(Property.HUMIDITY, 1), "humidifier.h", {}),
        (change(Property.POSITION, 1), "cover.c", {}),
        (Command(Action.OPEN), "light.lamp", {}),
        (Command(Action.START, text="kitchen"), "vacuum.robot", {}),
    ],
)
def test_what_a_device_cannot_do_is_not_called(command: Command, entity_id: str, attributes: dict[str, Any]) -> None:
    assert calls(command, entity_id, attributes) == []


def test_a_vacuum_that_knows_the_rooms_is_sent_to_them() -> None:
    command = Command(Action.START, text="kitchen,hall")
    expected = [("vacuum.clean_area", {"cleaning_area_id": ["kitchen", "hall"]})]
    assert calls(command, "vacuum.robot", CLEANS_AREAS) == expected


@pytest.mark.parametrize(
    ("seconds", "russian", "english", "chinese"),
    [
        (1, "1 секунду", "1 second", "1秒"),
        (62, "1 минуту 2 секунды", "1 minute 2 seconds", "1分钟2秒"),
        (300, "5 минут", "5 minutes", "5分钟"),
        (3660, "1 час 1 минуту", "1 hour 1 minute", "1小时1分钟"),
        (11 * 3600, "11 часов", "11 hours", "11小时"),
        (22 * 3600 + 21 * 60, "22 часа 21 минуту", "22 hours 21 minutes", "22小时21分钟"),
    ],
)
def test_a_time_is_said_with_the_right_endings(seconds: float, russian: str, english: str, chinese: str) -> None:
    said = [get_command_texts(language).duration(seconds) for language in ("ru", "en", "zh")]
    assert said == [russian, english, chinese]

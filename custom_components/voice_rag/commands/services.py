"""From a command to the service call that each of its entities needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isinf
from typing import Any

from homeassistant.components.climate import HVACMode
from homeassistant.components.vacuum import VacuumEntityFeature
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import State
from homeassistant.util import color as color_util

from ..fastpath.model import Action, Command, Property

BRIGHTNESS_STEP = 20
"""Per cent. A smaller step is hardly seen."""
HUMIDITY_STEP = 5
POSITION_STEP = 20
TEMPERATURE_STEP = 1.0


@dataclass(frozen=True, slots=True)
class Call:
    """A service call for one entity."""

    domain: str
    service: str
    entity_id: str
    data: Mapping[str, Any]

    @property
    def service_data(self) -> dict[str, Any]:
        """Return the data with the entity."""
        return {ATTR_ENTITY_ID: self.entity_id, **self.data}


def make_calls(command: Command, state: State) -> list[Call]:
    """Return what has to be called for one entity; empty when it cannot do it."""
    if command.action is Action.SET and command.prop is not None:
        return _SETTERS[command.prop](command, state)
    if command.action is Action.CHANGE and command.prop is not None:
        return _CHANGERS[command.prop](command, state)
    if command.action is Action.START and command.text:
        return _clean_areas(command, state)
    service = _SERVICES.get((command.action, state.domain)) or _ANY_DOMAIN.get(command.action)
    if service is None:
        return []
    name, _, extra = service.partition("?")
    domain = "homeassistant" if state.domain == "group" else state.domain
    return [Call(domain, name, state.entity_id, _MUTED[extra] if extra else {})]


def _clean_areas(command: Command, state: State) -> list[Call]:
    if not state.attributes.get("supported_features", 0) & VacuumEntityFeature.CLEAN_AREA:
        return []
    return _call(state, "clean_area", cleaning_area_id=command.text.split(","))


_MUTED = {"muted": {"is_volume_muted": True}, "unmuted": {"is_volume_muted": False}}
_ANY_DOMAIN = {
    Action.TURN_ON: "turn_on",
    Action.TURN_OFF: "turn_off",
    Action.TOGGLE: "toggle",
    Action.PLAY: "media_play",
    Action.PAUSE: "media_pause",
    Action.NEXT: "media_next_track",
    Action.PREVIOUS: "media_previous_track",
    Action.MUTE: "volume_mute?muted",
    Action.UNMUTE: "volume_mute?unmuted",
    Action.LOCK: "lock",
    Action.UNLOCK: "unlock",
    Action.START: "start",
    Action.DOCK: "return_to_base",
}
_SERVICES = {
    (Action.OPEN, "cover"): "open_cover",
    (Action.CLOSE, "cover"): "close_cover",
    (Action.STOP, "cover"): "stop_cover",
    (Action.OPEN, "valve"): "open_valve",
    (Action.CLOSE, "valve"): "close_valve",
    (Action.STOP, "valve"): "stop_valve",
    (Action.STOP, "vacuum"): "stop",
    (Action.TURN_ON, "button"): "press",
    (Action.TURN_ON, "input_button"): "press",
}


def _percent(command: Command, *, lowest: int = 0) -> int:
    value = command.value or 0
    if isinf(value):
        return 100 if value > 0 else lowest
    return max(0, min(100, round(value)))


def _call(state: State, service: str, **data: Any) -> list[Call]:
    return [Call(state.domain, service, state.entity_id, data)]


def _set_brightness(command: Command, state: State) -> list[Call]:
    if not _can_dim(state):
        return []
    return _call(state, "turn_on", brightness_pct=_percent(command, lowest=1))


def _set_color(command: Command, state: State) -> list[Call]:
    return _call(state, "turn_on", rgb_color=color_util.color_name_to_rgb(command.text))


def _set_color_temperature(command: Command, state: State) -> list[Call]:
    kelvin = int(command.value or 0)
    lowest = state.attributes.get("min_color_temp_kelvin") or kelvin
    highest = state.attributes.get("max_color_temp_kelvin") or kelvin
    return _call(state, "turn_on", color_temp_kelvin=max(lowest, min(highest, kelvin)))


def _set_volume(command: Command, state: State) -> list[Call]:
    return _call(state, "volume_set", volume_level=_percent(command, lowest=10) / 100)


def _set_temperature(command: Command, state: State) -> list[Call]:
    value = command.value or 0.0
    if isinf(value):
        bound = state.attributes.get("max_temp" if value > 0 else "min_temp")
        if bound is None:
            return []
        value = float(bound)
    return _call(state, "set_temperature", temperature=value)


def _set_humidity(command: Command, state: State) -> list[Call]:
    return _call(state, "set_humidity", humidity=_percent(command))


def _set_speed(command: Command, state: State) -> list[Call]:
    return _call(state, "turn_on", percentage=_percent(command, lowest=1))


def _set_position(command: Command, state: State) -> list[Call]:
    service = "set_cover_position" if state.domain == "cover" else "set_valve_position"
    return _call(state, service, position=_percent(command))


def _set_mode(command: Command, state: State) -> list[Call]:
    offered = state.attributes.get("hvac_modes") or [command.text]
    wanted = (HVACMode.AUTO, HVACMode.HEAT_COOL) if command.text == HVACMode.AUTO else (command.text,)
    mode = next((mode for mode in wanted if mode in offered), None)
    return _call(state, "set_hvac_mode", hvac_mode=str(mode)) if mode else []


def _change_brightness(command: Command, state: State) -> list[Call]:
    if not _can_dim(state):
        return []
    return _call(state, "turn_on", brightness_step_pct=round(_step(command, BRIGHTNESS_STEP)))


def _change_volume(command: Command, state: State) -> list[Call]:
    level = state.attributes.get("volume_level")
    if command.value is None or level is None:
        return _call(state, "volume_up" if _step(command, 1) > 0 else "volume_down")
    return _call(state, "volume_set", volume_level=round(max(0.0, min(1.0, level + command.value / 100)), 2))


def _change_temperature(command: Command, state: State) -> list[Call]:
    current = state.attributes.get("temperature")
    if current is None:
        return []
    return _call(state, "set_temperature", temperature=current + _step(command, TEMPERATURE_STEP))


def _change_humidity(command: Command, state: State) -> list[Call]:
    current = state.attributes.get("humidity")
    if current is None:
        return []
    return _call(state, "set_humidity", humidity=round(current + _step(command, HUMIDITY_STEP)))


def _change_speed(command: Command, state: State) -> list[Call]:
    data = {} if command.value is None else {"percentage_step": round(abs(command.value))}
    return _call(state, "increase_speed" if _step(command, 1) > 0 else "decrease_speed", **data)


def _change_position(command: Command, state: State) -> list[Call]:
    current = state.attributes.get("current_position")
    if current is None:
        return []
    position = max(0, min(100, round(current + _step(command, POSITION_STEP))))
    return _set_position(Command(Action.SET, value=position), state)


def _step(command: Command, usual: float) -> float:
    if command.value is not None:
        return command.value
    return -usual if command.text == "-" else usual


def _can_dim(state: State) -> bool:
    modes = state.attributes.get("supported_color_modes")
    return not modes or set(modes) != {"onoff"}


type _Maker = Callable[[Command, State], list[Call]]
_SETTERS: dict[Property, _Maker] = {
    Property.BRIGHTNESS: _set_brightness,
    Property.COLOR: _set_color,
    Property.COLOR_TEMPERATURE: _set_color_temperature,
    Property.VOLUME: _set_volume,
    Property.TEMPERATURE: _set_temperature,
    Property.HUMIDITY: _set_humidity,
    Property.SPEED: _set_speed,
    Property.POSITION: _set_position,
    Property.MODE: _set_mode,
}
_CHANGERS: dict[Property, _Maker] = {
    Property.BRIGHTNESS: _change_brightness,
    Property.VOLUME: _change_volume,
    Property.TEMPERATURE: _change_temperature,
    Property.HUMIDITY: _change_humidity,
    Property.SPEED: _change_speed,
    Property.POSITION: _change_position,
}

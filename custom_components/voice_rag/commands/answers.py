"""Answers to questions about the house, read from its states."""

from collections.abc import Iterable

from homeassistant.components import conversation
from homeassistant.components.homeassistant.exposed_entities import async_should_expose
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import area_registry as ar
from homeassistant.util import dt as dt_util

from ..fastpath.model import Action, Command, Property
from .index import async_area_of
from .texts import CommandTexts


def answer(hass: HomeAssistant, command: Command, texts: CommandTexts) -> str | None:
    """Return what is said; None when the house does not know."""
    if command.action is Action.ASK_TIME:
        return dt_util.now().strftime("%H:%M")
    if command.action is Action.ASK_DATE:
        return _say_date(texts)
    if command.action is Action.ASK_WEATHER:
        return _say_weather(hass, command, texts)
    states = [state for target in command.targets if (state := hass.states.get(target)) is not None]
    if command.action is Action.ASK_VALUE:
        return _say_value(states, command.prop, texts)
    if command.action is Action.ASK_WHERE:
        return _say_where(hass, [state for state in states if _is(state, command.text)], texts)
    return _say_state(states, command.text, texts)


def _say_date(texts: CommandTexts) -> str:
    now = dt_util.now()
    return texts.date.format(weekday=texts.weekdays[now.weekday()], day=now.day, month=texts.months[now.month - 1])


def _say_weather(hass: HomeAssistant, command: Command, texts: CommandTexts) -> str | None:
    reports = (state for state in hass.states.async_all("weather") if _is_exposed(hass, state))
    state = next((state for state in reports if state.state in texts.conditions), None)
    if state is None:
        return None
    temperature = _number(state.attributes.get("temperature"))
    if command.prop is Property.HUMIDITY:
        humidity = _number(state.attributes.get("humidity"))
        return None if humidity is None else f"{texts.percent(round(humidity))}."
    if temperature is None:
        return None if command.prop else f"{texts.conditions[state.state]}."
    degrees = texts.degrees(round(temperature))
    if command.prop is not None:
        return f"{degrees}."
    return texts.weather.format(condition=texts.conditions[state.state], temperature=degrees)


_ATTRIBUTES = {
    ("climate", Property.TEMPERATURE): "current_temperature",
    ("climate", Property.HUMIDITY): "current_humidity",
    ("humidifier", Property.HUMIDITY): "current_humidity",
    ("media_player", Property.VOLUME): "volume_level",
    ("light", Property.BRIGHTNESS): "brightness",
}


def _say_value(states: Iterable[State], prop: Property | None, texts: CommandTexts) -> str | None:
    said = [(state, value) for state in states if prop and (value := _read(state, prop)) is not None]
    if not said or prop is None:
        return None
    speak = texts.degrees if prop is Property.TEMPERATURE else texts.percent
    if len(said) == 1:
        return f"{speak(said[0][1])}."
    return texts.join.join(texts.value.format(state.name, speak(value)) for state, value in said) + "."


def _read(state: State, prop: Property) -> float | None:
    attribute = _ATTRIBUTES.get((state.domain, prop))
    value = _number(state.attributes.get(attribute) if attribute else state.state)
    if value is None:
        return None
    if prop is Property.VOLUME:
        return round(value * 100)
    if prop is Property.BRIGHTNESS:
        return round(value / 255 * 100)
    return round(value, 1) if prop is Property.TEMPERATURE else round(value)


def _number(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None


_SILENT = frozenset({"unavailable", "unknown"})
_OFF = frozenset({"off", "closed", "locked", "idle", "standby", "docked", *_SILENT})
_OPEN = frozenset({"open", "opening", "unlocked", "on"})


def _say_state(states: list[State], asked: str, texts: CommandTexts) -> str | None:
    if not states:
        return None
    if len(states) == 1 and states[0].state in _SILENT:
        return texts.not_responding.format(states[0].name)
    matching = [state for state in states if _is(state, asked)]
    if len(states) == 1:
        return texts.yes if matching else _deny(states[0], texts)
    if not matching:
        return texts.no
    if len(matching) == len(states):
        return texts.yes
    return f"{texts.yes.rstrip('.。')}: {texts.join.join(state.name for state in matching)}."


def _say_where(hass: HomeAssistant, states: Iterable[State], texts: CommandTexts) -> str:
    """Name the rooms once each; what stands in none is named itself."""
    areas = ar.async_get(hass)
    found = []
    for state in states:
        area = areas.async_get_area(async_area_of(hass, state.entity_id) or "")
        found.append(area.name if area else state.name)
    return f"{texts.join.join(dict.fromkeys(found))}." if found else texts.nowhere


def _deny(state: State, texts: CommandTexts) -> str:
    """Say no, and what it is instead where that is more than the opposite of what was asked."""
    instead = texts.states.get(state.state)
    return f"{texts.no.rstrip('.。')}, {instead}." if instead else texts.no


def _is(state: State, asked: str) -> bool:
    if asked == "on":
        return state.state not in _OFF
    if asked == "off":
        return state.state in _OFF
    if asked in {"open", "unlocked"}:
        return state.state in _OPEN
    return state.state in {"closed", "locked"} or (state.domain == "binary_sensor" and state.state == "off")


def _is_exposed(hass: HomeAssistant, state: State) -> bool:
    return async_should_expose(hass, conversation.DOMAIN, state.entity_id)

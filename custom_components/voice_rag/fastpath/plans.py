"""From the slots of a clause to what shall be done, before its devices are looked up."""

from collections.abc import Callable
from dataclasses import dataclass

from .clause import Clause
from .model import Action, Property

LIGHT = frozenset({"light"})
MEDIA = frozenset({"media_player"})
CLIMATE = frozenset({"climate", "water_heater"})
COVER = frozenset({"cover", "valve"})
OPENING = COVER | {"lock"}
LEVELLED = frozenset({"light", "media_player", "climate", "water_heater", "fan", "cover", "valve", "humidifier"})
POWERED = frozenset(
    {"light", "switch", "fan", "media_player", "climate", "water_heater", "humidifier", "input_boolean", "automation",
     "siren", "remote", "vacuum", "group"}
)  # fmt: skip
STARTED = POWERED | {"scene", "script", "button", "input_button"}


@dataclass(frozen=True, slots=True)
class Plan:
    """An action that still lacks its devices."""

    action: Action
    domains: frozenset[str]
    prop: Property | None = None
    value: float | None = None
    text: str = ""
    default_kind: str | None = None
    """What is meant when the clause names no device."""
    picks_active: bool = False


_DOMAINS_OF = {
    Property.BRIGHTNESS: (LIGHT, "light"),
    Property.VOLUME: (MEDIA, "music"),
    Property.TEMPERATURE: (CLIMATE, "climate"),
    Property.HUMIDITY: (frozenset({"humidifier"}), "humidifier"),
    Property.SPEED: (frozenset({"fan"}), "fan"),
    Property.POSITION: (COVER, "cover"),
    Property.COLOR: (LIGHT, "light"),
    Property.COLOR_TEMPERATURE: (LIGHT, "light"),
    Property.MODE: (frozenset({"climate"}), "climate"),
    Property.LEVEL: (LEVELLED, None),
}
WARM_KELVIN, COLD_KELVIN = 2700, 5500


def make_plans(clause: Clause) -> list[Plan]:
    """Return what a clause may want, the likeliest first; empty when its slots make no sense together."""
    plan = next((plan for rule in _RULES if (plan := rule(clause)) is not None), None)
    if plan is None:
        return []
    if plan in _SIMPLE.values():
        # Chinese has one word for switching on and opening: the devices decide.
        return [simple for verb, simple in _SIMPLE.items() if verb in clause.verbs]
    if plan.prop is Property.LEVEL and not clause.units and not clause.kinds and _is_room_temperature(plan.value):
        return [plan, _plan_for(Property.TEMPERATURE, plan.action, plan.value)]  # "Make it 22 in the living room."
    return [plan]


def _is_room_temperature(value: float | None) -> bool:
    return value is not None and 15 <= value <= 30


def _plan_for(prop: Property, action: Action, value: float | None = None, text: str = "") -> Plan:
    domains, kind = _DOMAINS_OF[prop]
    return Plan(action, domains, prop, value, text, kind, picks_active=prop is Property.VOLUME)


def _media(clause: Clause) -> Plan | None:
    if not clause.media or clause.has_value or clause.properties:
        return None
    if "dock" in clause.media:
        allowed = "vacuum" in clause.kinds or clause.verbs & {"return", "start"}
        return Plan(Action.DOCK, frozenset({"vacuum"}), default_kind="vacuum") if allowed else None
    if clause.kinds - {"music", "tv", "speaker"}:
        return None
    if "pause" in clause.media:
        action = Action.PLAY if "take_off" in clause.verbs else Action.PAUSE
        allowed = not clause.verbs or clause.verbs & {"set", "on", "pause", "take_off"}
    else:
        action = Action.NEXT if "next" in clause.media else Action.PREVIOUS
        allowed = not clause.verbs or clause.verbs & {"set", "on", "toggle", "play", "unmute", "return"}
    return Plan(action, MEDIA, default_kind="music", picks_active=True) if allowed else None


def _mode(clause: Clause) -> Plan | None:
    climatic = clause.kinds & {"climate", "air_conditioner", "heating"}
    if not clause.modes or clause.numbers or (clause.verbs and not clause.verbs & {"on", "set", "start", "resume"}):
        return None
    if not clause.verbs and not climatic:
        return None
    if clause.kinds - {"scene"} and not climatic:
        return None
    if climatic == clause.kinds == {"heating"} and len(clause.targets) == 1:
        return None  # "Turn the heating on": a device, not a mode.
    return _plan_for(Property.MODE, Action.SET, text=clause.modes[0])


def _color(clause: Clause) -> Plan | None:
    if len(clause.colors) != 1 or clause.numbers or not clause.verbs & {"on", "set", "light_on"}:
        return None
    color = clause.colors[0]
    if color.isdigit() and not clause.targets:
        return None
    if color.isdigit():
        return _plan_for(Property.COLOR_TEMPERATURE, Action.SET, float(color))
    return _plan_for(Property.COLOR, Action.SET, text=color)


def _change(clause: Clause) -> Plan | None:
    """Louder, ten per cent brighter, two degrees warmer."""
    if len(clause.changes) != 1 or clause.colors or clause.modes:
        return None
    if clause.verbs and not clause.verbs & {"set", "on", "up", "down", "play", "raise", "lower", "dim", "brighten"}:
        return None
    name, sign = clause.changes[0][:-1], clause.changes[0][-1]
    prop = Property(clause.properties[0]) if name == "level" and clause.properties else Property(name)
    if prop is Property.LEVEL and not clause.targets:
        return None
    if prop is Property.TEMPERATURE and clause.kinds & {"light", "lamp"}:
        kelvin = WARM_KELVIN if sign == "+" else COLD_KELVIN
        return _plan_for(Property.COLOR_TEMPERATURE, Action.SET, float(kelvin))
    return _step_or_goal(clause, prop, sign)


def _step_or_goal(clause: Clause, prop: Property, sign: str) -> Plan:
    value = _number(clause)
    if value is None or clause.levels:
        if value is not None:
            return _plan_for(prop, Action.SET, value)
        return _plan_for(prop, Action.CHANGE, text=sign)
    if clause.is_goal:
        return _plan_for(prop, Action.SET, value)
    return _plan_for(prop, Action.CHANGE, -value if sign == "-" else value)


def _relative(clause: Clause) -> Plan | None:
    """Turn up, turn down, dim, with or without a number."""
    if clause.has_value and (clause.modes or clause.colors):
        return None
    sign = "+" if clause.verbs & {"up", "brighten", "warm"} else "-" if clause.verbs & {"down", "dim", "cool"} else ""
    prop = _property(clause)
    if (
        not sign
        and clause.verbs & {"raise", "lower", "remove"}
        and prop not in {None, Property.VOLUME, Property.POSITION}
    ):
        sign = "+" if "raise" in clause.verbs else "-"
    if not sign and clause.verbs & {"raise", "lower"} and prop is Property.VOLUME:
        sign = "+" if "raise" in clause.verbs else "-"
    if not sign or (clause.verbs & {"on"} and not prop):
        return None
    if prop is None and clause.numbers and not (clause.targets or clause.units):
        return None  # "Turn up at eight."
    if prop is None:
        prop = _implied_property(clause)
    return _step_or_goal(clause, prop, sign) if prop else None


def _implied_property(clause: Clause) -> Property | None:
    if clause.verbs & {"dim", "brighten"}:
        return Property.LEVEL if clause.kinds & {"music", "tv", "speaker"} else Property.BRIGHTNESS
    if clause.verbs & {"warm", "cool"} or "degree" in clause.units:
        return Property.TEMPERATURE
    return Property.LEVEL if clause.targets else Property.VOLUME


def _set(clause: Clause) -> Plan | None:
    """To thirty per cent, to 22 degrees, half open."""
    value = _number(clause)
    if value is None or clause.colors or set(clause.units) & {"hour", "minute", "second"}:
        return None
    verbs = clause.verbs
    if verbs & {"open", "close", "ajar"} or (verbs & {"raise", "lower"} and not clause.properties):
        return _plan_for(Property.POSITION, Action.SET, value)
    if verbs and not verbs & {"set", "on", "raise", "lower", "remove", "play"}:
        return None
    prop = _goal_property(clause)
    return _plan_for(prop, Action.SET, value) if prop else None


def _goal_property(clause: Clause) -> Property | None:
    """Return what a number is for; None for one that nothing was said about: "22 degrees"."""
    prop = _property(clause)
    if prop is None and "degree" in clause.units and (clause.verbs or clause.targets):
        prop = Property.TEMPERATURE
    if prop is Property.TEMPERATURE and "percent" in clause.units:
        return None
    return prop or (Property.LEVEL if clause.targets else None)


def _has_leftovers(clause: Clause) -> bool:
    """Tell whether something was said that switching on or off leaves unexplained."""
    return bool(clause.numbers or clause.levels or clause.units or clause.colors or clause.changes or clause.media)


def _sound(clause: Clause) -> Plan | None:
    """Mute and unmute."""
    if _has_leftovers(clause):
        return None
    is_volume = "volume" in clause.properties
    if clause.verbs & {"mute"} or (is_volume and clause.verbs & {"off", "remove"}):
        return Plan(Action.MUTE, MEDIA, default_kind="music", picks_active=True)
    if is_volume and clause.verbs & {"on", "unmute"}:
        return Plan(Action.UNMUTE, MEDIA, default_kind="music", picks_active=True)
    return None


def _playback(clause: Clause) -> Plan | None:
    if clause.properties or _has_leftovers(clause):
        return None
    is_music = "music" in clause.kinds
    if is_music and "toggle" in clause.verbs:
        return Plan(Action.NEXT, MEDIA, default_kind="music", picks_active=True)
    if (
        clause.verbs & {"resume"}
        or (clause.verbs & {"play"} and clause.targets)
        or (is_music and clause.verbs & {"on", "set", "start", "unmute"})
    ):
        return Plan(
            Action.PLAY,
            MEDIA | ({"scene", "script"} if is_music else set()),
            default_kind="music",
            picks_active="resume" in clause.verbs,
        )
    if clause.verbs & {"pause"} or (is_music and clause.verbs & {"off", "stop", "remove"}):
        return Plan(Action.PAUSE, MEDIA, default_kind="music", picks_active=True)
    return None


def _vacuum(clause: Clause) -> Plan | None:
    if _has_leftovers(clause):
        return None
    if {"stop", "clean"} <= clause.verbs:
        return Plan(Action.STOP, frozenset({"vacuum"}), default_kind="vacuum")
    if clause.verbs & {"clean"} or (clause.verbs & {"start"} and "vacuum" in clause.kinds):
        return Plan(Action.START, frozenset({"vacuum", "script"}), default_kind="vacuum")
    return None


def _power(clause: Clause) -> Plan | None:
    if _has_leftovers(clause):
        return None
    if clause.verbs & _SIMPLE.keys():
        return next((plan for verb, plan in _SIMPLE.items() if verb in clause.verbs and not clause.properties), None)
    if (not clause.verbs or clause.verbs & {"set", "start"}) and "scene" in clause.kinds:
        return Plan(Action.TURN_ON, frozenset({"scene", "script"}))
    if "set" in clause.verbs and clause.targets and not clause.kinds:
        return Plan(Action.TURN_ON, frozenset({"switch"}))  # "Put the kettle on."
    if "remove" in clause.verbs and clause.kinds & {"light", "lamp", "cover"}:
        return _SIMPLE["open" if "cover" in clause.kinds else "off"]
    return None


_SIMPLE = {
    "light_on": Plan(Action.TURN_ON, POWERED, default_kind="light"),
    "light_off": Plan(Action.TURN_OFF, POWERED, default_kind="light"),
    "on": Plan(Action.TURN_ON, STARTED),
    "off": Plan(Action.TURN_OFF, POWERED, picks_active=True),
    "toggle": Plan(Action.TOGGLE, frozenset({"light", "switch", "fan", "input_boolean"})),
    "open": Plan(Action.OPEN, OPENING),
    "close": Plan(Action.CLOSE, OPENING),
    "ajar": Plan(Action.SET, COVER, Property.POSITION, 30),
    "raise": Plan(Action.OPEN, COVER),
    "lower": Plan(Action.CLOSE, COVER),
    "lock": Plan(Action.LOCK, frozenset({"lock"}), default_kind="lock"),
    "unlock": Plan(Action.UNLOCK, frozenset({"lock"}), default_kind="lock"),
    "stop": Plan(Action.STOP, COVER | MEDIA | {"vacuum"}, picks_active=True),
}


def _property(clause: Clause) -> Property | None:
    named = [prop for prop in clause.properties if prop != "mode"]
    return Property(named[0]) if len(set(named)) == 1 else None


def _number(clause: Clause) -> float | None:
    """Return the one number that is mentioned; "maximum" is infinite, "minimum" minus infinite."""
    if len(clause.numbers) + len(clause.levels) != 1:
        return None
    if clause.numbers:
        return clause.numbers[0]
    return {"max": float("inf"), "min": float("-inf")}.get(clause.levels[0]) or float(clause.levels[0])


_RULES: tuple[Callable[[Clause], Plan | None], ...] = (
    _media, _mode, _color, _change, _relative, _set, _sound, _playback, _vacuum, _power,
)  # fmt: skip

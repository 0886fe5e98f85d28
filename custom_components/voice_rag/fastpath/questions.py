"""Questions that the states of the house answer."""

from collections.abc import Sequence

from .clause import read_clause
from .index import HouseIndex
from .lexicon import Role
from .model import Action, Command, Property, Reading, Situation, Unclear
from .pieces import Piece
from .places import TargetWord
from .plans import OPENING, POWERED
from .targets import Resolver, TargetQuery, Targets

_MEASURES = {
    "temperature": (frozenset({"sensor", "climate", "weather"}), Property.TEMPERATURE),
    "humidity": (frozenset({"sensor", "humidifier"}), Property.HUMIDITY),
    "volume": (frozenset({"media_player"}), Property.VOLUME),
    "brightness": (frozenset({"light"}), Property.BRIGHTNESS),
}
_OPENINGS = OPENING | {"binary_sensor"}


def read_question(pieces: Sequence[Piece], index: HouseIndex, situation: Situation) -> Reading:
    """Return what is asked; None when it is not about the house's present."""
    asked = [piece for piece in pieces if not piece.is_mark]
    if (clock := _read_clock(asked)) is not None:
        return clock
    if _is_weather(asked):
        return (Command(Action.ASK_WEATHER),)
    if (value := _read_value(asked, index, situation)) is not None:
        return value
    is_question = any(piece.words[0].text == "?" for piece in pieces)
    return _read_state(asked, index, situation, is_question=is_question)


def _read_clock(pieces: Sequence[Piece]) -> Reading:
    clocks = [value for piece in pieces if (value := piece.value(Role.CLOCK)) is not None]
    if not clocks or not all(piece.has(Role.CLOCK, Role.FILLER, Role.ASK, Role.WEATHER) for piece in pieces):
        return None
    if len(pieces) == 1 and len(pieces[0].words) == 1 and clocks == ["time"]:
        return (Command(Action.ASK_TIME),)
    return (Command(Action.ASK_DATE if "date" in clocks else Action.ASK_TIME),)


def _is_weather(pieces: Sequence[Piece]) -> bool:
    if not all(piece.has(Role.WEATHER, Role.ASK, Role.FILLER) for piece in pieces):
        return False
    return any(piece.value(Role.WEATHER) == "" for piece in pieces)


def _read_value(pieces: Sequence[Piece], index: HouseIndex, situation: Situation) -> Reading:
    """What is the temperature, how many degrees, how humid is it."""
    if not any(piece.values(Role.ASK) & {"what", "tell"} for piece in pieces):
        return None
    measures = {value for piece in pieces for value in piece.values(Role.PROPERTY)}
    if any(piece.value(Role.UNIT) == "degree" for piece in pieces):
        measures.add("temperature")
    if len(measures) != 1 or (measure := measures.pop()) not in _MEASURES:
        return None
    domains, prop = _MEASURES[measure]
    if any(piece.value(Role.WEATHER) == "outside" for piece in pieces):
        return (Command(Action.ASK_WEATHER, prop=prop),)
    rest = [piece for piece in pieces if not piece.has(Role.ASK, Role.PROPERTY, Role.UNIT)]
    words = _targets(rest, index)
    if words is None:
        return None
    return _find_sensor(measure, prop, TargetQuery(words, domains), index, situation)


def _find_sensor(measure: str, prop: Property, query: TargetQuery, index: HouseIndex, situation: Situation) -> Reading:
    """Ask the sensors of the class, or else what else knows it: a thermostat, a player."""
    resolver = Resolver(index, situation)
    areas = resolver.find_areas(query.words)
    if any(not word.kinds for word in resolver.without_places(query.words)):
        found = resolver.resolve(query)
        if not isinstance(found, Targets):
            return None
        return (Command(Action.ASK_VALUE, tuple(one.device.id for one in found.devices), prop),)
    if not areas and situation.area_id:
        areas = frozenset({situation.area_id})
    of_class = [
        one.device for one in index.devices if one.device.domain == "sensor" and one.device.device_class == measure
    ]
    others = [one.device for one in index.devices if one.device.domain in query.domains - {"sensor", "weather"}]
    for devices in (of_class, others):
        there = [device for device in devices if device.area_id in areas] if areas else devices
        if there:
            return (Command(Action.ASK_VALUE, tuple(device.id for device in there), prop),)
    return None


def _targets(pieces: Sequence[Piece], index: HouseIndex) -> tuple[TargetWord, ...] | None:
    clause = read_clause(pieces, index)
    if clause is None or clause.says_what or clause.has_value or clause.excluded:
        return None
    return tuple(clause.targets)


def _read_state(pieces: Sequence[Piece], index: HouseIndex, situation: Situation, *, is_question: bool) -> Reading:
    """Is the light on, is the door closed, where is the light on?"""
    states = [value for piece in pieces if (value := piece.value(Role.STATE)) is not None]
    asks = {value for piece in pieces for value in piece.values(Role.ASK)}
    is_search = "where" in asks
    # "What is on TV?" asks for more than a state.
    is_asked = is_search or not asks.isdisjoint({"whether", "tell"}) or (is_question and "what" not in asks)
    if len(states) != 1 or not is_asked or any(_is_only_verb(piece) for piece in pieces):
        return None
    rest = [piece for piece in pieces if not piece.has(Role.STATE, Role.ASK)]
    words = _targets(rest, index)
    if not words:
        return None
    domains = POWERED if states[0] in {"on", "off"} else _OPENINGS
    query = TargetQuery(words, domains, is_all=is_search, is_everywhere=is_search)
    found = Resolver(index, situation).resolve(query)
    if isinstance(found, Unclear):
        found = Resolver(index, situation).resolve(TargetQuery(words, domains, is_all=True))
    if not isinstance(found, Targets):
        return None
    knows_where = Resolver(index, situation).find_areas(words)
    action = Action.ASK_WHERE if is_search and not knows_where else Action.ASK_STATE
    return (Command(action, tuple(one.device.id for one in found.devices), text=states[0], kind=found.kind),)


def _is_only_verb(piece: Piece) -> bool:
    return piece.has(Role.VERB) and not piece.has(Role.STATE)

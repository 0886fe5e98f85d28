"""The arguments of a model's tool call, made to fit the tool and this house, or refused with a reason. Pure.

Small models repeat joined aliases, inflect names, give ids for names, put lists into strings and invent arguments.
Home Assistant's matcher refuses the former and ignores the latter, and reports success for what it ignored.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from ..ollama import ModelCall
from .inventory import DOMAIN_STEMS, Device, Inventory, find_area, find_devices, nearest_names
from .words import stems

_BLANKS = ("", "null", "none", "undefined", "n/a")
_SEPARATORS = re.compile(r"\s*[,;/|]\s*")
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
NAME_ARGUMENTS = ("name", "player_name")
AREA_ARGUMENTS = ("area", "player_area")


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool as the model sees it."""

    name: str
    description: str
    parameters: Mapping[str, Any]
    """JSON schema of an object."""
    is_read_only: bool = False
    is_open_world: bool = True
    title: str = ""

    @property
    def properties(self) -> Mapping[str, Any]:
        """Argument -> its JSON schema."""
        properties: Mapping[str, Any] = self.parameters.get("properties", {})
        return properties

    @property
    def names_devices(self) -> bool:
        """Whether its `name` is that of a device: so in Home Assistant's intents and live context."""
        return "area" in self.properties or "player_area" in self.properties


@dataclass(frozen=True, slots=True)
class Grounded:
    """A call that can be made."""

    tool: str
    arguments: dict[str, Any]
    devices: tuple[Device, ...] = ()
    """What its name means; empty where it has none."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A call that is not made."""

    tool: str
    reason: str
    """For the model, with what would be right."""


@dataclass(frozen=True, slots=True)
class Grounder:
    """Knows the tools and the house."""

    tools: Mapping[str, ToolSpec]
    inventory: Inventory = field(default_factory=Inventory)

    def ground(self, call: ModelCall) -> Grounded | Refused:
        """Return the call with arguments that fit, or why it cannot be made."""
        if (tool := self._find_tool(call.name)) is None:
            near = get_close_matches(call.name, self.tools, n=3, cutoff=0.4)
            return Refused(call.name, f"There is no tool {call.name}. {_nearest(near)}")
        if not isinstance(raw := _parsed(call.arguments), dict):
            return Refused(tool.name, "The arguments have to be a JSON object.")
        arguments = {key: value for key, value in raw.items() if not _is_blank(value)}
        if unknown := [key for key in arguments if key not in tool.properties]:
            return Refused(tool.name, self._explain_unknown(tool, unknown))
        for key, value in arguments.items():
            fitting = _fit(value, tool.properties[key])
            if isinstance(fitting, _Misfit):
                return Refused(tool.name, f"{key} cannot be {json.dumps(value, ensure_ascii=False)}: {fitting.reason}")
            arguments[key] = fitting
        if isinstance(domains := arguments.get("domain"), list) and tool.names_devices:
            arguments["domain"] = [_domain(str(said)) for said in domains]
        return self._ground_names(tool, arguments) if tool.names_devices else Grounded(tool.name, arguments)

    def _find_tool(self, name: str) -> ToolSpec | None:
        """Return a tool by its name, or by the part of it that the model remembered."""
        if name in self.tools:
            return self.tools[name]
        short = name.rpartition("__")[2].casefold()
        found = [tool for key, tool in self.tools.items() if key.rpartition("__")[2].casefold() == short]
        return found[0] if len(found) == 1 else None

    def _explain_unknown(self, tool: ToolSpec, unknown: Iterable[str]) -> str:
        reasons = []
        for key in unknown:
            near = get_close_matches(key, tool.properties, n=2, cutoff=0.5)
            others = [other.name for other in self.tools.values() if key in other.properties][:3]
            reasons.append(f"{tool.name} has no argument {key}.")
            if near:
                reasons.append(_nearest(near))
            if others:
                reasons.append(f"These tools have it: {', '.join(others)}.")
        return f"{' '.join(reasons)} Its arguments: {', '.join(tool.properties) or 'none'}."

    def _ground_names(self, tool: ToolSpec, arguments: dict[str, Any]) -> Grounded | Refused:
        for key in AREA_ARGUMENTS:
            if isinstance(said := arguments.get(key), str):
                if (area := find_area(self.inventory, said)) is None:
                    rooms = ", ".join(area.names[0] for area in self.inventory.areas)
                    return Refused(tool.name, f'There is no room "{said}". The rooms: {rooms}.')
                arguments[key] = area.names[0]
        for key in NAME_ARGUMENTS:
            if isinstance(said := arguments.get(key), str):
                return self._ground_name(tool, arguments, key, said)
        return Grounded(tool.name, arguments)

    def _ground_name(self, tool: ToolSpec, arguments: dict[str, Any], key: str, said: str) -> Grounded | Refused:
        found = self._find(said, arguments)
        if found:
            return Grounded(tool.name, self._name(arguments, key, found), found)
        area_key = "player_area" if key == "player_name" else "area"
        room = find_area(self.inventory, said)
        if room is not None and area_key in tool.properties and area_key not in arguments:
            return Grounded(tool.name, {**_without(arguments, key), area_key: room.names[0]})
        if (domain := _as_domain(said)) and area_key in arguments and "domain" in tool.properties:
            return Grounded(tool.name, {**_without(arguments, key), "domain": [domain]})
        near = nearest_names(self.inventory, said)
        return Refused(tool.name, f'There is no device "{said}". {_nearest(near)}')

    def _find(self, said: str, arguments: Mapping[str, Any]) -> tuple[Device, ...]:
        """Return the devices that a name means; the aliases of one device may be joined in it."""
        found = find_devices(self.inventory, said)
        if not found:
            parts = [find_devices(self.inventory, part) for part in _SEPARATORS.split(said) if part]
            common = set.intersection(*map(set, parts)) if parts and all(parts) else set()
            found = tuple(device for device in self.inventory.devices if device in common)
        area = find_area(self.inventory, str(arguments.get("area", arguments.get("player_area", ""))))
        in_area = tuple(device for device in found if area is not None and device.area_id == area.area_id)
        found = in_area or found
        domains = arguments.get("domain", ())
        return tuple(device for device in found if device.domain in domains) or found

    def _name(self, arguments: dict[str, Any], key: str, found: tuple[Device, ...]) -> dict[str, Any]:
        """Return the arguments with the name that Home Assistant knows, and without what contradicts it."""
        if len(found) > 1:
            return arguments
        device = found[0]
        is_unique = sum(device.names[0] in other.names for other in self.inventory.devices) == 1
        kept = {name: value for name, value in arguments.items() if not self._contradicts(device, name, value)}
        return {**kept, key: device.names[0] if is_unique else device.entity_id}

    def _contradicts(self, device: Device, key: str, value: Any) -> bool:
        match key:
            case "domain":
                return device.domain not in value
            case "area" | "player_area":
                area = self.inventory.area(device.area_id)
                return area is None or value not in area.names
            case "device_class" | "floor" | "player_floor":
                # One device is meant: nothing has to narrow it down.
                return True
        return False


@dataclass(frozen=True, slots=True)
class _Misfit:
    reason: str


def _fit(value: Any, schema: Mapping[str, Any]) -> Any:
    """Return a value as the schema wants it, or a misfit."""
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        results = [_fit(value, option) for option in options]
        return next((result for result in results if not isinstance(result, _Misfit)), results[0])
    match schema.get("type"):
        case "array":
            return _fit_array(value, schema)
        case "integer" | "number":
            return _fit_number(value, schema)
        case "boolean":
            return _fit_boolean(value)
        case "string":
            return _fit_string(value, schema)
    return _parsed(value) if schema.get("type") == "object" else value


def _fit_array(value: Any, schema: Mapping[str, Any]) -> Any:
    items = _parsed(value)
    wanted = items if isinstance(items, list) else [items]
    fitting = [_fit(item, schema.get("items", {})) for item in wanted]
    return next((item for item in fitting if isinstance(item, _Misfit)), fitting)


def _fit_string(value: Any, schema: Mapping[str, Any]) -> Any:
    parsed = _parsed(value)
    if isinstance(parsed, list) and len(parsed) == 1:
        value = parsed[0]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return _choose(text, schema["enum"]) if "enum" in schema else text.strip()


def _choose(text: str, allowed: Iterable[Any]) -> Any:
    choices = {str(choice).casefold(): choice for choice in allowed}
    folded = text.strip().casefold()
    if folded in choices:
        return choices[folded]
    if (singular := folded.removesuffix("s")) in choices:
        return choices[singular]
    near = get_close_matches(folded, choices, n=3, cutoff=0.4) or sorted(choices)[:8]
    return _Misfit(_nearest([str(choices[one]) for one in near]))


def _fit_number(value: Any, schema: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        if (match := _NUMBER.search(value)) is None:
            return _Misfit("it has to be a number")
        value = float(match.group().replace(",", "."))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _Misfit("it has to be a number")
    low, high = schema.get("minimum"), schema.get("maximum")
    if (low is not None and value < low) or (high is not None and value > high):
        return _Misfit(f"it has to be between {low} and {high}")
    return int(value) if schema.get("type") == "integer" or float(value).is_integer() else value


def _fit_boolean(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    match str(value).strip().casefold():
        case "true" | "yes" | "1":
            return True
        case "false" | "no" | "0":
            return False
    return _Misfit("it has to be true or false")


def _parsed(value: Any) -> Any:
    """Return what JSON in a string says."""
    if isinstance(value, str) and value.strip()[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _is_blank(value: Any) -> bool:
    if isinstance(value, str):
        return value.strip().casefold() in _BLANKS
    return value is None or (isinstance(value, list | dict) and all(map(_is_blank, value)))


def _domain(said: str) -> str:
    """Return a kind of device as Home Assistant calls it; a word that is none stays."""
    folded = said.strip().casefold()
    return folded if folded in DOMAIN_STEMS else _as_domain(folded) or folded


def _as_domain(said: str) -> str | None:
    """Return the kind of device that a word such as "свет" names."""
    spoken = set(stems(said))
    return next((domain for domain, known in DOMAIN_STEMS.items() if spoken and spoken <= known), None)


def _without(arguments: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if name != key}


def _nearest(names: Iterable[str]) -> str:
    listed = ", ".join(names)
    return f"The nearest: {listed}." if listed else ""

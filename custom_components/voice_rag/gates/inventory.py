"""What there is in the house: for the model to read, and for names to be found in. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

from .words import stems

NO_ROOM = "(no room)"

# What people and models call a kind of device; stems of Russian and English words, and Chinese ones.
_DOMAIN_WORDS = {
    "light": ("свет светильник ламп лампочк люстр торшер подсветк бра ночник light lamp lights 灯"),
    "switch": "розетк выключател switch outlet socket plug 插 座",
    "lock": "замок замк двер lock door 锁 门",
    "cover": "штор жалюз занавеск ворот рольставн роллет blind curtain shutter cover garage gate 窗 帘",
    "climate": "термостат кондиционер отоплен батаре климат температур обогревател heating thermostat climate 空 调",
    "fan": "вентилятор fan 风 扇",
    "media_player": "телевизор телек музык колонк плеер громкост tv television music speaker player volume 电 视 音",
    "vacuum": "пылесос робот vacuum 扫",
    "alarm_control_panel": "сигнализаци охран alarm",
    "valve": "клапан вентил кран valve",
    "humidifier": "увлажнител humidifier",
    "scene": "сцен scene",
    "timer": "таймер timer",
    "todo": "список списк list shopping",
}
DOMAIN_STEMS = {domain: frozenset(stems(word)) for domain, word in _DOMAIN_WORDS.items()}


@dataclass(frozen=True, slots=True)
class Device:
    """An entity that is exposed to conversations."""

    entity_id: str
    names: tuple[str, ...]
    """The one that is shown first, then the aliases."""
    area_id: str | None = None

    @property
    def domain(self) -> str:
        """What kind of entity it is."""
        return self.entity_id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Area:
    """A room."""

    area_id: str
    names: tuple[str, ...]
    floor: str = ""
    """Name of its floor; empty for none."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """What people can name in this house, in a fixed order."""

    devices: tuple[Device, ...] = ()
    areas: tuple[Area, ...] = ()
    floors: tuple[str, ...] = ()

    def area(self, area_id: str | None) -> Area | None:
        """Return an area by its id."""
        return next((area for area in self.areas if area.area_id == area_id), None)

    def describe(self) -> str:
        """Return all devices, by room and kind."""
        return describe(self, self.devices)

    def outline(self) -> str:
        """Return the rooms with how many devices of which kind they have."""
        lines = []
        for heading, group in _by_area(self, self.devices):
            kinds = groupby(sorted(device.domain for device in group))
            lines.append(f"{heading}: {', '.join(f'{kind} {len(list(found))}' for kind, found in kinds)}")
        return "\n".join(lines)


def describe(inventory: Inventory, devices: Iterable[Device]) -> str:
    """Return devices by room and kind: a heading per room, a line per kind, aliases behind a slash."""
    lines = []
    for heading, group in _by_area(inventory, devices):
        lines.append(f"{heading}:")
        ordered = sorted(group, key=lambda device: (device.domain, device.names, device.entity_id))
        for domain, same in groupby(ordered, key=lambda device: device.domain):
            lines.append(f"- {domain}: {'; '.join(' / '.join(device.names) for device in same)}")
    return "\n".join(lines)


def find_area(inventory: Inventory, text: str) -> Area | None:
    """Return the room with this name, inflected or not."""
    wanted = stems(text)
    if not wanted:
        return None
    exact = [area for area in inventory.areas if any(_same(text, name) for name in (area.area_id, *area.names))]
    found = exact or [area for area in inventory.areas if any(stems(name) == wanted for name in area.names)]
    return found[0] if len(found) == 1 else None


def find_devices(inventory: Inventory, text: str) -> tuple[Device, ...]:
    """Return the devices with this name: as it is written, else inflected, else as part of a name."""
    wanted = stems(text)
    rules: tuple[Callable[[Device], bool], ...] = (
        lambda device: any(_same(text, name) for name in (device.entity_id, *device.names)),
        lambda device: any(stems(name) == wanted for name in device.names),
        lambda device: any(set(stems(name)) == set(wanted) for name in device.names),
        lambda device: any(set(wanted) <= set(stems(name)) for name in device.names),
        lambda device: any(_is_alike(text, name) for name in device.names),
    )
    for rule in rules:
        if wanted and (found := tuple(device for device in inventory.devices if rule(device))):
            return found
    return ()


def nearest_names(inventory: Inventory, text: str, count: int = 3) -> tuple[str, ...]:
    """Return the names of devices that look most like a text."""
    folded = text.casefold()
    names = {name for device in inventory.devices for name in device.names}
    ranked = sorted(names, key=lambda name: (-_likeness(folded, name.casefold()), name))
    return tuple(ranked[:count])


def mentioned_areas(inventory: Inventory, text: str) -> tuple[Area, ...]:
    """Return the rooms that a sentence names."""
    spoken = set(stems(text))
    return tuple(area for area in inventory.areas if any(_is_said(name, spoken) for name in area.names))


def mentioned_devices(inventory: Inventory, text: str) -> tuple[Device, ...]:
    """Return the devices that a sentence is about: named in full, or by kind and room."""
    spoken = set(stems(text))
    rooms = {area.area_id for area in mentioned_areas(inventory, text)}
    kinds = mentioned_domains(text)
    return tuple(
        device
        for device in inventory.devices
        if any(_is_said(name, spoken) for name in device.names) or (device.area_id in rooms and device.domain in kinds)
    )


def mentioned_domains(text: str) -> frozenset[str]:
    """Return the kinds of devices that a sentence names."""
    spoken = set(stems(text))
    return frozenset(domain for domain, known in DOMAIN_STEMS.items() if known & spoken)


def _by_area(inventory: Inventory, devices: Iterable[Device]) -> Iterable[tuple[str, list[Device]]]:
    members: dict[str | None, list[Device]] = {}
    for device in devices:
        members.setdefault(device.area_id if inventory.area(device.area_id) else None, []).append(device)
    for area in inventory.areas:
        if area.area_id in members:
            yield _heading(area), members[area.area_id]
    if None in members:
        yield NO_ROOM, members[None]


def _heading(area: Area) -> str:
    names = " / ".join(area.names)
    return f"{names} ({area.floor})" if area.floor else names


def _is_said(name: str, spoken: set[str]) -> bool:
    wanted = set(stems(name))
    return bool(wanted) and wanted <= spoken


def _same(text: str, name: str) -> bool:
    return text.strip().casefold() == name.strip().casefold()


def _is_alike(text: str, name: str) -> bool:
    return _likeness(text.casefold(), name.casefold()) >= 0.85


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other)
    return matcher.ratio() if matcher.quick_ratio() > 0.3 else 0.0

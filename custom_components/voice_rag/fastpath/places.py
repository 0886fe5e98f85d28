"""Which areas and floors the words of a command name."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from .index import HouseIndex, NamedDevice, NamedPlace
from .tokens import Word


@dataclass(frozen=True, slots=True)
class TargetWord:
    """A word that has to be explained by a device, a place or a class of devices."""

    word: Word
    kinds: frozenset[str] = frozenset()
    floor: int | None = None
    """The number beside "floor"; 0 for the word itself, -1 for the top, -2 for the bottom."""
    is_here: bool = False
    is_home: bool = False


@dataclass(slots=True)
class Places:
    """The areas and floors that are named, and by which words."""

    areas: set[str] = field(default_factory=set)
    floors: set[str] = field(default_factory=set)
    words: dict[int, set[str]] = field(default_factory=dict)
    """Position of a word -> the areas (and floors) that it names."""
    is_here: bool = False
    is_home: bool = False

    def explain(self, position: int, device: NamedDevice) -> bool:
        """Tell whether a word names where the device is."""
        ids = self.words.get(position, set())
        return device.device.area_id in ids or device.floor_id in ids

    def explains(self, position: int, target: TargetWord) -> bool:
        """Tell whether a word names any place, or is part of a floor's name."""
        return position in self.words or target.floor is not None or target.is_here or target.is_home

    def include(self, device: NamedDevice) -> bool:
        """Tell whether a device is in one of the places."""
        return device.device.area_id in self.areas or device.floor_id in self.floors

    def all_areas(self, index: HouseIndex) -> frozenset[str]:
        """Return the areas, those of the floors included."""
        on_floors = {area.place.id for area in index.areas if area.place.floor_id in self.floors}
        return frozenset(self.areas | on_floors)


def find_places(targets: Sequence[TargetWord], index: HouseIndex, inherited: frozenset[str] = frozenset()) -> Places:
    """Return the places that the words name; the inherited areas where they name none."""
    words = [target.word for target in targets]
    places = Places(
        is_here=any(target.is_here for target in targets), is_home=any(target.is_home for target in targets)
    )
    for named in index.areas:
        _note(named, words, places, places.areas)
    for named in index.floors:
        _note(named, words, places, places.floors)
    _find_numbered_floor(targets, index, places)
    _drop_shorter(places)
    if not places.areas and not places.floors:
        places.areas |= inherited
    return places


def _note(named: NamedPlace, words: list[Word], places: Places, ids: set[str]) -> None:
    for name in named.names:
        if found := name.find_in(words):
            ids.add(named.place.id)
            for position in found:
                places.words.setdefault(position, set()).add(named.place.id)


def _find_numbered_floor(targets: Sequence[TargetWord], index: HouseIndex, places: Places) -> None:
    """Find "the second floor" by its level where it is not called so, and what is upstairs or downstairs."""
    numbered = [(i, target.floor) for i, target in enumerate(targets) if target.floor is not None]
    number = next((floor for _, floor in numbered if floor), 0)
    if not number:
        return
    floors = sorted(index.floors, key=lambda floor: floor.place.level or 0)
    ground = [floor for floor in floors if (floor.place.level or 0) >= 0] or floors
    chosen = floors[-1:] if number == -1 else floors[:1] if number == -2 else ground[number - 1 : number]
    if places.floors:
        chosen = [floor for floor in floors if floor.place.id in places.floors]
    for floor in chosen:
        places.floors.add(floor.place.id)
        for position, _ in numbered:
            places.words.setdefault(position, set()).add(floor.place.id)


def _drop_shorter(places: Places) -> None:
    """Keep "children's bedroom" and drop "bedroom" where both are found in the same words."""
    spans: dict[str, set[int]] = {}
    for position, ids in places.words.items():
        for place in ids:
            spans.setdefault(place, set()).add(position)
    shorter = {place for place, span in spans.items() if any(span < other for other in spans.values())}
    places.areas -= shorter
    places.floors -= shorter
    places.words = {position: left for position, ids in places.words.items() if (left := ids - shorter)}

"""The names of a house, as lemmas."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from .lexicon import Lexicon
from .model import Device, House, Place
from .tokens import Word


@dataclass(frozen=True, slots=True)
class Name:
    """One name of something, without its prepositions."""

    text: str
    words: tuple[Word, ...]
    has_area: bool = False
    """Whether words of its own area were taken out of it."""

    def find_in(self, words: Sequence[Word]) -> frozenset[int]:
        """Return where the words of the name stand in a sentence, in any order; empty unless all are there."""
        found: set[int] = set()
        for own in self.words:
            place = _place_of(own, words, found)
            if place is None:
                return frozenset()
            found.add(place)
        return frozenset(found)

    def match(self, words: Sequence[Word]) -> frozenset[int]:
        """Return where words of the name stand in a sentence; each word of either is used once."""
        found: set[int] = set()
        for own in self.words:
            if (place := _place_of(own, words, found)) is not None:
                found.add(place)
        return frozenset(found)


def _place_of(own: Word, words: Sequence[Word], taken: set[int]) -> int | None:
    for i, word in enumerate(words):
        if not own.keys.isdisjoint(word.keys) and i not in taken:
            return i
    return None


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """An area or a floor with its names."""

    place: Place
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class NamedDevice:
    """A device with its names; each without the words of its own area, unless nothing else is left."""

    device: Device
    names: tuple[Name, ...]
    floor_id: str | None
    area_words: frozenset[str]
    """Lemmas of the names of its area."""


_LIKENESS = 0.8
"""Of difflib: one wrong letter in five, two in eight."""


class HouseIndex:
    """What the names of a house look like to the parser. Blocking to build, some ms for 200 devices; immutable."""

    def __init__(self, house: House, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.areas = tuple(NamedPlace(area, _read_names(area.names, lexicon)) for area in house.areas)
        self.floors = tuple(NamedPlace(floor, _read_names(floor.names, lexicon)) for floor in house.floors)
        self._areas = {named.place.id: named for named in self.areas}
        self.devices = tuple(self._read_device(device) for device in house.devices)
        names = [name for named in self.areas for name in named.names]
        names += [name for named in self.devices for name in named.names]
        self._words = {key: word for name in names for word in name.words for key in word.keys}

    def nearest_word(self, word: Word) -> Word | None:
        """Return the word of a name that another one nearly is."""
        for key in sorted(word.keys, key=lambda key: (len(key), key)):
            if near := get_close_matches(key, self._words, n=1, cutoff=_LIKENESS):
                return self._words[near[0]]
        return None

    def area_name(self, area_id: str | None) -> str:
        """Return the first name of an area, empty for none."""
        named = self._areas.get(area_id or "")
        return named.place.names[0] if named else ""

    def _read_device(self, device: Device) -> NamedDevice:
        area = self._areas.get(device.area_id or "")
        area_words = frozenset(key for name in (area.names if area else ()) for word in name.words for key in word.keys)
        names = tuple(_without(name, area_words) for name in _read_names(device.names, self.lexicon))
        return NamedDevice(device, names, area.place.floor_id if area else None, area_words)


def _without(name: Name, area_words: frozenset[str]) -> Name:
    core = tuple(word for word in name.words if not word.keys & area_words)
    return Name(name.text, core, has_area=len(core) < len(name.words)) if core else name


def _read_names(names: Iterable[str], lexicon: Lexicon) -> tuple[Name, ...]:
    read = (Name(text, _read_name(text, lexicon)) for text in names)
    return tuple(name for name in read if name.words)


def _read_name(text: str, lexicon: Lexicon) -> tuple[Word, ...]:
    prepositions = lexicon.vocabulary.prepositions
    return tuple(word for word in lexicon.read(text) if not word.is_mark and word.text not in prepositions)

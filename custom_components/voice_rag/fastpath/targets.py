"""Which devices the words of a command name."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from .index import HouseIndex, NamedDevice, NamedPlace
from .kinds import KINDS, NAMED_ONLY
from .lexicon import Kind
from .model import Situation, Unclear
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


@dataclass(frozen=True, slots=True)
class TargetQuery:
    """What a clause says about its devices."""

    words: tuple[TargetWord, ...] = ()
    domains: frozenset[str] = frozenset()
    """Those that the action works on."""
    is_all: bool = False
    is_everywhere: bool = False
    default_kind: str | None = None
    """What is meant when no device is mentioned."""
    excluded: tuple[TargetWord, ...] = ()
    areas: frozenset[str] = frozenset()
    """Inherited from a neighbouring clause."""
    picks_active: bool = False
    """Of several, those that are on or playing are meant."""


@dataclass(frozen=True, slots=True)
class Targets:
    """The devices that are meant."""

    devices: tuple[NamedDevice, ...]
    kind: str = ""
    areas: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Places:
    areas: set[str] = field(default_factory=set)
    floors: set[str] = field(default_factory=set)
    words: dict[int, set[str]] = field(default_factory=dict)
    """Position of a word -> the areas (and floors) that it names."""
    is_here: bool = False
    is_home: bool = False

    def explain(self, position: int, device: NamedDevice) -> bool:
        ids = self.words.get(position, set())
        return device.device.area_id in ids or device.floor_id in ids


_ACTIVE = frozenset({"on", "playing", "buffering", "open", "opening", "heat", "cool", "auto", "heat_cool", "cleaning"})


class Resolver:
    """Finds the devices of a query. Every word has to be explained, or nothing is found."""

    def __init__(self, index: HouseIndex, situation: Situation) -> None:
        self._index = index
        self._situation = situation

    def resolve(self, query: TargetQuery) -> Targets | Unclear | None:
        """Return the devices; None when some word is not explained by any."""
        if query.excluded:
            return self._resolve_without(query)
        words = [target.word for target in query.words]
        places = self._find_places(query, words)
        if named := self._find_named(query, words, places):
            return named
        of_kind = self._find_kind(query, places)
        if isinstance(of_kind, Targets):
            return of_kind
        if (called_so := self._find_called_so(query, words, places)) is not None:
            return called_so
        return of_kind or self._find_partly_named(query, words, places)

    def find_areas(self, words: Iterable[TargetWord]) -> frozenset[str]:
        """Return the areas that the words name, those of named floors included."""
        targets = tuple(words)
        places = self._find_places(TargetQuery(words=targets), [target.word for target in targets])
        on_floors = {area.place.id for area in self._index.areas if area.place.floor_id in places.floors}
        return frozenset(places.areas | on_floors)

    def without_places(self, words: Iterable[TargetWord]) -> list[TargetWord]:
        """Return the words that name no area, no floor and not "here"."""
        targets = tuple(words)
        places = self._find_places(TargetQuery(words=targets), [target.word for target in targets])
        return [
            target
            for i, target in enumerate(targets)
            if i not in places.words and target.floor is None and not (target.is_here or target.is_home)
        ]

    def _resolve_without(self, query: TargetQuery) -> Targets | Unclear | None:
        everything = self.resolve(
            replace(
                query,
                excluded=(),
                is_all=True,
                is_everywhere=not query.words or query.is_everywhere or not self._has_place(query),
            )
        )
        if not isinstance(everything, Targets):
            return everything
        excluded = self.resolve(TargetQuery(query.excluded, query.domains, is_all=True, default_kind="*"))
        if not isinstance(excluded, Targets):
            return None
        ids = {named.device.id for named in excluded.devices}
        kept = tuple(named for named in everything.devices if named.device.id not in ids)
        return replace(everything, devices=kept) if kept else None

    def _has_place(self, query: TargetQuery) -> bool:
        places = self._find_places(query, [target.word for target in query.words])
        return bool(places.areas or places.floors or places.is_here)

    # Places

    def _find_places(self, query: TargetQuery, words: list[Word]) -> _Places:
        places = _Places()
        for named in self._index.areas:
            self._note_place(named, words, places, places.areas)
        for named in self._index.floors:
            self._note_place(named, words, places, places.floors)
        self._find_numbered_floor(query, places)
        _drop_shorter(places)
        places.is_here = any(target.is_here for target in query.words)
        places.is_home = any(target.is_home for target in query.words)
        if not places.areas and not places.floors:
            places.areas |= query.areas
        return places

    def _note_place(self, named: NamedPlace, words: list[Word], places: _Places, ids: set[str]) -> None:
        for name in named.names:
            if found := name.find_in(words):
                ids.add(named.place.id)
                for position in found:
                    places.words.setdefault(position, set()).add(named.place.id)

    def _find_numbered_floor(self, query: TargetQuery, places: _Places) -> None:
        numbered = [(i, target.floor) for i, target in enumerate(query.words) if target.floor is not None]
        number = next((floor for _, floor in numbered if floor), 0)
        if not number:
            return
        floors = sorted(self._index.floors, key=lambda floor: floor.place.level or 0)
        ground = [floor for floor in floors if (floor.place.level or 0) >= 0] or floors
        chosen = floors[-1:] if number == -1 else floors[:1] if number == -2 else ground[number - 1 : number]
        if places.floors:
            chosen = [floor for floor in floors if floor.place.id in places.floors]
        for floor in chosen:
            places.floors.add(floor.place.id)
            for position, _ in numbered:
                places.words.setdefault(position, set()).add(floor.place.id)

    # Names

    def _find_named(self, query: TargetQuery, words: list[Word], places: _Places) -> Targets | Unclear | None:
        candidates: dict[int, list[NamedDevice]] = {}
        for named in self._devices(query):
            if strength := max(
                (self._strength(named, i, query, words, places) for i in range(len(named.names))), default=0
            ):
                candidates.setdefault(strength, []).append(named)
        if not candidates:
            return None
        return self._choose(candidates[max(candidates)], query, places)

    def _strength(self, named: NamedDevice, number: int, query: TargetQuery, words: list[Word], places: _Places) -> int:
        """Return how many words the whole name explains; 0 when it is not there or leaves a word unexplained."""
        found = named.names[number].find_in(words)
        if not found:
            return 0
        if _is_generic(named, found, query) and (query.is_all or not (named.names[number].has_area and places.areas)):
            return 0  # Called just "light" or "curtains": the class of devices decides.
        return len(found) if self._covers(named, found, query, places) else 0

    def _find_called_so(self, query: TargetQuery, words: list[Word], places: _Places) -> Targets | None:
        """Find the one device that is called just what was said, where a class of devices leaves the choice open."""
        found = [
            named
            for named in self._devices(query)
            if any(
                not name.has_area and len(name.words) == len(words) == len(name.find_in(words)) for name in named.names
            )
        ]
        return Targets(tuple(found), areas=frozenset(places.areas)) if len(found) == 1 else None

    def _covers(self, named: NamedDevice, found: frozenset[int], query: TargetQuery, places: _Places) -> bool:
        if places.areas and named.device.area_id not in places.areas and not places.words:
            return False
        return all(
            i in found or target.is_here or target.is_home or places.explain(i, named) or _is_of_kinds(named, target)
            or bool(target.word.keys & named.area_words)
            for i, target in enumerate(query.words)
        )  # fmt: skip

    def _find_partly_named(self, query: TargetQuery, words: list[Word], places: _Places) -> Targets | Unclear | None:
        """Find the one device that has the words in its name, though its name has more of them."""
        candidates: dict[float, list[NamedDevice]] = {}
        for named in self._devices(query):
            shares = [
                len(found) / len(name.words)
                for name in named.names
                if (found := name.match(words)) and self._covers(named, found, query, places)
            ]
            if shares and max(shares) >= 0.3:
                candidates.setdefault(0.0, []).append(named)
        return self._choose(candidates[0.0], query, places) if candidates else None

    def _choose(self, found: list[NamedDevice], query: TargetQuery, places: _Places) -> Targets | Unclear | None:
        areas = frozenset(places.areas)
        if len(found) > 1 and not query.is_all:
            found = self._narrow(found, query, places)
        if len(found) == 1 or query.is_all:
            return Targets(tuple(found), areas=areas)
        return Unclear(self._tell_apart(found))

    def _narrow(self, found: list[NamedDevice], query: TargetQuery, places: _Places) -> list[NamedDevice]:
        """Prefer the satellite's own area, then what is active where the action is about something active."""
        if not places.words and (here := [one for one in found if self._is_here(one)]):
            found = here
        if len(found) > 1 and query.picks_active and (active := [one for one in found if self._is_active(one)]):
            found = active
        if len(found) > 1 and (controllable := [one for one in found if one.device.domain not in _SECONDARY]):
            found = controllable
        return found

    def _tell_apart(self, found: list[NamedDevice]) -> tuple[str, ...]:
        """Return the areas to choose from, or else the devices; nothing where there are too many to say."""
        areas = tuple(dict.fromkeys(self._index.area_name(named.device.area_id) for named in found))
        names = areas if len(areas) > 1 and all(areas) else tuple(dict.fromkeys(one.names[0].text for one in found))
        return names if len(names) <= _MAX_CHOICES else ()

    # Kinds

    def _find_kind(self, query: TargetQuery, places: _Places) -> Targets | Unclear | None:
        named = {kind for target in query.words for kind in target.kinds}
        kinds = named if query.is_all else named - NAMED_ONLY
        name = min(kinds, default="" if named else query.default_kind or "")
        if not name or not all(_is_kind_or_place(i, target, places) for i, target in enumerate(query.words)):
            return None
        return self._choose_place(self._devices_of(query, kinds or {name}), name, query, places)

    def _devices_of(self, query: TargetQuery, kinds: set[str]) -> list[NamedDevice]:
        if kinds == {"*"}:
            return list(self._devices(query))
        words = [target.word for target in query.words if target.kinds]
        devices = [named for named in self._devices(query) if any(_is_of(named, kind, words) for kind in kinds)]
        if not devices:
            fallbacks = {domain for kind in kinds if KINDS[kind].falls_back for domain in KINDS[kind].domains}
            devices = [named for named in self._devices(query) if named.device.domain in fallbacks]
        return devices

    def _choose_place(
        self, devices: list[NamedDevice], kind: str, query: TargetQuery, places: _Places
    ) -> Targets | Unclear | None:
        if not devices:
            return None
        if places.areas or places.floors:
            return self._in(lambda one: self._is_in(one, places), devices, kind, query, frozenset(places.areas))
        if query.is_everywhere or places.is_home or (query.is_all and not places.is_here):
            return Targets(tuple(devices), kind)
        if any(self._is_here(one) for one in devices):
            return self._in(self._is_here, devices, kind, query, frozenset())
        if places.is_here:
            return None
        return self._take(devices, kind, query, frozenset())

    def _in(
        self, is_there: Callable[[NamedDevice], bool], devices: list[NamedDevice], kind: str, query: TargetQuery,
        areas: frozenset[str],
    ) -> Targets | Unclear | None:  # fmt: skip
        there = [one for one in devices if is_there(one)]
        if not there:
            return None
        if kind in _SINGLE and not query.is_all:
            return self._take(there, kind, query, areas)
        return Targets(tuple(there), kind, areas)

    def _take(
        self, devices: list[NamedDevice], kind: str, query: TargetQuery, areas: frozenset[str]
    ) -> Targets | Unclear | None:
        """Take the only device, or the only active one; ask which otherwise."""
        if len(devices) > 1 and query.picks_active:
            devices = [one for one in devices if self._is_active(one)] or devices
        if len(devices) > 1 and kind == "music":
            devices = [one for one in devices if one.device.device_class != "tv"] or devices
        if len(devices) == 1:
            return Targets(tuple(devices), kind, areas)
        is_all_of_them = query.picks_active and kind == "light" and self._situation.area_id is None
        if kind not in _SINGLE and (is_all_of_them or len({one.device.area_id for one in devices}) == 1):
            return Targets(tuple(devices), kind, areas)
        return Unclear(self._tell_apart(devices))

    # Devices

    def _devices(self, query: TargetQuery) -> Iterable[NamedDevice]:
        return (named for named in self._index.devices if named.device.domain in query.domains)

    def _is_in(self, named: NamedDevice, places: _Places) -> bool:
        return named.device.area_id in places.areas or named.floor_id in places.floors

    def _is_here(self, named: NamedDevice) -> bool:
        return self._situation.area_id is not None and named.device.area_id == self._situation.area_id

    def _is_active(self, named: NamedDevice) -> bool:
        return self._situation.state_of(named.device.id) in _ACTIVE


_MAX_CHOICES = 4
_SECONDARY = frozenset({"binary_sensor", "sensor", "automation"})
_SINGLE = frozenset({"tv", "speaker", "music", "air_conditioner", "heating", "climate", "vacuum", "lamp"})
"""Kinds of which a command in a room means one."""


def _is_generic(named: NamedDevice, found: frozenset[int], query: TargetQuery) -> bool:
    """Tell whether a device is called just what it is: "light"."""
    return all(
        any(named.device.domain in KINDS[kind].domains for kind in query.words[i].kinds - NAMED_ONLY) for i in found
    )


def _is_kind_or_place(position: int, target: TargetWord, places: _Places) -> bool:
    is_place = target.is_here or target.is_home or position in places.words
    return bool(target.kinds) or is_place or (target.floor == 0 and bool(places.floors))


def _is_of_kinds(named: NamedDevice, target: TargetWord) -> bool:
    return any(named.device.domain in KINDS[kind].domains for kind in target.kinds)


def _is_of(named: NamedDevice, kind: str, words: list[Word]) -> bool:
    """Tell whether a device is of a kind: by its domain, by its class, or because it is called so."""
    definition: Kind = KINDS[kind]
    if kind == "light" and named.device.domain == "switch":
        return any(word.keys & own.keys for word in words for name in named.names for own in name.words)
    if named.device.domain not in definition.domains:
        return False
    if definition.is_generic or named.device.device_class in definition.device_classes:
        return True
    if kind == "cover" and named.device.device_class is None:
        return True
    return any(word.keys & own.keys for word in words for name in named.names for own in name.words)


def _drop_shorter(places: _Places) -> None:
    """Keep "children's bedroom" and drop "bedroom" where both are found in the same words."""
    spans: dict[str, set[int]] = {}
    for position, ids in places.words.items():
        for place in ids:
            spans.setdefault(place, set()).add(position)
    for place, span in spans.items():
        if any(span < other for other in spans.values()):
            places.areas.discard(place)
            places.floors.discard(place)
            for ids in places.words.values():
                ids.discard(place)
    for position in [position for position, ids in places.words.items() if not ids]:
        del places.words[position]

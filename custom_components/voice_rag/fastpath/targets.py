"""Which devices the words of a command name."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from .index import HouseIndex, NamedDevice
from .kinds import KINDS, NAMED_ONLY
from .lexicon import Kind
from .model import Situation, Unclear
from .places import Places, TargetWord, find_places
from .tokens import Word


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
    """The class that was named; empty when the devices were."""


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
        places = find_places(query.words, self._index, query.areas)
        if named := self._find_named(query, words, places):
            return named
        of_kind = self._find_kind(query, places)
        if isinstance(of_kind, Targets):
            return of_kind
        if (called_so := self._find_called_so(query, words)) is not None:
            return called_so
        return of_kind or self._find_partly_named(query, words, places)

    def find_areas(self, words: Iterable[TargetWord]) -> frozenset[str]:
        """Return the areas that the words name, those of named floors included."""
        return find_places(tuple(words), self._index).all_areas(self._index)

    def without_places(self, words: Iterable[TargetWord]) -> list[TargetWord]:
        """Return the words that name no area, no floor and not "here"."""
        targets = tuple(words)
        places = find_places(targets, self._index)
        return [target for i, target in enumerate(targets) if not places.explains(i, target)]

    def _resolve_without(self, query: TargetQuery) -> Targets | Unclear | None:
        is_local = any(target.is_here for target in query.words) or bool(self.find_areas(query.words))
        everything = self.resolve(
            replace(query, excluded=(), is_all=True, is_everywhere=query.is_everywhere or not is_local)
        )
        if not isinstance(everything, Targets):
            return everything
        excluded = self.resolve(TargetQuery(query.excluded, query.domains, is_all=True, default_kind="*"))
        if not isinstance(excluded, Targets):
            return None
        ids = {named.device.id for named in excluded.devices}
        kept = tuple(named for named in everything.devices if named.device.id not in ids)
        return replace(everything, devices=kept) if kept else None

    # Names

    def _find_named(self, query: TargetQuery, words: list[Word], places: Places) -> Targets | Unclear | None:
        candidates: dict[int, list[NamedDevice]] = {}
        for named in self._devices(query):
            if strength := max(
                (self._strength(named, i, query, words, places) for i in range(len(named.names))), default=0
            ):
                candidates.setdefault(strength, []).append(named)
        if not candidates:
            return None
        return self._choose(candidates[max(candidates)], query, places)

    def _strength(self, named: NamedDevice, number: int, query: TargetQuery, words: list[Word], places: Places) -> int:
        """Return how many words the whole name explains; 0 when it is not there or leaves a word unexplained."""
        found = named.names[number].find_in(words)
        if not found:
            return 0
        if _is_generic(named, found, query) and (query.is_all or not (named.names[number].has_area and places.areas)):
            return 0  # Called just "light" or "curtains": the class of devices decides.
        return len(found) if self._covers(named, found, query, places) else 0

    def _find_called_so(self, query: TargetQuery, words: list[Word]) -> Targets | None:
        """Find the one device that is called just what was said, where a class of devices leaves the choice open."""
        found = [
            named
            for named in self._devices(query)
            if any(
                not name.has_area and len(name.words) == len(words) == len(name.find_in(words)) for name in named.names
            )
        ]
        return Targets(tuple(found)) if len(found) == 1 else None

    def _covers(self, named: NamedDevice, found: frozenset[int], query: TargetQuery, places: Places) -> bool:
        if places.areas and named.device.area_id not in places.areas and not places.words:
            return False
        return all(
            i in found or target.is_here or target.is_home or places.explain(i, named) or _is_of_kinds(named, target)
            or bool(target.word.keys & named.area_words)
            for i, target in enumerate(query.words)
        )  # fmt: skip

    def _find_partly_named(self, query: TargetQuery, words: list[Word], places: Places) -> Targets | Unclear | None:
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

    def _choose(self, found: list[NamedDevice], query: TargetQuery, places: Places) -> Targets | Unclear | None:
        if len(found) > 1 and not query.is_all:
            found = self._narrow(found, query, places)
        if len(found) == 1 or query.is_all:
            return Targets(tuple(found))
        return Unclear(self._tell_apart(found))

    def _narrow(self, found: list[NamedDevice], query: TargetQuery, places: Places) -> list[NamedDevice]:
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

    def _find_kind(self, query: TargetQuery, places: Places) -> Targets | Unclear | None:
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
        self, devices: list[NamedDevice], kind: str, query: TargetQuery, places: Places
    ) -> Targets | Unclear | None:
        if not devices:
            return None
        if places.areas or places.floors:
            return self._in(places.include, devices, kind, query)
        if query.is_everywhere or places.is_home or (query.is_all and not places.is_here):
            return Targets(tuple(devices), kind)
        if any(self._is_here(one) for one in devices):
            return self._in(self._is_here, devices, kind, query)
        if places.is_here:
            return None
        return self._take(devices, kind, query)

    def _in(
        self, is_there: Callable[[NamedDevice], bool], devices: list[NamedDevice], kind: str, query: TargetQuery
    ) -> Targets | Unclear | None:
        there = [one for one in devices if is_there(one)]
        if not there:
            return None
        if kind in _SINGLE and not query.is_all:
            return self._take(there, kind, query)
        return Targets(tuple(there), kind)

    def _take(self, devices: list[NamedDevice], kind: str, query: TargetQuery) -> Targets | Unclear | None:
        """Take the only device, or the only active one; ask which otherwise."""
        if len(devices) > 1 and query.picks_active:
            devices = [one for one in devices if self._is_active(one)] or devices
        if len(devices) > 1 and kind == "music":
            devices = [one for one in devices if one.device.device_class != "tv"] or devices
        if len(devices) == 1:
            return Targets(tuple(devices), kind)
        is_all_of_them = query.picks_active and kind == "light" and self._situation.area_id is None
        if kind not in _SINGLE and (is_all_of_them or len({one.device.area_id for one in devices}) == 1):
            return Targets(tuple(devices), kind)
        return Unclear(self._tell_apart(devices))

    # Devices

    def _devices(self, query: TargetQuery) -> Iterable[NamedDevice]:
        return (named for named in self._index.devices if named.device.domain in query.domains)

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


def _is_kind_or_place(position: int, target: TargetWord, places: Places) -> bool:
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

"""Sentences to commands: what is not wholly understood is no command."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from .clause import Clause, find_names, read_clause
from .index import HouseIndex
from .lexicon import Role
from .model import Action, Command, Property, Reading, Situation, Unclear
from .pieces import Piece
from .plans import Plan, make_plans
from .targets import Resolver, TargetQuery, Targets


def read_commands(pieces: Sequence[Piece], index: HouseIndex, situation: Situation) -> Reading:
    """Return the commands of a sentence that consists of nothing else."""
    if _count_verbs(pieces) <= 1 and not any(piece.has(Role.AND) for piece in pieces):
        reading = _Sequence(index, situation).read([list(pieces)])
        if reading is not None:
            return reading
    return _Sequence(index, situation).read(split(pieces, index))


def split(pieces: Sequence[Piece], index: HouseIndex) -> list[list[Piece]]:
    """Cut a sentence into clauses at conjunctions, commas, and before a second verb."""
    names = find_names(pieces, index)
    clauses: list[list[Piece]] = [[]]
    for number, piece in enumerate(pieces):
        current = clauses[-1]
        if number not in names and (piece.has(Role.AND) or piece.is_mark):
            clauses.append([])
        elif _starts_clause(piece, current):
            clauses.append([piece])
        else:
            current.append(piece)
    return _join(clauses)


def _starts_clause(piece: Piece, current: Sequence[Piece]) -> bool:
    if not _is_verb(piece) or not current or current[-1].has(Role.VERB):
        return False
    return any(_is_verb(other) for other in current)


def _is_verb(piece: Piece) -> bool:
    """Tell whether this is a verb and nothing else: a vacuum is a thing too."""
    return piece.has(Role.VERB) and not piece.has(Role.KIND)


def _join(clauses: list[list[Piece]]) -> list[list[Piece]]:
    """Put back together what a comma or an "and" had cut off: exclusions, politeness, a place in front."""
    joined: list[list[Piece]] = []
    for clause in clauses:
        if joined and _belongs(clause, joined[-1], is_second=len(joined) == 1):
            joined[-1] += clause
        elif clause:
            joined.append(list(clause))
    return joined


def _belongs(clause: list[Piece], before: list[Piece], *, is_second: bool) -> bool:
    if all(piece.has(Role.FILLER) or piece.is_mark for piece in clause):
        return True
    if not _count_verbs(clause) and any(piece.has(Role.EXCEPT) for piece in [*before, *clause[:2]]):
        return True
    return is_second and not _says_what(before)


def _count_verbs(pieces: Sequence[Piece]) -> int:
    return sum(_is_verb(piece) for piece in pieces)


def _says_what(pieces: Sequence[Piece]) -> bool:
    return any(piece.has(Role.VERB, Role.CHANGE, Role.MEDIA) for piece in pieces)


class _Sequence:
    """Reads clause after clause; a later one may leave out what an earlier one said."""

    def __init__(self, index: HouseIndex, situation: Situation) -> None:
        self._index = index
        self._resolver = Resolver(index, situation)

    def read(self, parts: Sequence[Sequence[Piece]]) -> Reading:
        """Return the commands, or what is unclear about the first unclear one; None unless every clause is one."""
        clauses = [read_clause(part, self._index) for part in parts]
        if not clauses or len(clauses) > 5:
            return None
        commands: list[Command] = []
        unclear: Unclear | None = None
        previous: Clause | None = None
        for number, clause in enumerate(clauses):
            if clause is None:
                return None
            followed = next((later for later in clauses[number + 1 :] if later and not later.says_what), None)
            full = _complete(clause, previous)
            reading, used = self._read_clause(full, clause, previous, followed)
            if reading is None:
                return None
            if isinstance(reading, Unclear):
                unclear = unclear or reading
            else:
                commands += reading
            previous = used
        return unclear or tuple(commands)

    def _read_clause(
        self, full: Clause, own: Clause, previous: Clause | None, followed: Clause | None
    ) -> tuple[Reading, Clause]:
        """Return what a clause means, and the clause with what it took over from its neighbours."""
        areas = self._inherited_areas(own, previous, followed)
        for candidate in self._alternatives(full, own, previous):
            for plan, inherited in product(make_plans(candidate), dict.fromkeys((areas, frozenset[str]()))):
                reading = self._resolve(plan, candidate, inherited)
                if reading is not None:
                    return reading, candidate
        return None, full

    def _inherited_areas(self, own: Clause, previous: Clause | None, followed: Clause | None) -> frozenset[str]:
        """Return where a clause is about that names a device and no place: its neighbours may say it."""
        neighbour = previous or followed
        if neighbour is None or (previous and not own.targets) or self._resolver.find_areas(own.targets):
            return frozenset()
        return self._resolver.find_areas(neighbour.targets)

    def _alternatives(self, full: Clause, own: Clause, previous: Clause | None) -> list[Clause]:
        """Return the clause as it stands, and with the devices of the one before where it names none."""
        if previous is None:
            return [full]
        places = self._resolver.find_areas(own.targets)
        if not own.targets and not own.is_all:
            return [replace(full, targets=previous.targets), full]
        if places and not self._resolver.without_places(own.targets):
            kept = self._resolver.without_places(previous.targets)
            return [replace(full, targets=[*kept, *own.targets])] if kept else [full]
        return [full]

    def _resolve(self, plan: Plan, clause: Clause, areas: frozenset[str]) -> Reading:
        query = TargetQuery(
            words=tuple(clause.targets),
            domains=plan.domains,
            is_all=clause.is_all,
            is_everywhere=clause.is_everywhere,
            default_kind=_default_kind(plan, clause),
            excluded=tuple(clause.excluded),
            areas=areas,
            picks_active=plan.picks_active,
        )
        if clause.is_exclusion and not clause.excluded:
            return None
        found = self._resolver.resolve(query)
        if found is None and plan.action is Action.START and query.words:
            return self._clean_areas(plan, query)
        if not isinstance(found, Targets):
            return found
        return _make_commands(plan, found) or None

    def _clean_areas(self, plan: Plan, query: TargetQuery) -> Reading:
        """Send the vacuum to the areas that are named: it stands in another one."""
        areas = self._resolver.find_areas(query.words)
        others = tuple(self._resolver.without_places(query.words))
        found = self._resolver.resolve(replace(query, words=others))
        if not areas or not isinstance(found, Targets):
            return None
        command = _make_commands(plan, found)[0]
        return (replace(command, text=",".join(sorted(areas))),)


def _default_kind(plan: Plan, clause: Clause) -> str | None:
    if (
        plan.default_kind is None
        and (clause.is_all or clause.excluded)
        and plan.action in {Action.TURN_OFF, Action.TURN_ON}
    ):
        return "thing"
    return plan.default_kind


def _complete(clause: Clause, previous: Clause | None) -> Clause:
    """Return a clause with the verb and the value of the one before, where it has none of its own."""
    if previous is None or clause.says_what:
        return clause
    if clause.has_value:
        return replace(clause, verbs=previous.verbs)
    return replace(
        clause, verbs=previous.verbs, particles=previous.particles, changes=previous.changes, media=previous.media,
        numbers=previous.numbers, levels=previous.levels, units=previous.units, modes=previous.modes,
        colors=previous.colors, properties=clause.properties or previous.properties, is_goal=previous.is_goal,
        is_all=clause.is_all or previous.is_all,
    )  # fmt: skip


_PROPERTY_OF = {
    "light": Property.BRIGHTNESS, "media_player": Property.VOLUME, "climate": Property.TEMPERATURE,
    "water_heater": Property.TEMPERATURE, "fan": Property.SPEED, "cover": Property.POSITION,
    "valve": Property.POSITION, "humidifier": Property.HUMIDITY,
}  # fmt: skip
_ACTION_OF = {
    (Action.TURN_ON, "vacuum"): Action.START,
    (Action.TURN_OFF, "vacuum"): Action.DOCK,
    (Action.OPEN, "lock"): Action.UNLOCK,
    (Action.CLOSE, "lock"): Action.LOCK,
    (Action.STOP, "media_player"): Action.PAUSE,
    (Action.PLAY, "scene"): Action.TURN_ON,
    (Action.PLAY, "script"): Action.TURN_ON,
    (Action.START, "script"): Action.TURN_ON,
}


def _make_commands(plan: Plan, found: Targets) -> tuple[Command, ...]:
    """Return one command for each domain, with the action and the property that suit it."""
    by_domain: dict[str, list[str]] = {}
    for named in found.devices:
        by_domain.setdefault(named.device.domain, []).append(named.device.id)
    commands: dict[tuple[Action, Property | None], Command] = {}
    for domain, ids in by_domain.items():
        action = _ACTION_OF.get((plan.action, domain), plan.action)
        prop = _PROPERTY_OF[domain] if plan.prop is Property.LEVEL else plan.prop
        merged = commands.get((action, prop))
        targets = (*(merged.targets if merged else ()), *ids)
        commands[action, prop] = Command(action, targets, prop, plan.value, plan.text, found.kind)
    return tuple(commands.values())

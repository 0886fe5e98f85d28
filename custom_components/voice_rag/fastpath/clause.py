"""One clause of a command, as the slots that its pieces fill."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from .index import HouseIndex
from .lexicon import Role
from .pieces import Piece
from .places import TargetWord
from .tokens import Word


@dataclass(slots=True)
class Clause:
    """What a clause says; empty slots were not mentioned."""

    verbs: frozenset[str] = frozenset()
    """All that its verb can mean; empty without a verb."""
    particles: list[str] = field(default_factory=list)
    """English: ON, OFF, UP, DOWN."""
    targets: list[TargetWord] = field(default_factory=list)
    excluded: list[TargetWord] = field(default_factory=list)
    properties: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    numbers: list[float] = field(default_factory=list)
    levels: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    modes: list[str] = field(default_factory=list)
    colors: list[str] = field(default_factory=list)
    media: list[str] = field(default_factory=list)
    is_all: bool = False
    is_everywhere: bool = False
    is_exclusion: bool = False
    is_goal: bool = False
    """The number is where to go, not how far: "up TO thirty"."""

    @property
    def kinds(self) -> frozenset[str]:
        """Return the classes of devices that are mentioned."""
        return frozenset(kind for target in self.targets for kind in target.kinds)

    @property
    def says_what(self) -> bool:
        """Tell whether there is a verb, or another word that says what to do."""
        return bool(self.verbs or self.changes or self.media)

    @property
    def has_value(self) -> bool:
        """Tell whether a number, a level, a mode or a colour is mentioned."""
        return bool(self.numbers or self.levels or self.modes or self.colors)


_DONE = frozenset({Role.FILLER, Role.AND, Role.LITTLE, Role.MORE})
_LISTS = (
    (Role.CHANGE, "changes"),
    (Role.LEVEL, "levels"),
    (Role.UNIT, "units"),
    (Role.MEDIA, "media"),
)
_OVERRIDABLE = frozenset(
    {Role.KIND, Role.MUSIC, Role.MODE, Role.FILLER, Role.ASIDE, Role.CLOCK, Role.WEATHER, Role.LIST}
)


def read_clause(pieces: Sequence[Piece], index: HouseIndex) -> Clause | None:
    """Return the slots of a clause; None when a word belongs to no command."""
    clause = Clause()
    names = find_names(pieces, index)
    for number, piece in enumerate(pieces):
        targets = clause.excluded if clause.is_exclusion else clause.targets
        if number in names:
            targets += _name_words(piece, index)
        elif not _fill(clause, piece, targets, _floor_number(pieces, number, index)):
            return None
    _apply_particle(clause, pieces)
    return clause


def _apply_particle(clause: Clause, pieces: Sequence[Piece]) -> None:
    """Give "turn" the meaning of its particle; "lights off" has no verb at all."""
    if not clause.particles:
        return
    is_last = next(piece for piece in reversed(pieces) if not piece.is_mark).has(Role.PARTICLE)
    if "turn" in clause.verbs or (not clause.verbs and is_last):
        clause.verbs = frozenset({clause.particles[0] if "turn" in clause.verbs else clause.particles[-1]})


def _name_words(piece: Piece, index: HouseIndex) -> list[TargetWord]:
    prepositions = index.lexicon.vocabulary.prepositions
    kinds = piece.values(Role.KIND)
    return [TargetWord(word, kinds) for word in piece.words if word.text not in prepositions]


def _fill(clause: Clause, piece: Piece, targets: list[TargetWord], floor: int | None) -> bool:
    """Put a piece where it belongs; False when it has no place in a clause."""
    if piece.is_mark:
        return True
    if floor is not None:
        targets += [TargetWord(word, floor=floor) for word in piece.words]
        return True
    if piece.number is not None:
        clause.numbers.append(piece.number)
        return True
    if not piece.meanings:
        targets += [TargetWord(word) for word in piece.words]
        return True
    return _fill_verb(clause, piece) or _fill_thing(clause, piece, targets) or _fill_small(clause, piece, targets)


def _fill_verb(clause: Clause, piece: Piece) -> bool:
    if piece.has(Role.VERB) and not (clause.verbs and piece.has(Role.KIND)):
        verbs = _combine(clause.verbs, piece.values(Role.VERB))
        clause.verbs = verbs or frozenset()
        clause.is_exclusion = False
        return verbs is not None
    if piece.has(Role.PARTICLE):
        clause.particles += sorted(piece.values(Role.PARTICLE))
        return True
    return False


def _combine(first: frozenset[str], second: frozenset[str]) -> frozenset[str] | None:
    """Return what two verbs mean together; None when they contradict each other: "stop switching on"."""
    if not first or first & second:
        return first & second or second
    if "stop" in first:
        return frozenset({"stop", "clean"}) if "clean" in second else None
    return second if first & {"start", "set", "find"} else None


def _fill_thing(clause: Clause, piece: Piece, targets: list[TargetWord]) -> bool:
    for role, slot in _LISTS:
        if (value := piece.value(role)) is not None:
            getattr(clause, slot).append(value)
            return True
    if (color := piece.value(Role.COLOR)) is not None:
        clause.colors.append(color)
        return True
    if (prop := piece.value(Role.PROPERTY)) is not None:
        clause.properties.append(prop)
        if not piece.has(Role.KIND):
            return True
    if (mode := piece.value(Role.MODE)) is not None:
        clause.modes.append(mode)
        if not piece.has(Role.KIND):
            return True
    if piece.has(Role.KIND):
        targets += [TargetWord(word, piece.values(Role.KIND)) for word in piece.words]
        return True
    return False


def _fill_small(clause: Clause, piece: Piece, targets: list[TargetWord]) -> bool:
    if piece.has(Role.ALL):
        clause.is_all = True
        clause.is_everywhere = clause.is_everywhere or piece.value(Role.ALL) == "everywhere"
    elif piece.has(Role.EXCEPT):
        clause.is_exclusion = True
    elif piece.has(Role.HERE):
        targets.append(TargetWord(piece.words[-1], is_here=True))
    elif piece.has(Role.HOME):
        targets.append(TargetWord(piece.words[-1], is_home=True))
    elif piece.has(Role.TO):
        clause.is_goal = True
    else:
        return piece.has(Role.BY, *_DONE) or piece.value(Role.AFTER) == "in"
    return True


_FLOORS = {"top": -1, "bottom": -2}


def _floor_number(pieces: Sequence[Piece], position: int, index: HouseIndex) -> int | None:
    """Return the number of a floor where the piece is "floor" or the number beside it."""
    piece = pieces[position]
    if (value := piece.value(Role.FLOOR)) is not None:
        return _FLOORS.get(value, 0)
    neighbours = [*pieces[max(position - 1, 0) : position], *pieces[position + 1 : position + 2]]
    if not any(other.has(Role.FLOOR) for other in neighbours):
        return None
    if piece.number is not None:
        return int(piece.number)
    ordinals = index.lexicon.vocabulary.ordinals
    return next((ordinals[lemma] for lemma in piece.words[0].lemmas if lemma in ordinals), None)


def find_names(pieces: Sequence[Piece], index: HouseIndex) -> frozenset[int]:
    """Return which pieces belong to the name of a device or an area rather than mean what they say: "warm floor"."""
    words: list[Word] = []
    owners: list[int] = []
    for number, piece in enumerate(pieces):
        words += piece.words
        owners += [number] * len(piece.words)
    found: set[int] = set()
    names = [name for named in index.devices if named.device.domain not in _READ_ONLY for name in named.names]
    names += [name for named in index.areas for name in named.names]
    for name in names:
        positions = name.find_in(words)
        if positions and _is_together(positions, words, index):
            taken = {owners[position] for position in positions}
            if _may_take(taken, pieces, is_phrase=len(name.words) > 1):
                found |= taken
    return frozenset(found)


_READ_ONLY = frozenset({"sensor", "binary_sensor", "weather"})
"""Their names are what is measured: "temperature" stays a property."""


def _may_take(taken: set[int], pieces: Sequence[Piece], *, is_phrase: bool) -> bool:
    if is_phrase:
        return not any(pieces[number].has(Role.VERB, Role.EXCEPT, Role.AND, Role.ALL) for number in taken)
    return all(
        {meaning.role for meaning in pieces[number].meanings} <= _OVERRIDABLE and pieces[number].number is None
        for number in taken
    )


def _is_together(positions: frozenset[int], words: Sequence[Word], index: HouseIndex) -> bool:
    """Tell whether only small words stand between the words of a name."""
    between = set(range(min(positions), max(positions))) - positions
    return all(words[position].text in index.lexicon.vocabulary.prepositions for position in between)

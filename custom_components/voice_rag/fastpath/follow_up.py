"""Half a sentence after a whole one: "turn on the light in the kitchen" and then "in the hall too". Pure.

The words of the second one stand in the first one's places for a verb, a thing, a place or a value.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from .index import HouseIndex, NamedDevice, NamedPlace
from .lexicon import Role
from .model import Action, Command, Situation, Unclear
from .pieces import Piece, cut
from .sentence import read_sentence

MAX_PIECES = 6
_FREE_TEXT = frozenset(action for action in Action if action.startswith(("timer_", "list_"))) | {Action.PLAY_MEDIA}
"""What takes words that nothing explains, and so also what is left over of another command."""
_CONTINUABLE = frozenset(Action) - _FREE_TEXT - {Action.DELAY, Action.NEVERMIND}


class _Slot(StrEnum):
    VERB = "verb"
    THING = "thing"
    PLACE = "place"
    VALUE = "value"


def is_continuable(commands: tuple[Command, ...]) -> bool:
    """Tell whether half a sentence may follow: a second timer or item would not replace the first."""
    return all(command.action in _CONTINUABLE for command in commands)


def follow_up(
    previous: str, text: str, index: HouseIndex, situation: Situation
) -> tuple[str, tuple[Command, ...] | Unclear] | None:
    """Return the whole sentence that half a one stands for after another, and what it means; None for no such half."""
    begun = cut(index.lexicon.read(previous), index.lexicon)
    added = [piece for piece in cut(index.lexicon.read(text), index.lexicon) if not _is_opening(piece)]
    slots = [slot for piece in added if (slot := _slot_of(piece, index)) is not None]
    if not added or len(added) > MAX_PIECES or len(slots) < len([piece for piece in added if not _is_small(piece)]):
        return None
    if (not slots and not _wants_more(added, begun)) or _is_lone_number(added, begun, index):
        return None
    if any(piece.has(Role.EXCEPT) for piece in begun):
        return None  # what is kept out and what is meant cannot be told apart
    for replaced in _replaceable(frozenset(slots)):
        whole = _replace(begun, added, replaced, index)
        reading = read_sentence(whole, index, situation)
        if isinstance(reading, Unclear) or (reading and _FREE_TEXT.isdisjoint(one.action for one in reading)):
            return whole, reading
    return None


def _is_opening(piece: Piece) -> bool:
    return piece.is_mark or piece.has(Role.AND, Role.INSTEAD)


def _is_small(piece: Piece) -> bool:
    return piece.has(Role.FILLER, Role.LITTLE, Role.MORE, Role.BY, Role.TO, Role.AFTER, Role.UNIT)


def _wants_more(added: Sequence[Piece], begun: Sequence[Piece]) -> bool:
    """Tell whether a change is asked for once more: "louder" and then "more"."""
    return any(piece.has(Role.MORE) for piece in added) and any(piece.has(Role.CHANGE) for piece in begun)


def _is_lone_number(added: Sequence[Piece], begun: Sequence[Piece], index: HouseIndex) -> bool:
    """Tell whether a number comes without a unit, and takes no other's place: "one more" is no volume."""
    if not any(piece.number is not None for piece in added) or any(piece.has(Role.UNIT) for piece in added):
        return False
    return all(_slot_of(piece, index) is not _Slot.VALUE for piece in begun)


def _replaceable(slots: frozenset[_Slot]) -> Iterable[frozenset[_Slot]]:
    """Return what makes room, in the order to try: another thing may stand in another place."""
    yield slots
    if _Slot.THING in slots:
        yield slots | {_Slot.PLACE}


def _replace(begun: Sequence[Piece], added: Sequence[Piece], slots: frozenset[_Slot], index: HouseIndex) -> str:
    kept: list[str] = []
    position: int | None = None
    for piece in begun:
        if piece.is_mark:
            continue
        if _slot_of(piece, index) in slots:
            position = len(kept) if position is None else position
        else:
            kept += [word.text for word in piece.words]
    new = [word.text for piece in added for word in piece.words]
    position = len(kept) if position is None else position
    return " ".join([*kept[:position], *new, *kept[position:]])


def _slot_of(piece: Piece, index: HouseIndex) -> _Slot | None:
    if piece.number is not None or piece.has(Role.LEVEL):
        return _Slot.VALUE
    if piece.has(Role.VERB, Role.PARTICLE, Role.CHANGE) and not piece.has(Role.KIND):
        return _Slot.VERB
    if piece.has(Role.HERE, Role.HOME, Role.FLOOR) or piece.value(Role.WEATHER) == "outside":
        return _Slot.PLACE
    if _names_one(piece, (*index.areas, *index.floors)):
        return _Slot.PLACE
    if piece.has(Role.KIND) or (not _is_small(piece) and _names_one(piece, index.devices)):
        return _Slot.THING
    return None


def _names_one(piece: Piece, named: Iterable[NamedPlace | NamedDevice]) -> bool:
    keys = piece.words[0].keys
    return any(keys & word.keys for one in named for name in one.names for word in name.words)

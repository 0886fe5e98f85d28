"""Shopping and to-do lists: "add milk and bread to the shopping list", "what is on the list"."""

from collections.abc import Sequence

from .index import HouseIndex, NamedDevice
from .lexicon import Role
from .model import Action, Command, Reading
from .pieces import Piece

_MAX_ITEM_WORDS = 6


def read_list(pieces: Sequence[Piece], index: HouseIndex) -> Reading:
    """Return the commands that add items to a list, tick them off or read them; None when no list is meant."""
    if (reading := _read_items(pieces, index)) is not None:
        return reading
    verbs = frozenset(value for piece in pieces for value in piece.values(Role.VERB))
    lists = [piece for piece in pieces if piece.has(Role.LIST)]
    action = _action(verbs, has_list=bool(lists), opens=_opens_with_verb(pieces))
    if action is None:
        return None
    target = _find_list(pieces, index)
    items = _items(pieces, target, index)
    if not items or any(len(item.split()) > _MAX_ITEM_WORDS for item in items):
        return None
    targets = (target.device.id,) if target else ()
    if not targets and not any(piece.value(Role.LIST) == "shopping" for piece in lists):
        return None
    return tuple(Command(action, targets, text=item) for item in items)


def _read_items(pieces: Sequence[Piece], index: HouseIndex) -> Reading:
    """What is on the list, what do we have to buy?"""
    asked = [piece for piece in pieces if not piece.is_mark]
    if not any(piece.values(Role.ASK) & {"what", "tell", "list"} for piece in asked):
        return None
    if not any(piece.has(Role.LIST) or "buy" in piece.values(Role.VERB) for piece in asked):
        return None
    target = _find_list(pieces, index)
    if target is None or not all(_says_which_list(piece, _names(target)) for piece in asked):
        return None
    return (Command(Action.LIST_READ, (target.device.id,)),)


def _says_which_list(piece: Piece, names: set[str]) -> bool:
    if piece.has(Role.VERB) and not piece.has(Role.ASK):
        return "buy" in piece.values(Role.VERB)
    return piece.has(Role.ASK, Role.LIST, Role.FILLER, Role.PARTICLE) or bool(piece.words[0].keys & names)


def _action(verbs: frozenset[str], *, has_list: bool, opens: bool) -> Action | None:
    if not opens:
        return None
    if has_list and "complete" in verbs and "add" not in verbs:
        return Action.LIST_COMPLETE
    return Action.LIST_ADD if has_list and verbs & {"add", "buy"} else None


def _opens_with_verb(pieces: Sequence[Piece]) -> bool:
    """Tell whether nothing but politeness and the list itself stands before the verb."""
    for piece in pieces:
        if piece.has(Role.VERB):
            return True
        if not (piece.has(Role.FILLER, Role.LIST) or piece.is_mark):
            return False
    return False


def _shopping_list(index: HouseIndex) -> NamedDevice | None:
    lists = [named for named in index.devices if named.device.domain == "todo"]
    shopping = [named for named in lists if _is_shopping(named, index)]
    return (shopping or lists)[0] if shopping or len(lists) == 1 else None


def _is_shopping(named: NamedDevice, index: HouseIndex) -> bool:
    return any(
        meaning.role is Role.LIST and meaning.value == "shopping"
        for name in named.names
        for position in range(len(name.words))
        for meaning in index.lexicon.find(name.words, position)[1]
    )


def _find_list(pieces: Sequence[Piece], index: HouseIndex) -> NamedDevice | None:
    if any(piece.value(Role.LIST) == "shopping" for piece in pieces):
        return _shopping_list(index)
    words = [word for piece in pieces for word in piece.words]
    for named in index.devices:
        if named.device.domain == "todo" and any(name.find_in(words) for name in named.names):
            return named
    return _shopping_list(index)


def _items(pieces: Sequence[Piece], target: NamedDevice | None, index: HouseIndex) -> list[str]:
    """Return the things that are named, as a dictionary has them where that is clear."""
    names = _names(target) if target else set()
    items: list[list[str]] = [[]]
    verb = next(piece for piece in pieces if piece.has(Role.VERB))
    is_after_list = False
    for number, piece in enumerate(pieces):
        is_after_list = is_after_list or piece.has(Role.LIST)
        if piece.has(Role.AND) or piece.words[0].text == ",":
            items.append([])
        elif piece is not verb and not _is_about_list(number, pieces, names if is_after_list else set(), items[-1]):
            items[-1] += [word.text for word in piece.words]
    return [index.lexicon.morphology.to_nominative(" ".join(item)) for item in items if item]


def _names(target: NamedDevice) -> set[str]:
    return {key for name in target.names for word in name.words for key in word.keys}


def _is_about_list(number: int, pieces: Sequence[Piece], names: set[str], item: Sequence[str]) -> bool:
    """Tell whether a piece says which list, or nothing at all, rather than what goes there."""
    piece = pieces[number]
    if piece.is_preposition or piece.has(Role.TO, Role.BY, Role.PARTICLE):
        following = next((other for other in pieces[number + 1 :] if not other.has(Role.FILLER)), None)
        return not item or bool(following and following.has(Role.LIST))
    return piece.is_mark or piece.has(Role.LIST, Role.FILLER) or bool(piece.words[0].keys & names)

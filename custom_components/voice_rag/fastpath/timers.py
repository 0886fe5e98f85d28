"""Timers, reminders, and commands for later."""

from collections.abc import Callable, Sequence

from .lexicon import Role
from .model import Action, Command, Reading
from .pieces import Piece

_SECONDS = {"hour": 3600, "minute": 60, "second": 1}
_STARTING = frozenset({"set", "on", "start", "add", "up", "remind", "find"})


def read_timer(pieces: Sequence[Piece], read_rest: Callable[[Sequence[Piece]], Reading]) -> Reading:
    """Return the command about a timer, or the delayed command; None when there is none.

    `read_rest` tells whether what is left without the time is a command of its own.
    """
    seconds, rest = take_duration(pieces)
    verbs = frozenset(value for piece in pieces for value in piece.values(Role.VERB))
    if any(piece.has(Role.TIMER) for piece in pieces):
        return _read_timer_command(seconds, rest, verbs)
    if _asks_for_rest(pieces):
        return (Command(Action.TIMER_STATUS),)
    return _read_duration(seconds, pieces, rest, verbs, read_rest) if seconds else None


def _read_duration(
    seconds: float,
    pieces: Sequence[Piece],
    rest: Sequence[Piece],
    verbs: frozenset[str],
    read_rest: Callable[[Sequence[Piece]], Reading],
) -> Reading:
    """Read a time without the word for a timer: one more minute, a reminder, a command for later."""
    if "up" in verbs and all(piece.has(Role.VERB, Role.FILLER, Role.BY) or piece.is_mark for piece in rest):
        return (Command(Action.TIMER_MORE, value=seconds),)
    if "remind" in verbs:
        name = _text_of(rest, {Role.VERB, Role.AFTER}, only_leading=True)
        return (Command(Action.TIMER_START, value=seconds, text=name),)
    if any(piece.has(Role.AFTER) for piece in pieces) and isinstance(read_rest(_without_after(rest)), tuple):
        return (Command(Action.DELAY, value=seconds, text=_join(_without_after(rest))),)
    return None


def take_duration(pieces: Sequence[Piece]) -> tuple[float, list[Piece]]:
    """Return the time that is mentioned, in seconds (0: none), and the pieces without it."""
    total = 0.0
    rest: list[Piece] = []
    for position, piece in enumerate(pieces):
        unit = piece.value(Role.UNIT)
        if unit in _SECONDS:
            total += _SECONDS[unit] * _take_count(pieces, position, rest)
        elif piece.number is not None and _is_short_minutes(pieces, position):
            total += 60 * piece.number
        else:
            rest.append(piece)
    return total, rest


def _is_short_minutes(pieces: Sequence[Piece], position: int) -> bool:
    """Tell whether a number without a unit follows an hour: "an hour fifteen"."""
    after = pieces[position + 1] if position + 1 < len(pieces) else None
    before = pieces[position - 1] if position else None
    return before is not None and before.value(Role.UNIT) == "hour" and not (after and after.has(Role.UNIT))


def _take_count(pieces: Sequence[Piece], position: int, rest: list[Piece]) -> float:
    """Return the number before a unit, taking it out of the rest; 1 for "a minute"."""
    before = pieces[position - 1] if position else None
    if before is None or not rest or rest[-1] is not before:
        return 1
    if before.number is not None:
        rest.pop()
        return before.number
    if (level := before.value(Role.LEVEL)) and level.isdigit():
        rest.pop()
        return float(level) / 100
    return 1


def _read_timer_command(seconds: float, rest: Sequence[Piece], verbs: frozenset[str]) -> Reading:
    action = _action_on_running(seconds, rest, verbs)
    if action is not None:
        # "Turn off the timer and the television" is more than a timer.
        is_all = any(piece.has(Role.ALL) for piece in rest)
        is_whole = all(piece.meanings and not piece.has(Role.KIND) for piece in rest if not piece.is_mark)
        return (Command(action, value=seconds or None, text="all" if is_all else ""),) if is_whole else None
    if seconds and (not verbs or verbs & _STARTING):
        name = _text_of(rest, {Role.VERB, Role.TIMER, Role.BY, Role.FILLER, Role.AND}, only_leading=False)
        return (Command(Action.TIMER_START, value=seconds, text=name),) if len(name.split()) <= 3 else None
    return None


def _action_on_running(seconds: float, rest: Sequence[Piece], verbs: frozenset[str]) -> Action | None:
    """Return what is to be done with a timer that runs already; None when a new one is meant."""
    if any(piece.value(Role.MEDIA) == "pause" for piece in rest) or verbs & {"pause", "resume"}:
        return Action.TIMER_RESUME if verbs & {"take_off", "resume"} else Action.TIMER_PAUSE
    if verbs & {"off", "stop", "remove"} or ("cancel" in verbs and "up" not in verbs):
        return Action.TIMER_CANCEL
    if any(piece.has(Role.ASK) for piece in rest):
        return Action.TIMER_STATUS
    if seconds and verbs & {"up", "down"} and "remind" not in verbs and _mentions(rest, "к"):
        return Action.TIMER_MORE if "up" in verbs else Action.TIMER_LESS
    return None


def _mentions(pieces: Sequence[Piece], text: str) -> bool:
    return any(word.text == text for piece in pieces for word in piece.words)


def _asks_for_rest(pieces: Sequence[Piece]) -> bool:
    asked = any(piece.value(Role.ASK) == "left" for piece in pieces)
    return asked and all(piece.has(Role.ASK, Role.FILLER, Role.BY) or piece.is_mark for piece in pieces)


def _without_after(pieces: Sequence[Piece]) -> list[Piece]:
    return [piece for piece in pieces if not piece.has(Role.AFTER)]


def _text_of(pieces: Sequence[Piece], dropped: set[Role], *, only_leading: bool) -> str:
    """Return the words that say what the timer is for."""
    kept = list(pieces)
    if only_leading:
        while kept and (kept[0].has(Role.FILLER, *dropped) or kept[0].is_mark):
            kept.pop(0)
        return _join(kept)
    return _join([piece for piece in kept if not piece.has(*dropped) and not piece.is_mark])


def _join(pieces: Sequence[Piece]) -> str:
    return " ".join(word.text for piece in pieces for word in piece.words if not word.is_mark)

"""The way in: what a sentence means in this house, at this moment."""

from collections.abc import Sequence

from .index import HouseIndex
from .lexicon import Role
from .lists import read_list
from .model import Action, Command, Reading, Situation
from .music import read_music
from .parser import read_commands, split
from .pieces import Piece, cut_without_asides, has_unknown_aside
from .questions import read_question
from .timers import read_timer
from .tokens import Word

MAX_WORDS = 30
"""A longer sentence is a story."""


def read_sentence(text: str, index: HouseIndex, situation: Situation) -> Reading:
    """Return the commands of a sentence, the question it leaves open, or None: it is for somebody else.

    Some milliseconds at most; pure, so that it may run anywhere.
    """
    words = index.lexicon.read(text)
    if not words or len(words) > MAX_WORDS:
        return None
    reading = _read(words, index, situation)
    if reading is None and (mended := _mend(words, index)) != words:
        reading = _read(mended, index, situation)
    return reading


def _mend(words: list[Word], index: HouseIndex) -> list[Word]:
    """Return the sentence with slips of the recogniser put right: words of no language that are nearly a name."""
    return [
        index.nearest_word(word) or word if not word.is_known and len(word.text) >= _MIN_MENDED else word
        for word in words
    ]


_MIN_MENDED = 5


def _read(words: Sequence[Word], index: HouseIndex, situation: Situation) -> Reading:
    pieces = _without_opening(cut_without_asides(words, index.lexicon))
    if has_unknown_aside(pieces):
        # Lists, timers and music take words that nothing explains: this one would be among them.
        return read_commands(pieces, index, situation)
    for reading in (_read_cancel(pieces, index, situation), read_list(pieces, index)):
        if reading is not None:
            return reading
    if (timer := _read_timer(pieces, index, situation)) is not None:
        return timer
    if (both := _read_with_question(pieces, index, situation)) is not None:
        return both
    for read in (read_question, read_commands, read_music):
        if (reading := read(pieces, index, situation)) is not None:
            return reading
    return None


def _without_opening(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces without what only leads to them: "and what time is it", "no, switch on the lamp"."""
    for number, piece in enumerate(pieces):
        if not (piece.is_mark or piece.has(Role.FILLER, Role.AND, Role.INSTEAD)):
            return [*(one for one in pieces[:number] if not one.has(Role.AND, Role.INSTEAD)), *pieces[number:]]
    return list(pieces)


def _read_timer(pieces: Sequence[Piece], index: HouseIndex, situation: Situation) -> Reading:
    """Read a timer, or several commands of which some are about timers."""

    def read_rest(rest: Sequence[Piece]) -> Reading:
        return read_commands(rest, index, situation)

    parts = split(pieces, index)
    if len(parts) > 1 and all(any(piece.has(Role.VERB) for piece in part) for part in parts):
        readings = [read_timer(part, read_rest) for part in parts]
        if any(readings):
            readings = [timer or read_rest(part) for timer, part in zip(readings, parts, strict=True)]
            if all(isinstance(reading, tuple) for reading in readings):
                return tuple(command for reading in readings if isinstance(reading, tuple) for command in reading)
    return read_timer(pieces, read_rest)


def _read_with_question(pieces: Sequence[Piece], index: HouseIndex, situation: Situation) -> Reading:
    """Read commands and questions in one sentence: "switch on the lamp and tell me how warm it is"."""
    parts = [part for part in split(pieces, index) if not _only_asks(part)]
    questions = [read_question(part, index, situation) for part in parts]
    if len(parts) <= 1 or not any(questions):
        return None
    readings = [asked or read_commands(part, index, situation) for asked, part in zip(questions, parts, strict=True)]
    if not all(isinstance(reading, tuple) for reading in readings):
        return None
    return tuple(command for reading in readings if isinstance(reading, tuple) for command in reading)


def _only_asks(pieces: Sequence[Piece]) -> bool:
    """Tell whether a question only begins here: "tell me,"."""
    return all(piece.has(Role.ASK, Role.FILLER) or piece.is_mark for piece in pieces)


_MOVING = frozenset({"opening", "closing"})


def _read_cancel(pieces: Sequence[Piece], index: HouseIndex, situation: Situation) -> Reading:
    """Never mind, thanks, stop: stop what moves or plays here, or say nothing."""
    spoken = [piece for piece in pieces if not piece.is_mark]
    if not spoken or not all(piece.has(Role.CANCEL, Role.SMALL_TALK, Role.FILLER) for piece in spoken):
        return None
    if any(piece.value(Role.CANCEL) == "stop" for piece in spoken):
        return _stop_here(index, situation)
    if any(piece.has(Role.CANCEL, Role.SMALL_TALK) for piece in spoken):
        return (Command(Action.NEVERMIND),)
    return None


def _stop_here(index: HouseIndex, situation: Situation) -> Reading:
    here = [named.device for named in index.devices if named.device.area_id == situation.area_id]
    moving = tuple(device.id for device in here if situation.state_of(device.id) in _MOVING)
    if moving:
        return (Command(Action.STOP, moving),)
    playing = tuple(device.id for device in here if situation.state_of(device.id) == "playing")
    return (Command(Action.PAUSE, playing),) if playing else (Command(Action.NEVERMIND),)

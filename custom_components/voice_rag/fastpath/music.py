"""Music that has to be looked for: "put on a song by Kino"."""

from collections.abc import Sequence

from .index import HouseIndex
from .lexicon import Role
from .model import Action, Command, Reading, Situation
from .pieces import Piece
from .places import TargetWord
from .plans import MEDIA
from .targets import Resolver, TargetQuery, Targets

_VERBS = frozenset({"find", "play", "on", "set"})
_STRANGE = (Role.ASK, Role.AFTER, Role.TIMER, Role.LIST, Role.STATE, Role.EXCEPT, Role.CANCEL)


def read_music(pieces: Sequence[Piece], index: HouseIndex, situation: Situation) -> Reading:
    """Return the search; None unless a verb opens the sentence and the kind of music is named."""
    spoken = [piece for piece in pieces if not piece.is_mark]
    while spoken and spoken[0].has(Role.FILLER):
        spoken.pop(0)
    if not spoken or not spoken[0].values(Role.VERB) & _VERBS or any(piece.has(*_STRANGE) for piece in spoken):
        return None
    rest = [piece for piece in spoken[1:] if not _names_place(piece, index, situation)]
    if sum(piece.has(Role.VERB) for piece in rest) or not any(piece.has(Role.MUSIC) for piece in rest):
        return None
    while rest and (rest[-1].is_preposition or rest[-1].has(Role.FILLER)):
        rest.pop()
    query = " ".join(word.text for piece in rest for word in piece.words)
    if len(rest) < 2 and not any(piece.value(Role.MUSIC) == "station" for piece in rest):
        return None  # "Play music" goes on with what was playing.
    return (Command(Action.PLAY_MEDIA, _find_player(spoken, index, situation), text=query),)


def _names_place(piece: Piece, index: HouseIndex, situation: Situation) -> bool:
    return bool(Resolver(index, situation).find_areas([TargetWord(word) for word in piece.words]))


def _find_player(pieces: Sequence[Piece], index: HouseIndex, situation: Situation) -> tuple[str, ...]:
    places = [TargetWord(word) for piece in pieces if _names_place(piece, index, situation) for word in piece.words]
    found = Resolver(index, situation).resolve(TargetQuery(tuple(places), MEDIA, default_kind="music"))
    return (found.devices[0].device.id,) if isinstance(found, Targets) else ()

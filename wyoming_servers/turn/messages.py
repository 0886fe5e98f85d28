"""The JSON of the turn detection server; the wire form is `tests/contract/turn/`.

    POST /infer   {"context": [...], "message": ..., "language"?} -> {"probas": {"wait", "speak"}}
    POST /policy  the same, with "patience"? -> {"probas": {...}, "bound": ..., "pause_ms": ...}

A list of the one becomes a list of the other, in the same order.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from .detector import Pause
from .judgement import Judgement
from .policy import pause_ms
from .settings import Patience, TurnSettings
from .survival import DEFAULT_PAUSES
from .text import language_of

MOST_MESSAGES = 1024
"""In one request."""

LONGEST_TEXT = 10_000
"""Of a message or an earlier turn, in characters."""

MOST_TURNS = 32
"""Of the context: the latest are looked at."""


class MessageError(ValueError):
    """The request is not in the agreed form; the message says where."""


def parse_request(data: Any, most: int = MOST_MESSAGES) -> Sequence[Pause]:
    """Return what is asked; one object is a list of one. Raises: MessageError."""
    entries = data if isinstance(data, list) else [data]
    if len(entries) > most:
        raise MessageError(f"The list has {len(entries)} entries; at most {most} are taken at once.")
    return [_parse(entry, f"Entry {number}" if entries is data else "It") for number, entry in enumerate(entries)]


def to_json(completeness: float) -> Mapping[str, Any]:
    """Return the answer for one message."""
    speak = min(1.0, max(0.0, float(completeness)))
    return {"probas": {"wait": 1.0 - speak, "speak": speak}}


def parse_patience(entry: Mapping[str, Any]) -> Patience:
    """Return the patience that an entry asks for. Raises: MessageError."""
    try:
        return Patience(entry.get("patience", Patience.DEFAULT))
    except ValueError as err:
        raise MessageError(f"'patience' must be one of {', '.join(Patience)}.") from err


def policy_to_json(judgement: Judgement, patience: Patience) -> Mapping[str, Any]:
    """Return the answer for one message with the length of the pause after which the turn is over."""
    waited = pause_ms(judgement, DEFAULT_PAUSES, TurnSettings(patience=patience))
    return {**to_json(judgement.probability), "bound": judgement.bound, "pause_ms": round(waited)}


def from_json(data: Any) -> float:
    """Return the probability in an answer. Raises: MessageError."""
    try:
        speak = float(data["probas"]["speak"])
    except (KeyError, TypeError, ValueError) as err:
        raise MessageError("The answer has no 'probas' with a number 'speak'.") from err
    if not 0.0 <= speak <= 1.0:
        raise MessageError(f"The answer's 'speak' is no probability: {speak}.")
    return speak


def _parse(entry: Any, what: str) -> Pause:
    if not isinstance(entry, Mapping):
        raise MessageError(f"{what} must be an object with 'message' and, where there is one, 'context'.")
    message = _text(entry.get("message"), f"{what} must have a 'message' that is a text")
    context = _context(entry.get("context"), what)
    return Pause(message, _language(entry.get("language"), (*context, message), what), context)


def _language(value: Any, texts: Sequence[str], what: str) -> str:
    """Return the base code of the language; where none is given, that of the latest text with letters."""
    if value is None:
        return language_of(next((text for text in reversed(texts) if any(map(str.isalpha, text))), ""))
    return _text(value, f"{what} must have a 'language' that is a code").replace("_", "-").split("-")[0].lower()


def _context(value: Any, what: str) -> tuple[str, ...]:
    """Return the earlier turns; a text has one a line."""
    turns = value.splitlines() if isinstance(value, str) else [] if value is None else value
    rule = f"{what} must have a 'context' that is a text or a list of texts"
    if not isinstance(turns, list):
        raise MessageError(f"{rule}.")
    return tuple(_text(turn, rule) for turn in turns[-MOST_TURNS:])


def _text(value: Any, rule: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise MessageError(f"{rule} of at most {LONGEST_TEXT} characters.")
    return value

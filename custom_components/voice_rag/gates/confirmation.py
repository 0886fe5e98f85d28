"""Doors, locks and alarms: asked about, or kept behind a PIN, before anything moves. Pure but for the action itself.

Whoever is about to open something hands the action over with `hold` and says the question that comes back. The next
sentence of that conversation goes to `async_answer` first.
"""

import hmac
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import dropwhile
from typing import Any, Self

from homeassistant.helpers import intent

from ..texts import get_texts
from .spoken_numbers import spoken_digits

CONF_CONFIRMATION = "confirmation"
CONF_PIN = "pin"
HELD_SECONDS = 60.0
MAX_WRONG_PINS = 3
LOCKED_SECONDS = 300.0
"""After that many in a row: a four-digit code lasts for months against somebody who shouts through a window."""

type Action = Callable[[], Awaitable[intent.IntentResponse]]
"""Does what was held, as the user who asked for it."""


class ConfirmationMode(StrEnum):
    """What stands between a spoken sentence and an open door."""

    OFF = "off"
    CONFIRM = "confirm"
    PIN = "pin"


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say now."""

    text: str
    response: intent.IntentResponse | None = None
    """Of the action, if it was carried out; it speaks for itself."""
    asks_again: bool = False


@dataclass(slots=True)
class _Held:
    action: Action
    speaker: str | None
    until: float


class Confirmation:
    """One agent's rule, and what it holds back. One action for each conversation."""

    def __init__(self, mode: ConfirmationMode, pin: str = "", *, clock: Callable[[], float]) -> None:
        """Take the rule; `clock` counts seconds."""
        self.mode = mode
        self._pin = pin
        self._clock = clock
        self._held: dict[str, _Held] = {}
        self._wrong_pins = 0
        self._locked_until = 0.0

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any], *, clock: Callable[[], float]) -> Self:
        """Return the rule of a subentry."""
        mode = ConfirmationMode(data.get(CONF_CONFIRMATION, ConfirmationMode.CONFIRM))
        return cls(mode, data.get(CONF_PIN, ""), clock=clock)

    @property
    def is_needed(self) -> bool:
        """Whether risky actions are held at all."""
        return self.mode is not ConfirmationMode.OFF

    def hold(self, conversation_id: str, action: Action, what: str, language: str, speaker: str | None = None) -> str:
        """Keep an action for the next sentence and return the question; `what` names it, as "unlock the front door".

        With a `speaker` (a user's id) only they can release it.
        """
        texts = get_texts(language)
        if self._clock() < self._locked_until:
            return texts.too_many_wrong_pins
        self._held = {key: held for key, held in self._held.items() if held.until >= self._clock()}
        self._held[conversation_id] = _Held(action, speaker, self._clock() + HELD_SECONDS)
        question = texts.ask_pin if self.mode is ConfirmationMode.PIN else texts.ask_confirmation
        said = question.format(what=what)
        return said[:1].upper() + said[1:]

    async def async_answer(
        self, conversation_id: str, text: str, language: str, speaker: str | None = None
    ) -> Answer | None:
        """Return what follows from a sentence; None where nothing is held, or the sentence is about something else."""
        held = self._held.get(conversation_id)
        if held is None or held.until < self._clock() or held.speaker != speaker:
            self._held.pop(conversation_id, None)
            return None
        texts = get_texts(language)
        if is_no(text):
            del self._held[conversation_id]
            return Answer(texts.confirmation_declined)
        match self.mode:
            case ConfirmationMode.PIN if digits := spoken_digits(text):
                return await self._async_check_pin(conversation_id, held, digits, language)
            case ConfirmationMode.CONFIRM if is_yes(text):
                return await self._async_release(conversation_id, held)
        del self._held[conversation_id]
        return None

    async def _async_check_pin(self, conversation_id: str, held: _Held, digits: str, language: str) -> Answer:
        texts = get_texts(language)
        if hmac.compare_digest(digits, self._pin):
            self._wrong_pins = 0
            return await self._async_release(conversation_id, held)
        self._wrong_pins += 1
        if self._wrong_pins < MAX_WRONG_PINS:
            return Answer(texts.wrong_pin, asks_again=True)
        self._held.clear()
        self._wrong_pins, self._locked_until = 0, self._clock() + LOCKED_SECONDS
        return Answer(texts.too_many_wrong_pins)

    async def _async_release(self, conversation_id: str, held: _Held) -> Answer:
        # Taken away first: the same "yes" must not open twice.
        del self._held[conversation_id]
        response = await held.action()
        return Answer(response.speech.get("plain", {}).get("speech", ""), response)


def is_pin(text: str) -> bool:
    """Tell whether this can be a PIN: 4 to 8 of the digits 0 to 9."""
    return re.fullmatch(r"[0-9]{4,8}", text) is not None


def is_yes(text: str) -> bool:
    """Tell whether a whole sentence agrees. One more word is no agreement: "yes but later" opens nothing."""
    return _words(text) in _YES


def is_no(text: str) -> bool:
    """Tell whether a sentence begins with a refusal."""
    words = _words(text)
    return any(words == no or words.startswith(f"{no} ") for no in _NO)


def _words(text: str) -> str:
    """Return the words without the sighs in front of them: "oh no" is a no."""
    words = re.sub(r"[^\w\s]", " ", text.casefold().replace("ё", "е")).split()
    return " ".join(dropwhile(_SIGHS.__contains__, words))


_SIGHS = frozenset({"ну", "ой", "ох", "ай", "эй", "так", "oh", "well", "um"})
_YES = frozenset(
    {
        "да", "ага", "угу", "да да", "да пожалуйста", "да конечно", "конечно", "давай", "да давай", "подтверждаю",
        "да подтверждаю", "открывай", "да открывай", "да открывай уже", "да открой", "открой", "верно", "точно",
        "хорошо", "делай", "yes", "yeah", "yep", "yes please", "sure", "confirm", "i confirm", "do it", "yes do it",
        "go ahead", "ok", "okay", "是", "是的", "对", "好", "好的", "确认", "可以",
    }
)  # fmt: skip
_NO = (
    "нет", "не надо", "не нужно", "отмена", "отмени", "стоп", "не", "лучше не", "передумал", "передумала",
    "я передумал", "я передумала", "подожди", "погоди", "стой", "no", "nope", "cancel", "stop", "don t", "do not",
    "never mind", "wait", "i changed my mind", "不", "不要", "不用", "取消",
)  # fmt: skip

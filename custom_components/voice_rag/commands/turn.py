"""One sentence on its way through our grammar: read, asked about where it must be, carried out."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from homeassistant.components import conversation
from homeassistant.const import ATTR_DEVICE_CLASS
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import intent
from homeassistant.util.hass_dict import HassKey

from ..fastpath.follow_up import follow_up, is_continuable
from ..fastpath.index import HouseIndex
from ..fastpath.model import Action, Command, Reading, Situation, Unclear
from ..fastpath.sentence import read_sentence
from ..gates.confirmation import Confirmation
from ..texts import base_language
from ..tools.lists import async_open_items
from .answers import answer
from .index import async_get_command_index
from .intents import INTENT_ACTIONS, async_run_with_intent
from .replies import Report, respond
from .risk import is_risky
from .runner import async_run_command
from .texts import get_command_texts

_LOGGER = logging.getLogger(__name__)

MAX_CONVERSATIONS = 32

_QUERIES = frozenset(action for action in Action if action.startswith("ask_"))


@dataclass(frozen=True, slots=True)
class _Said:
    """The last command of a conversation."""

    text: str
    is_open: bool
    """Whether it waits for an answer to a question of ours."""


_DATA_SAID: HassKey[dict[str, _Said]] = HassKey("voice_rag_last_commands")
"""By conversation; the next sentence may be the other half."""


class CommandTurn:
    """Handles one sentence of one conversation."""

    def __init__(
        self,
        hass: HomeAssistant,
        user_input: conversation.ConversationInput,
        conversation_id: str,
        confirmation: Confirmation,
    ) -> None:
        self._hass = hass
        self._input = user_input
        self._conversation_id = conversation_id
        self._confirmation = confirmation
        self._texts = get_command_texts(user_input.language)
        self._said = hass.data.setdefault(_DATA_SAID, {})

    async def async_handle(self) -> intent.IntentResponse | None:
        """Return what was done or is asked; None for a sentence that is no command, and nothing was done."""
        index = await async_get_command_index(self._hass).async_get(base_language(self._input.language))
        if index is None:
            return None
        text, reading = self._read(index)
        if isinstance(reading, Unclear) or (reading and is_continuable(reading)):
            self._remember(_Said(text, is_open=isinstance(reading, Unclear)))
        return await self._async_carry_out(reading, index)

    def _read(self, index: HouseIndex) -> tuple[str, Reading]:
        """Return what was said, as a whole sentence where it is the other half of the one before, and its meaning."""
        text = self._input.text
        situation = Situation(_find_area(self._hass, self._input), self._state_of)
        before = self._said.pop(self._conversation_id, None)
        reading = read_sentence(text, index, situation)
        if before is None or isinstance(reading, tuple):
            return text, reading
        if before.is_open:
            whole = f"{before.text} {text}"
            return whole, read_sentence(whole, index, situation)
        return follow_up(before.text, text, index, situation) or (text, reading)

    def _remember(self, said: _Said) -> None:
        while len(self._said) >= MAX_CONVERSATIONS:
            self._said.pop(next(iter(self._said)))
        self._said[self._conversation_id] = said

    def _state_of(self, entity_id: str) -> str | None:
        state = self._hass.states.get(entity_id)
        return state.state if state else None

    async def _async_carry_out(self, reading: Reading, index: HouseIndex) -> intent.IntentResponse | None:
        if reading is None:
            return None
        if isinstance(reading, Unclear):
            return self._say(self._say_choice(reading))
        risky = [command for command in reading if is_risky(command, self._device_class_of)]
        if risky and self._confirmation.is_needed:
            return self._hold(reading, risky, index)
        return await self._async_run(reading)

    def _device_class_of(self, entity_id: str) -> str | None:
        return device_class_of(self._hass, entity_id)

    # Questions of ours

    def _hold(
        self, commands: tuple[Command, ...], risky: Sequence[Command], index: HouseIndex
    ) -> intent.IntentResponse:
        what = self._texts.open_what.format(self._texts.join.join(self._names_of(risky, index)))

        async def act() -> intent.IntentResponse:
            return await self._async_run(commands) or self._say(self._texts.failed.format(what))

        speaker = self._input.context.user_id
        return self._say(self._confirmation.hold(self._conversation_id, act, what, self._input.language, speaker))

    def _names_of(self, commands: Sequence[Command], index: HouseIndex) -> list[str]:
        """Return the names as the object of a sentence: "входную дверь"."""
        states = [self._hass.states.get(target) for command in commands for target in command.targets]
        return [index.lexicon.morphology.to_accusative(state.name) for state in states if state]

    def _say_choice(self, unclear: Unclear) -> str:
        if not unclear.names:
            return self._texts.which_room
        return self._texts.which_one.format(self._texts.either.join(unclear.names))

    def _say(self, text: str) -> intent.IntentResponse:
        response = intent.IntentResponse(language=self._input.language)
        response.async_set_speech(text)
        return response

    # Deeds

    async def _async_run(self, commands: Sequence[Command]) -> intent.IntentResponse | None:
        """Carry out the commands in their order; None when nothing in this house can answer or handle them."""
        report = Report()
        for command in commands:
            if not await self._async_run_one(command, report):
                if report.is_empty:
                    return None
                report.say(*self._say_failed(command))
        return respond(report, self._texts, self._input.language)

    def _say_failed(self, command: Command) -> tuple[str, str | None]:
        return (self._texts.unknown, None) if command.action in _QUERIES else (self._texts.failed, command.text)

    async def _async_run_one(self, command: Command, report: Report) -> bool:
        if command.action in _QUERIES:
            if said := answer(self._hass, command, self._texts):
                report.say(said)
            return bool(said)
        if command.action is Action.LIST_READ:
            report.say(await self._async_read_list(command.targets[0]))
            return True
        if command.action not in INTENT_ACTIONS:
            report.add(command, await async_run_command(self._hass, command, self._input.context))
            return True
        try:
            report.say(*await async_run_with_intent(self._hass, command, self._input, self._texts))
        except intent.UnknownIntent as err:
            _LOGGER.debug("Nothing handles %s: %s", command.action, err)
            return False
        return True

    async def _async_read_list(self, entity_id: str) -> str:
        try:
            items = await async_open_items(self._hass, entity_id, self._input.context)
        except HomeAssistantError as err:
            _LOGGER.warning("%s cannot be read: %s", entity_id, err)
            state = self._hass.states.get(entity_id)
            return self._texts.not_responding.format(state.name if state else entity_id)
        return self._texts.list_items.format(self._texts.join.join(items)) if items else self._texts.list_empty


@callback
def device_class_of(hass: HomeAssistant, entity_id: str) -> str | None:
    """Return the device class of an entity, as its state has it."""
    state = hass.states.get(entity_id)
    return state.attributes.get(ATTR_DEVICE_CLASS) if state else None


@callback
def _find_area(hass: HomeAssistant, user_input: conversation.ConversationInput) -> str | None:
    """Return where the satellite stands."""
    device_id = user_input.device_id
    if user_input.satellite_id and (entry := er.async_get(hass).async_get(user_input.satellite_id)):
        if entry.area_id:
            return entry.area_id
        device_id = entry.device_id or device_id
    if device_id and (device := dr.async_get(hass).async_get(device_id)):
        return dr.async_get_effective_area_id(hass, device)
    return None

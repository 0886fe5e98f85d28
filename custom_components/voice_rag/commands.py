"""Commands without the model: sentences of automations, then our grammar, then Home Assistant's own."""

import logging
from collections.abc import Sequence

from homeassistant.components import conversation
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import intent
from homeassistant.util.hass_dict import HassKey

from .command_answers import answer
from .command_index import async_get_command_index
from .command_intents import INTENT_ACTIONS, async_run_with_intent
from .command_replies import Report, respond
from .command_runner import async_run_command
from .command_texts import CommandTexts, get_command_texts
from .fastpath.index import HouseIndex
from .fastpath.model import Action, Command, Reading, Situation, Unclear
from .fastpath.risk import is_risky
from .fastpath.sentence import read_sentence
from .texts import base_language

_LOGGER = logging.getLogger(__name__)

type _Question = str | tuple[Command, ...]
"""What waits for an answer: the unclear sentence, or the commands to confirm."""

_DATA_QUESTIONS: HassKey[dict[str, _Question]] = HassKey("voice_rag_open_questions")
_MAX_QUESTIONS = 32

_QUERIES = frozenset({Action.ASK_STATE, Action.ASK_VALUE, Action.ASK_TIME, Action.ASK_DATE, Action.ASK_WEATHER})


async def async_handle_command(
    hass: HomeAssistant, user_input: conversation.ConversationInput, chat_log: conversation.ChatLog
) -> intent.IntentResponse | None:
    """Carry out a sentence of an automation, of our grammar or of Home Assistant's intents, as the user who spoke.

    Returns None where it is none of these, and nothing was done. A response that ends with a question mark waits for
    the next turn of the same conversation.
    """
    spoken = await conversation.async_handle_sentence_triggers(hass, user_input, chat_log)
    if spoken is not None:
        response = intent.IntentResponse(language=user_input.language)
        response.async_set_speech(spoken)
        return response
    handled = await _Turn(hass, user_input, chat_log.conversation_id).async_handle()
    if handled is not None:
        return handled
    try:
        return await conversation.async_handle_intents(hass, user_input, chat_log)
    except intent.UnknownIntent as err:
        # Sentences exist for every intent, handlers only for what is set up: no shopping list, no HassShoppingList.
        _LOGGER.debug("%s is understood but nothing handles it: %s", user_input.text, err)
        return None


class _Turn:
    """One sentence on its way through our grammar."""

    def __init__(self, hass: HomeAssistant, user_input: conversation.ConversationInput, conversation_id: str) -> None:
        self._hass = hass
        self._input = user_input
        self._conversation_id = conversation_id
        self._texts: CommandTexts = get_command_texts(user_input.language)

    async def async_handle(self) -> intent.IntentResponse | None:
        index = await async_get_command_index(self._hass).async_get(base_language(self._input.language))
        if index is None:
            return None
        question = self._questions.pop(self._conversation_id, None)
        if isinstance(question, tuple):
            return await self._async_confirmed(question, index)
        reading = self._read(self._input.text, index)
        if question is not None and not _is_reading(reading):
            reading = self._read(f"{question} {self._input.text}", index)
        return await self._async_carry_out(reading, index)

    @property
    def _questions(self) -> dict[str, _Question]:
        return self._hass.data.setdefault(_DATA_QUESTIONS, {})

    def _read(self, text: str, index: HouseIndex) -> Reading:
        situation = Situation(_find_area(self._hass, self._input), self._state_of)
        return read_sentence(text, index, situation)

    @callback
    def _state_of(self, entity_id: str) -> str | None:
        state = self._hass.states.get(entity_id)
        return state.state if state else None

    def _device_class_of(self, entity_id: str) -> str | None:
        state = self._hass.states.get(entity_id)
        return state.attributes.get("device_class") if state else None

    async def _async_carry_out(self, reading: Reading, index: HouseIndex) -> intent.IntentResponse | None:
        if reading is None:
            return None
        if isinstance(reading, Unclear):
            return self._ask(self._input.text, self._texts.which_one.format(self._texts.either.join(reading.names)))
        if risky := [command for command in reading if is_risky(command, self._device_class_of)]:
            names = (self._name_of(target) for command in risky for target in command.targets)
            return self._ask(reading, self._texts.confirm.format(self._texts.join.join(names)))
        return await self._async_run(reading)

    async def _async_confirmed(self, commands: tuple[Command, ...], index: HouseIndex) -> intent.IntentResponse | None:
        """Carry out what was asked about, when the answer is yes; another command counts as no."""
        words = "".join(char if char.isalnum() else " " for char in self._input.text.casefold()).split()
        if words and all(word in self._texts.yes_words for word in words):
            return await self._async_run(commands)
        reading = self._read(self._input.text, index)
        if _is_reading(reading):
            return await self._async_carry_out(reading, index)
        return self._say(self._texts.cancelled)

    async def _async_run(self, commands: Sequence[Command]) -> intent.IntentResponse | None:
        report = Report()
        for command in commands:
            if command.action in _QUERIES:
                if (said := answer(self._hass, command, self._texts)) is None:
                    return None
                report.answers.append(said)
            elif command.action in INTENT_ACTIONS:
                try:
                    report.answers.append(await async_run_with_intent(self._hass, command, self._input, self._texts))
                except intent.UnknownIntent as err:
                    _LOGGER.debug("Nothing handles %s: %s", command.action, err)
                    return None
            else:
                report.add(command, await async_run_command(self._hass, command, self._input.context))
        return respond(report, self._texts, self._input.language)

    def _ask(self, question: _Question, text: str) -> intent.IntentResponse:
        while len(self._questions) >= _MAX_QUESTIONS:
            self._questions.pop(next(iter(self._questions)))
        self._questions[self._conversation_id] = question
        return self._say(text)

    def _say(self, text: str) -> intent.IntentResponse:
        response = intent.IntentResponse(language=self._input.language)
        response.async_set_speech(text)
        return response

    def _name_of(self, entity_id: str) -> str:
        state = self._hass.states.get(entity_id)
        return state.name if state else entity_id


def _is_reading(reading: Reading) -> bool:
    return reading is not None and not isinstance(reading, Unclear)


@callback
def _find_area(hass: HomeAssistant, user_input: conversation.ConversationInput) -> str | None:
    """Return where the satellite stands."""
    device_id = user_input.device_id
    if user_input.satellite_id and (entry := er.async_get(hass).async_get(user_input.satellite_id)):
        if entry.area_id:
            return entry.area_id
        device_id = entry.device_id or device_id
    if device_id and (device := dr.async_get(hass).async_get(device_id)):
        area_id = dr.async_get_effective_area_id(hass, device)
        return area_id if area_id and ar.async_get(hass).async_get_area(area_id) else None
    return None

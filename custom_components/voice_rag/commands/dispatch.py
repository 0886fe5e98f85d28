"""Commands without the model: sentences of automations, then our grammar, then Home Assistant's own."""

import logging
from typing import Any

from homeassistant.components import conversation
from homeassistant.core import HomeAssistant
from homeassistant.helpers import intent

from ..gates.confirmation import Confirmation
from ..gates.risk import lets_in
from ..gates.words import Direction
from .index import async_get_command_index
from .turn import CommandTurn, device_class_of

_LOGGER = logging.getLogger(__name__)


async def async_handle_command(
    hass: HomeAssistant,
    user_input: conversation.ConversationInput,
    chat_log: conversation.ChatLog,
    confirmation: Confirmation,
) -> intent.IntentResponse | None:
    """Carry out a sentence of an automation, of our grammar or of Home Assistant's intents, as the user who spoke.

    Returns None where it is none of these, and nothing was done. What opens the house is held by the confirmation.
    A response that ends with a question mark waits for the next turn of the same conversation.
    """
    spoken = await conversation.async_handle_sentence_triggers(hass, user_input, chat_log)
    if spoken is not None:
        response = intent.IntentResponse(language=user_input.language)
        response.async_set_speech(spoken)
        return response
    handled = await CommandTurn(hass, user_input, chat_log.conversation_id, confirmation).async_handle()
    if handled is not None:
        return handled
    try:
        return await conversation.async_handle_intents(
            hass, user_input, chat_log, intent_filter=lambda result: _opens_house(hass, result)
        )
    except intent.UnknownIntent as err:
        # Sentences exist for every intent, handlers only for what is set up: no shopping list, no HassShoppingList.
        _LOGGER.debug("%s is understood but nothing handles it: %s", user_input.text, err)
        return None


async def async_warm_up_commands(hass: HomeAssistant, language: str) -> None:
    """Load the dictionary and the names of the house before somebody waits for them."""
    await async_get_command_index(hass).async_get(language)


_OPENING_INTENTS = {
    intent.INTENT_TURN_ON: "cover",
    intent.INTENT_TURN_OFF: "lock",
    intent.INTENT_TOGGLE: "cover",
    intent.INTENT_SET_POSITION: "cover",
}


def _opens_house(hass: HomeAssistant, result: Any) -> bool:
    """Tell whether one of Home Assistant's sentences opens a lock, a garage, a gate or a door: it would not ask."""
    domain = _OPENING_INTENTS.get(result.intent.name)
    if domain is None:
        return False
    slots = {name: entity.value for name, entity in result.entities.items()}
    constraints = intent.MatchTargetsConstraints(
        name=slots.get("name"),
        area_name=slots.get("area"),
        floor_name=slots.get("floor"),
        domains={domain},
        assistant=conversation.DOMAIN,
        allow_duplicate_names=True,
    )
    found = intent.async_match_targets(hass, constraints).states
    return any(lets_in(Direction.OPEN, domain, device_class_of(hass, state.entity_id)) for state in found)

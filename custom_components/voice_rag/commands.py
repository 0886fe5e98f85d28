"""Commands that Home Assistant understands by itself."""

import logging

from homeassistant.components import conversation
from homeassistant.core import HomeAssistant
from homeassistant.helpers import intent

_LOGGER = logging.getLogger(__name__)


async def async_handle_command(
    hass: HomeAssistant, user_input: conversation.ConversationInput, chat_log: conversation.ChatLog
) -> intent.IntentResponse | None:
    """Carry out a sentence of an automation or of Home Assistant's intents, as the user who spoke.

    Returns None where it is neither, and nothing was done.
    """
    spoken = await conversation.async_handle_sentence_triggers(hass, user_input, chat_log)
    if spoken is not None:
        response = intent.IntentResponse(language=user_input.language)
        response.async_set_speech(spoken)
        return response
    try:
        return await conversation.async_handle_intents(hass, user_input, chat_log)
    except intent.UnknownIntent as err:
        # Sentences exist for every intent, handlers only for what is set up: no shopping list, no HassShoppingList.
        _LOGGER.debug("%s is understood but nothing handles it: %s", user_input.text, err)
        return None

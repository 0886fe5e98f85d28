"""What a turn begins with: the person's words, and what stands behind them for the model."""

from homeassistant.components import conversation
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util

from ..gates.inventory import Area, Inventory, mentioned_devices
from ..gates.permission import Utterance
from ..texts import base_language, get_texts
from .chat import TurnNotes, read_history
from .model_turn import TurnInput, is_foreign
from .retrieval import Retrieved
from .states import describe_state
from .turns import Round, agrees, asks_back

MAX_STATES = 20


@callback
def async_prepare_turn(
    hass: HomeAssistant,
    user_input: conversation.ConversationInput,
    chat_log: conversation.ChatLog,
    inventory: Inventory,
    retrieved: Retrieved,
) -> TurnInput:
    """Return the turn for the model."""
    history = read_history(chat_log.content)
    room = _room(hass, inventory, user_input.device_id)
    language = base_language(user_input.language)
    notes = TurnNotes(
        language=language,
        time=dt_util.now().strftime("%Y-%m-%d %H:%M, %A"),
        room=" / ".join(room.names) if room else "",
        states=_states(hass, inventory, user_input.text),
        passages=retrieved.hits,
        are_documents_away=retrieved.is_away,
        extra=user_input.extra_system_prompt or "",
    )
    utterance = Utterance(user_input.text, room.area_id if room else None, confirmed_question(user_input.text, history))
    return TurnInput(
        utterance,
        notes,
        get_texts(language),
        history,
        language=user_input.language,
        speaker=user_input.context.user_id,
    )


def confirmed_question(text: str, history: tuple[Round, ...]) -> str:
    """Return the question of ours that the person agrees to; none that was asked with foreign text in view."""
    if not history or not agrees(text) or not asks_back(history[-1].answer):
        return ""
    return "" if any(map(is_foreign, history[-1].steps)) else history[-1].answer


def _room(hass: HomeAssistant, inventory: Inventory, device_id: str | None) -> Area | None:
    device = dr.async_get(hass).async_get(device_id) if device_id else None
    return inventory.area(dr.async_get_effective_area_id(hass, device)) if device else None


def _states(hass: HomeAssistant, inventory: Inventory, text: str) -> str:
    """Return the states of the devices that a sentence is about, so that a question about them needs no tool."""
    lines = [
        describe_state(device.names[0], state)
        for device in mentioned_devices(inventory, text)[:MAX_STATES]
        if (state := hass.states.get(device.entity_id)) is not None
    ]
    return "\n".join(lines)

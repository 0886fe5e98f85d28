"""The logbook: what a command switched is shown with the agent and the satellite that heard it."""

from collections.abc import Callable

from homeassistant.components.logbook import (
    LOGBOOK_ENTRY_CONTEXT_ID,
    LOGBOOK_ENTRY_ENTITY_ID,
    LOGBOOK_ENTRY_MESSAGE,
    LOGBOOK_ENTRY_NAME,
    LazyEventPartialState,
)
from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from .const import DOMAIN, EVENT_TURN
from .texts import get_texts


@callback
def async_describe_events(
    hass: HomeAssistant,
    async_describe_event: Callable[[str, str, Callable[[LazyEventPartialState], dict[str, object]]], None],
) -> None:
    """Describe a turn of a conversation."""

    @callback
    def async_describe(event: LazyEventPartialState) -> dict[str, object]:
        entity_id, device_id = event.data.get(ATTR_ENTITY_ID), event.data.get(ATTR_DEVICE_ID)
        state = hass.states.get(entity_id) if entity_id else None
        device = dr.async_get(hass).async_get(device_id) if device_id else None
        texts = get_texts(hass.config.language)
        place = (device.name_by_user or device.name) if device else None
        return {
            LOGBOOK_ENTRY_NAME: state.name if state else "Voice RAG",
            LOGBOOK_ENTRY_MESSAGE: texts.heard_at.format(place=place) if place else texts.heard,
            LOGBOOK_ENTRY_ENTITY_ID: entity_id,
            LOGBOOK_ENTRY_CONTEXT_ID: event.context_id,
        }

    async_describe_event(DOMAIN, EVENT_TURN, async_describe)

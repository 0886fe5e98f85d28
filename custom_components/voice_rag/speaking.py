"""Saying something aloud: satellites announce it, other players get it through text-to-speech."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import service

from .assistant import async_find_speech, async_own_pipelines
from .const import DOMAIN

ASSIST_SATELLITE = "assist_satellite"
MEDIA_PLAYER = "media_player"


async def async_say(call: ServiceCall, entry: ConfigEntry, message: str) -> list[str]:
    """Speak on the targets of an action and return their entity ids, once all have begun.

    Raises: ServiceValidationError where nothing that speaks was named, or no voice is set up.
    """
    targets = sorted(await service.async_extract_entity_ids(call))
    satellites = [entity_id for entity_id in targets if entity_id.startswith(f"{ASSIST_SATELLITE}.")]
    players = [entity_id for entity_id in targets if entity_id.startswith(f"{MEDIA_PLAYER}.")]
    if not satellites and not players:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="nothing_speaks")
    if satellites:
        data = {ATTR_ENTITY_ID: satellites, "message": message, "preannounce": False}
        await call.hass.services.async_call(ASSIST_SATELLITE, "announce", data, blocking=True, context=call.context)
    if players:
        data = {**_async_voice(call.hass, entry), "media_player_entity_id": players, "message": message}
        await call.hass.services.async_call("tts", "speak", data, blocking=True, context=call.context)
    return [*satellites, *players]


@callback
def _async_voice(hass: HomeAssistant, entry: ConfigEntry) -> Mapping[str, Any]:
    """Return the voice of our pipeline, else of our speech server, as arguments of tts.speak."""
    for pipeline in async_own_pipelines(hass, entry):
        if pipeline.tts_engine:
            options = {"voice": pipeline.tts_voice} if pipeline.tts_voice else {}
            return {ATTR_ENTITY_ID: pipeline.tts_engine, "language": pipeline.tts_language, "options": options}
    if speech := async_find_speech(hass, entry.data):
        return {ATTR_ENTITY_ID: speech.tts}
    raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_voice")

"""System health: which of the services answer."""

from typing import Any

from homeassistant.components import system_health
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from .const import CONF_SPEECH_URL, DOMAIN
from .data import VoiceRagConfigEntry


@callback
def async_register(hass: HomeAssistant, register: system_health.SystemHealthRegistration) -> None:  # noqa: ARG001
    """Register the page."""
    register.async_register_info(async_describe)


async def async_describe(hass: HomeAssistant) -> dict[str, Any]:
    """Return what the page shows of the oldest loaded entry, if there is one; it is asked while the page is open."""
    entries: list[VoiceRagConfigEntry] = hass.config_entries.async_entries(DOMAIN)
    entry = next((entry for entry in entries if entry.state is ConfigEntryState.LOADED), None)
    if entry is None:
        return {}
    data = entry.runtime_data
    health = data.coordinator.health
    knowledge_url = data.coordinator.knowledge.url
    page: dict[str, Any] = {
        "can_reach_knowledge": system_health.async_check_can_reach_url(hass, f"{knowledge_url}/health"),
        "documents": health.documents if health else 0,
        "waiting": health.pending if health else 0,
    }
    if data.ollama is not None:
        page["can_reach_ollama"] = system_health.async_check_can_reach_url(hass, f"{data.ollama.url}/api/version")
    if speech_url := entry.data.get(CONF_SPEECH_URL):
        page["can_reach_speech"] = system_health.async_check_can_reach_url(hass, f"{speech_url}/health")
    if data.search is not None:
        page["can_reach_search"] = system_health.async_check_can_reach_url(hass, data.search.url)
    return page

"""The devices that entities hang on: one for the service, one for each agent and AI task."""

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo

from .const import CONF_OLLAMA_MODEL, DOMAIN

MANUFACTURER = "Voice RAG"


def service_device(entry: ConfigEntry, version: str | None) -> DeviceInfo:
    """Return the knowledge service."""
    return DeviceInfo(
        identifiers={(DOMAIN, entry.entry_id)},
        translation_key="knowledge",
        entry_type=DeviceEntryType.SERVICE,
        manufacturer=MANUFACTURER,
        sw_version=version,
    )


def agent_device(subentry: ConfigSubentry) -> DeviceInfo:
    """Return an agent or AI task, with the model it works with."""
    return DeviceInfo(
        identifiers={(DOMAIN, subentry.subentry_id)},
        name=subentry.title,
        entry_type=DeviceEntryType.SERVICE,
        manufacturer=MANUFACTURER,
        model=subentry.data.get(CONF_OLLAMA_MODEL),
    )

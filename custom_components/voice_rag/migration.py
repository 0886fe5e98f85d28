"""Entries of earlier versions."""

from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from .const import (
    CONF_OLLAMA_MODEL,
    CONF_OLLAMA_URL,
    DEFAULT_AI_TASK_NAME,
    DEFAULT_OLLAMA_MODEL,
    DOMAIN,
    SUBENTRY_AI_TASK,
    SUBENTRY_CONVERSATION,
)


def migrate_to_subentries(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Version 1 had one agent, and its model among the addresses; version 2 has subentries."""
    data = dict(entry.data)
    model = data.pop(CONF_OLLAMA_MODEL, DEFAULT_OLLAMA_MODEL)
    agent = _subentry(SUBENTRY_CONVERSATION, entry.title, {CONF_OLLAMA_MODEL: model})
    hass.config_entries.async_add_subentry(entry, agent)
    if CONF_OLLAMA_URL in data:
        task = _subentry(SUBENTRY_AI_TASK, DEFAULT_AI_TASK_NAME, {CONF_OLLAMA_MODEL: model})
        hass.config_entries.async_add_subentry(entry, task)
    _move_agent(hass, entry, agent.subentry_id)
    hass.config_entries.async_update_entry(entry, data=data, version=2)


def _move_agent(hass: HomeAssistant, entry: ConfigEntry, subentry_id: str) -> None:
    """Keep the agent's entity, with its name in pipelines and automations; only its owner is new."""
    registry = er.async_get(hass)
    if entity_id := registry.async_get_entity_id("conversation", DOMAIN, entry.entry_id):
        registry.async_update_entity(
            entity_id,
            new_unique_id=subentry_id,
            config_entry_id=entry.entry_id,
            config_subentry_id=subentry_id,
            device_id=None,
        )


def _subentry(subentry_type: str, title: str, data: dict[str, Any]) -> ConfigSubentry:
    return ConfigSubentry(data=MappingProxyType(data), subentry_type=subentry_type, title=title, unique_id=None)

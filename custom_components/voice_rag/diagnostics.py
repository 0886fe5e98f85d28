"""Diagnostics: what is set up, what answers and why, without secrets."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant
from yarl import URL

from .const import CONF_FALLBACK_URL, CONF_INSTRUCTIONS, CONF_OLLAMA_URL, CONF_SEARXNG_URL, CONF_SPEECH_URL
from .data import VoiceRagConfigEntry, VoiceRagData, agent_options
from .gates.confirmation import CONF_PIN

TO_REDACT = {CONF_TOKEN, CONF_PIN, CONF_INSTRUCTIONS}
"""Secrets, and what a family writes about itself."""
URLS = (CONF_URL, CONF_SPEECH_URL, CONF_OLLAMA_URL, CONF_SEARXNG_URL, CONF_FALLBACK_URL)


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant,  # noqa: ARG001
    entry: VoiceRagConfigEntry,
) -> dict[str, Any]:
    """Return diagnostics for a config entry."""
    return {
        "entry": async_redact_data(_without_passwords(entry.data), TO_REDACT),
        "subentries": [_describe_subentry(subentry) for subentry in entry.subentries.values()],
        "language_model": _describe_language_model(entry),
        "knowledge": _describe_knowledge(entry),
        "vocabulary": _describe_vocabulary(entry),
        "figures": _describe_figures(entry.runtime_data),
        "remembered_facts": len(entry.runtime_data.facts.facts),
    }


def _describe_subentry(subentry: ConfigSubentry) -> dict[str, Any]:
    data = async_redact_data(_without_passwords(subentry.data), TO_REDACT)
    return {"type": subentry.subentry_type, "title": subentry.title, "data": data}


def _describe_figures(data: VoiceRagData) -> dict[str, Any]:
    figures = data.figures
    return {
        "turn_seconds_median": figures.turn_seconds(50),
        "turn_seconds_p95": figures.turn_seconds(95),
        "prefix_hit_percent": figures.prefix_hit_percent,
    }


def _without_passwords(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data with the user and password taken out of its addresses."""
    return {key: str(URL(value).with_user(None)) if key in URLS else value for key, value in data.items()}


def _describe_language_model(entry: VoiceRagConfigEntry) -> dict[str, Any]:
    answerer = entry.runtime_data.answerer
    is_configured = bool(entry.data.get(CONF_OLLAMA_URL))
    if not is_configured:
        return {
            "configured": False,
            "answerer": answerer.name,
            "reason": "No Ollama address is set, so answers are the documents' own words",
        }
    return {
        "configured": True,
        "answerer": answerer.name,
        "model": agent_options(entry).model,
        "last_failure": answerer.last_failure,
    }


def _describe_knowledge(entry: VoiceRagConfigEntry) -> dict[str, Any]:
    coordinator = entry.runtime_data.coordinator
    return {
        "is_reachable": coordinator.last_update_success,
        "last_error": str(coordinator.last_exception) if not coordinator.last_update_success else None,
        "health": asdict(coordinator.health) if coordinator.health else None,
    }


def _describe_vocabulary(entry: VoiceRagConfigEntry) -> dict[str, Any] | None:
    if (vocabulary := entry.runtime_data.vocabulary) is None:
        return None
    return {"last_success": vocabulary.last_success, "last_failure": vocabulary.last_failure}

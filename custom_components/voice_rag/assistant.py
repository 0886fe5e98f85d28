"""The Assist pipeline of an entry: our ears, our voice and our agent, made in one step."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from homeassistant.components import conversation
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from yarl import URL

if TYPE_CHECKING:
    from homeassistant.components.assist_pipeline import Pipeline

from .const import CONF_SPEECH_URL, DOMAIN

ASSIST_PIPELINE = "assist_pipeline"
SPEECH_SERVER = "voice-rag"
"""As our speech server names itself."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Entities that hear and speak."""

    stt: str
    tts: str
    wake_word: str | None


@callback
def async_own_pipelines(hass: HomeAssistant, entry: ConfigEntry) -> list[Pipeline]:
    """Return the pipelines that one of the entry's agents is in."""
    if ASSIST_PIPELINE not in hass.config.components:
        return []
    from homeassistant.components.assist_pipeline import async_get_pipelines  # noqa: PLC0415  loads audio libraries

    agents = _agents(hass, entry)
    return [pipeline for pipeline in async_get_pipelines(hass) if pipeline.conversation_engine in agents]


@callback
def async_find_speech(hass: HomeAssistant, entry_data: Mapping[str, Any]) -> Speech | None:
    """Return our speech server's entities, else those of another Wyoming server; None without both directions."""
    candidates = sorted(
        hass.config_entries.async_entries("wyoming"), key=lambda server: _rank(server, entry_data), reverse=True
    )
    return next((speech for server in candidates if (speech := _speech(hass, server))), None)


async def async_create_assistant(hass: HomeAssistant, entry: ConfigEntry) -> str:
    """Create the pipeline, make it the preferred one, and return its name.

    Raises: HomeAssistantError where nothing here hears and speaks the language of the house.
    """
    if ASSIST_PIPELINE not in hass.config.components:
        raise HomeAssistantError(translation_domain=DOMAIN, translation_key="no_speech")
    from homeassistant.components.assist_pipeline import (  # noqa: PLC0415
        async_create_default_pipeline,
        async_update_pipeline,
    )
    from homeassistant.components.assist_pipeline.pipeline import KEY_ASSIST_PIPELINE  # noqa: PLC0415

    speech = async_find_speech(hass, entry.data)
    pipeline = speech and await async_create_default_pipeline(hass, speech.stt, speech.tts, entry.title)
    if not speech or not pipeline:
        raise HomeAssistantError(translation_domain=DOMAIN, translation_key="no_speech")
    await async_update_pipeline(
        hass,
        pipeline,
        conversation_engine=_agents(hass, entry)[0],
        conversation_language=hass.config.language,
        wake_word_entity=speech.wake_word,
        wake_word_id=await _async_first_wake_word(hass, speech.wake_word),
        # The agent tries commands by itself, and knows more of them.
        prefer_local_intents=False,
    )
    hass.data[KEY_ASSIST_PIPELINE].pipeline_store.async_set_preferred_item(pipeline.id)
    ir.async_delete_issue(hass, DOMAIN, missing_assistant_issue(entry))
    return pipeline.name


def missing_assistant_issue(entry: ConfigEntry) -> str:
    """Return the id of the repair that offers to create the pipeline."""
    return f"no_assistant_{entry.entry_id}"


def _agents(hass: HomeAssistant, entry: ConfigEntry) -> list[str]:
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    return [entity.entity_id for entity in entities if entity.domain == conversation.DOMAIN and not entity.disabled]


def _rank(server: ConfigEntry, entry_data: Mapping[str, Any]) -> tuple[bool, bool]:
    """Order by: is it ours, does it run where our side port is."""
    is_ours = SPEECH_SERVER in server.title.casefold().replace(" ", "-")
    side_port = URL(entry_data.get(CONF_SPEECH_URL, "")).host
    return is_ours, side_port is not None and server.data.get("host") == side_port


def _speech(hass: HomeAssistant, server: ConfigEntry) -> Speech | None:
    entities = er.async_entries_for_config_entry(er.async_get(hass), server.entry_id)
    found = {entity.domain: entity.entity_id for entity in entities if not entity.disabled}
    if Platform.STT not in found or Platform.TTS not in found:
        return None
    return Speech(found[Platform.STT], found[Platform.TTS], found.get(Platform.WAKE_WORD))


async def _async_first_wake_word(hass: HomeAssistant, entity_id: str | None) -> str | None:
    from homeassistant.components import wake_word  # noqa: PLC0415

    if entity_id is None or (entity := wake_word.async_get_wake_word_detection_entity(hass, entity_id)) is None:
        return None
    words = await entity.get_supported_wake_words()
    return words[0].id if words else None

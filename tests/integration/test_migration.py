"""Entries of version 1 keep their agent, under the name that pipelines know it by."""

from collections.abc import Callable
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.fakes.knowledge_server import KnowledgeServer
from tests.fakes.lamp import Lamp
from tests.fakes.ollama_server import OllamaServer


async def test_the_agent_keeps_its_name_and_gets_the_model(
    hass: HomeAssistant, house: Lamp, knowledge: KnowledgeServer, ollama: OllamaServer
) -> None:
    data = {"url": knowledge.url, "ollama_url": ollama.url, "ollama_model": "gemma3:4b"}
    entry = MockConfigEntry(domain="voice_rag", title="Voice RAG", data=data, version=1)
    entry.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("voice_rag", entry.entry_id)}, name="Voice RAG"
    )
    before = er.async_get(hass).async_get_or_create(
        "conversation",
        "voice_rag",
        entry.entry_id,
        config_entry=entry,
        device_id=device.id,
        suggested_object_id="our_butler",
    )
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.version == 2
    assert entry.data == {"url": knowledge.url, "ollama_url": ollama.url}
    agent, task = entry.subentries.values()
    assert (agent.subentry_type, agent.title, task.subentry_type) == ("conversation", "Voice RAG", "ai_task_data")
    assert agent.data == task.data == {"ollama_model": "gemma3:4b"}
    entity = er.async_get(hass).async_get(before.entity_id)
    assert entity is not None
    assert (entity.unique_id, entity.config_subentry_id) == (agent.subentry_id, agent.subentry_id)
    assert hass.states.get(before.entity_id).state == "unknown"
    assert len(hass.states.async_entity_ids("conversation")) == 2  # with Home Assistant's own


async def test_an_entry_without_a_model_gets_an_agent_alone(hass: HomeAssistant, add_entry: Callable[..., Any]) -> None:
    entry = await add_entry()
    assert [subentry.subentry_type for subentry in entry.subentries.values()] == ["conversation"]


async def test_an_entry_of_a_later_version_is_left_alone(hass: HomeAssistant, house: Lamp) -> None:
    entry = MockConfigEntry(domain="voice_rag", data={"url": "http://127.0.0.1:1"}, version=3)
    entry.add_to_hass(hass)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.MIGRATION_ERROR

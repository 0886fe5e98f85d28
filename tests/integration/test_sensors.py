"""What people see of the services: sensors, system health, the logbook."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import conversation
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import async_capture_events, async_fire_time_changed

from custom_components.voice_rag.logbook import async_describe_events
from custom_components.voice_rag.system_health import async_describe
from tests.fakes.knowledge_server import KnowledgeServer
from tests.fakes.ollama_server import OllamaServer

SENSOR = "sensor.voice_rag_knowledge_"


async def test_the_figures_of_the_knowledge_service_are_sensors(
    hass: HomeAssistant, add_entry: Callable[..., Any]
) -> None:
    await add_entry()
    states = {name: hass.states.get(SENSOR + name).state for name in ("documents", "waiting_documents")}
    assert states == {"documents": "4", "waiting_documents": "0"}
    assert hass.states.get(SENSOR + "unreadable_documents").state == "1"
    assert hass.states.get(SENSOR + "last_indexed").state == "2026-11-20T18:04:11+00:00"
    assert hass.states.get(SENSOR + "passages") is None  # off until somebody wants it


async def test_they_are_unavailable_while_the_service_is_away_and_return(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer, freezer: FrozenDateTimeFactory
) -> None:
    async def poll() -> None:
        freezer.tick(timedelta(seconds=31))
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)

    await add_entry()
    await knowledge.stop()
    await poll()
    assert hass.states.get(SENSOR + "documents").state == "unavailable"
    assert hass.states.get(SENSOR + "answer_time").state == "unknown"
    await knowledge.start()
    await poll()
    assert hass.states.get(SENSOR + "documents").state == "4"


async def test_a_turn_is_timed(hass: HomeAssistant, add_entry: Callable[..., Any]) -> None:
    await add_entry()
    await conversation.async_converse(hass, "How?", None, Context(), "en", "conversation.voice_rag")
    await hass.async_block_till_done()
    for name in ("answer_time", "answer_time_95th_percentile"):
        assert float(hass.states.get(SENSOR + name).state) > 0


async def test_reuse_of_the_prompt_is_a_sensor_where_there_is_a_model(
    hass: HomeAssistant, add_entry: Callable[..., Any], ollama: OllamaServer
) -> None:
    entry = await add_entry(ollama_url=ollama.url)
    entry.runtime_data.figures.add_prompt(1000, 250)
    await hass.async_block_till_done()
    assert hass.states.get(SENSOR + "reused_prompt").state == "75.0"


async def test_without_a_model_there_is_no_prompt_to_reuse(hass: HomeAssistant, add_entry: Callable[..., Any]) -> None:
    await add_entry()
    assert hass.states.get(SENSOR + "reused_prompt") is None


async def test_an_entity_that_is_no_device_of_the_house_is_not_exposed(
    hass: HomeAssistant, add_entry: Callable[..., Any]
) -> None:
    await add_entry()
    facts = er.async_get(hass).async_get("todo.voice_rag_knowledge_remembered_facts")
    assert facts.entity_category == "config"


async def test_the_logbook_says_who_heard_but_not_what_was_said(
    hass: HomeAssistant, add_entry: Callable[..., Any]
) -> None:
    await add_entry()
    hass.config.language = "ru"
    turns = async_capture_events(hass, "voice_rag_turn")
    context = Context()
    await conversation.async_converse(hass, "turn on the kitchen light", None, context, "en", "conversation.voice_rag")
    await hass.async_block_till_done()
    (turn,) = turns
    assert turn.context is context
    assert hass.states.get("light.kitchen_light").context.id == context.id
    assert "kitchen light" not in str(turn.data)
    described: dict[str, Callable[[Any], dict[str, object]]] = {}
    async_describe_events(hass, lambda domain, event, describe: described.update({event: describe}))
    entry = described["voice_rag_turn"](SimpleNamespace(data=turn.data, context_id=context.id))
    assert (entry["name"], entry["message"]) == ("Voice RAG", "слышит просьбу")


async def test_system_health_asks_each_service_that_is_set_up(
    hass: HomeAssistant, add_entry: Callable[..., Any], ollama: OllamaServer, knowledge: KnowledgeServer
) -> None:
    assert await async_setup_component(hass, "system_health", {})
    await add_entry(ollama_url=ollama.url)
    info = await async_describe(hass)
    assert set(info) == {"can_reach_knowledge", "can_reach_ollama", "documents", "waiting"}
    assert [await info[key] for key in ("can_reach_knowledge", "can_reach_ollama")] == ["ok", "ok"]
    assert info["documents"] == 4

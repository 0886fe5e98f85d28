"""The Assist pipeline, made by the config flow or by a repair."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from homeassistant.components.assist_pipeline import async_get_pipeline, async_get_pipelines
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component

from custom_components.voice_rag.assistant import async_create_assistant
from custom_components.voice_rag.repairs import async_create_fix_flow
from tests.fakes.knowledge_server import KnowledgeServer
from tests.fakes.voice import async_add_wyoming

AGENT = "conversation.voice_rag"


@pytest.fixture
async def pipelines(hass: HomeAssistant) -> None:
    """Assist pipelines without a network."""
    hass.config.components.add("ffmpeg")
    assert await async_setup_component(hass, "assist_pipeline", {})
    await hass.async_block_till_done()


async def test_the_config_flow_ends_with_a_preferred_assistant(
    hass: HomeAssistant, house: Any, pipelines: None, knowledge: KnowledgeServer
) -> None:
    hass.config.language = "ru"
    await async_add_wyoming(hass)
    form = await hass.config_entries.flow.async_init("voice_rag", context={"source": SOURCE_USER})
    form = await hass.config_entries.flow.async_configure(form["flow_id"], {"url": knowledge.url})
    assert form["step_id"] == "assistant"
    result = await hass.config_entries.flow.async_configure(form["flow_id"], {"create_assistant": True})
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    pipeline = async_get_pipeline(hass)
    assert (pipeline.name, pipeline.conversation_engine) == ("Voice RAG", AGENT)
    assert (pipeline.stt_engine, pipeline.stt_language) == ("stt.ears", "ru")
    assert (pipeline.tts_engine, pipeline.tts_language, pipeline.tts_voice) == ("tts.voice", "ru", "ru_anna")
    assert not pipeline.prefer_local_intents
    assert not ir.async_get(hass).issues


async def test_an_assistant_that_is_not_wanted_is_not_made_but_offered(
    hass: HomeAssistant, house: Any, pipelines: None, knowledge: KnowledgeServer
) -> None:
    await async_add_wyoming(hass)
    form = await hass.config_entries.flow.async_init("voice_rag", context={"source": SOURCE_USER})
    form = await hass.config_entries.flow.async_configure(form["flow_id"], {"url": knowledge.url})
    await hass.config_entries.flow.async_configure(form["flow_id"], {"create_assistant": False})
    await hass.async_block_till_done()
    assert AGENT not in [pipeline.conversation_engine for pipeline in async_get_pipelines(hass)]
    assert [issue.translation_key for issue in ir.async_get(hass).issues.values()] == ["no_assistant"]


async def test_the_repair_makes_the_assistant(
    hass: HomeAssistant, add_entry: Callable[..., Any], pipelines: None
) -> None:
    await async_add_wyoming(hass)
    await add_entry()
    (issue,) = [issue for issue in ir.async_get(hass).issues.values() if issue.domain == "voice_rag"]
    assert await async_setup_component(hass, "repairs", {})
    flows = hass.data["repairs"]["flow_manager"]
    form = await flows.async_init("voice_rag", data={"issue_id": issue.issue_id})
    assert form["type"] is FlowResultType.FORM
    assert (await flows.async_configure(form["flow_id"], {}))["type"] is FlowResultType.CREATE_ENTRY
    assert async_get_pipeline(hass).conversation_engine == AGENT


async def test_without_ears_and_a_voice_nothing_is_offered_or_made(
    hass: HomeAssistant, add_entry: Callable[..., Any], pipelines: None
) -> None:
    entry = await add_entry()
    assert not ir.async_get(hass).issues
    with pytest.raises(HomeAssistantError) as failure:
        await async_create_assistant(hass, entry)
    assert failure.value.translation_key == "no_speech"


async def test_a_language_that_is_not_spoken_is_said(
    hass: HomeAssistant, add_entry: Callable[..., Any], pipelines: None
) -> None:
    hass.config.language = "fi"
    await async_add_wyoming(hass)
    entry = await add_entry()
    with pytest.raises(HomeAssistantError) as failure:
        await async_create_assistant(hass, entry)
    assert failure.value.translation_key == "no_speech"


async def test_players_speak_with_the_voice_of_the_assistant(
    hass: HomeAssistant, add_entry: Callable[..., Any], pipelines: None
) -> None:
    spoken: list[ServiceCall] = []
    await async_add_wyoming(hass)
    entry = await add_entry()
    hass.services.async_register("tts", "speak", spoken.append)
    say = {"message": "Dinner", "entity_id": "media_player.radio"}
    await hass.services.async_call("voice_rag", "say", say, blocking=True)
    await async_create_assistant(hass, entry)
    await hass.services.async_call("voice_rag", "say", say, blocking=True)
    target = {"media_player_entity_id": ["media_player.radio"], "message": "Dinner", "entity_id": ["tts.voice"]}
    before, after = (call.data for call in spoken)
    assert _as_lists(before) == target
    assert _as_lists(after) == target | {"language": "en", "options": {"voice": "en_anna"}}


def _as_lists(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data with one entity as a list of one, as an action's schema makes it."""
    return {**data, "entity_id": [data["entity_id"]] if isinstance(data["entity_id"], str) else data["entity_id"]}


async def test_a_repair_that_has_become_impossible_says_so(
    hass: HomeAssistant, add_entry: Callable[..., Any], pipelines: None
) -> None:
    entry = await add_entry()
    for entry_id, reason in ((entry.entry_id, "no_speech"), ("gone", "not_loaded")):
        flow = await async_create_fix_flow(hass, "no_assistant", {"entry_id": entry_id})
        flow.hass = hass
        assert (await flow.async_step_confirm({}))["reason"] == reason

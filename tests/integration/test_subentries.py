"""Agents and AI tasks are added, changed and removed."""

from collections.abc import Callable
from typing import Any

import pytest
from homeassistant.config_entries import SOURCE_USER, ConfigEntry, SubentryFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from custom_components.voice_rag.data import agent_options
from tests.fakes.ollama_server import OllamaServer

MODEL = "t-tech/T-lite-it-2.1:q4_K_M"


async def open_form(hass: HomeAssistant, entry: ConfigEntry, kind: str) -> SubentryFlowResult:
    return await hass.config_entries.subentries.async_init((entry.entry_id, kind), context={"source": SOURCE_USER})


def fields(form: SubentryFlowResult) -> set[str]:
    return {str(key) for key in form["data_schema"].schema}


async def test_an_agent_of_a_second_kind_is_added(
    hass: HomeAssistant, add_entry: Callable[..., Any], ollama: OllamaServer
) -> None:
    ollama.models = [MODEL, "qwen3:0.6b"]
    entry = await add_entry(ollama_url=ollama.url, ollama_model=MODEL)
    form = await open_form(hass, entry, "conversation")
    result = await hass.config_entries.subentries.async_configure(
        form["flow_id"],
        {
            "name": "Children",
            "ollama_model": "qwen3:0.6b",
            "llm_hass_api": [],
            "prompt": "Speak simply. ",
            "num_ctx": 4096,
            "think": True,
            "fallback_model": MODEL,
            "confirmation": "pin",
            "pin": "4711",
        },
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert hass.states.get("conversation.children").state == "unknown"
    options = agent_options(entry, list(entry.subentries.values())[-1])
    assert (options.model, options.num_ctx, options.thinking) == ("qwen3:0.6b", 4096, True)
    assert (options.control_apis, options.instructions, options.fallback_model) == ((), "Speak simply.", MODEL)
    assert options.url == ollama.url


async def test_without_ollama_only_what_an_agent_without_a_model_needs_is_asked(
    hass: HomeAssistant, add_entry: Callable[..., Any]
) -> None:
    form = await open_form(hass, await add_entry(), "conversation")
    assert fields(form) == {"name", "confirmation", "pin"}


@pytest.mark.parametrize("pin", [{}, {"pin": "12"}, {"pin": "12a4"}])
async def test_the_mode_with_a_code_needs_one(
    hass: HomeAssistant, add_entry: Callable[..., Any], pin: dict[str, str]
) -> None:
    form = await open_form(hass, await add_entry(), "conversation")
    result = await hass.config_entries.subentries.async_configure(
        form["flow_id"], {"name": "Butler", "confirmation": "pin", **pin}
    )
    assert result["errors"] == {"pin": "invalid_pin"}


async def test_a_change_is_in_force_at_once(
    hass: HomeAssistant, add_entry: Callable[..., Any], ollama: OllamaServer
) -> None:
    ollama.models = [MODEL, "qwen3:0.6b"]
    entry = await add_entry(ollama_url=ollama.url, ollama_model=MODEL)
    agent = next(iter(entry.subentries.values()))
    form = await entry.start_subentry_reconfigure_flow(hass, agent.subentry_id)
    assert "name" not in fields(form)
    result = await hass.config_entries.subentries.async_configure(
        form["flow_id"], {"ollama_model": "qwen3:0.6b", "num_ctx": 8192, "think": False, "confirmation": "off"}
    )
    await hass.async_block_till_done()
    assert result["reason"] == "reconfigure_successful"
    assert agent_options(entry).model == "qwen3:0.6b"


async def test_a_removed_agent_goes_with_its_entity(hass: HomeAssistant, add_entry: Callable[..., Any]) -> None:
    entry = await add_entry()
    hass.config_entries.async_remove_subentry(entry, next(iter(entry.subentries)))
    await hass.async_block_till_done()
    assert hass.states.get("conversation.voice_rag") is None


async def test_an_ai_task_is_added_where_there_is_a_model(
    hass: HomeAssistant, add_entry: Callable[..., Any], ollama: OllamaServer
) -> None:
    entry = await add_entry(ollama_url=ollama.url, ollama_model=MODEL)
    form = await open_form(hass, entry, "ai_task_data")
    await hass.config_entries.subentries.async_configure(
        form["flow_id"], {"name": "Summaries", "ollama_model": MODEL, "num_ctx": 16384}
    )
    await hass.async_block_till_done()
    assert hass.states.get("ai_task.summaries").state == "unknown"


async def test_an_ai_task_without_a_model_is_not_begun(hass: HomeAssistant, add_entry: Callable[..., Any]) -> None:
    result = await open_form(hass, await add_entry(), "ai_task_data")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "no_ollama")

"""What is missing is a repair: a model can be fetched by it, a folder is explained."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.repairs import RepairsFlowResult
from homeassistant.core import Event, HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.voice_rag.repairs import async_create_fix_flow
from tests.fakes.knowledge_server import KnowledgeServer, contract
from tests.fakes.ollama_server import OllamaServer

MODEL = "t-tech/T-lite-it-2.1:q4_K_M"


def issues(hass: HomeAssistant) -> list[ir.IssueEntry]:
    return [issue for issue in ir.async_get(hass).issues.values() if issue.domain == "voice_rag"]


async def fix(hass: HomeAssistant) -> RepairsFlowResult:
    """Open the repair, agree, and wait until it ends or asks again."""
    assert await async_setup_component(hass, "repairs", {})
    flows = hass.data["repairs"]["flow_manager"]
    (issue,) = issues(hass)
    result = await flows.async_init("voice_rag", data={"issue_id": issue.issue_id})
    assert result["type"] is FlowResultType.FORM
    assert result["description_placeholders"]["model"] == issue.data["model"]
    result = await flows.async_configure(result["flow_id"], {})
    while result["type"] in (FlowResultType.SHOW_PROGRESS, FlowResultType.SHOW_PROGRESS_DONE):
        await asyncio.sleep(0.01)
        result = await flows.async_configure(result["flow_id"])
    return result


async def test_a_missing_model_is_fetched_by_its_repair(
    hass: HomeAssistant, add_entry: Callable[..., Any], ollama: OllamaServer
) -> None:
    ollama.models = []
    await add_entry(ollama_url=ollama.url, ollama_model=MODEL)
    assert [issue.translation_key for issue in issues(hass)] == ["model_missing"]
    assert (await fix(hass))["type"] is FlowResultType.CREATE_ENTRY
    assert ollama.pulls == [MODEL]
    assert issues(hass) == []


async def test_a_fetch_that_fails_says_why_and_can_be_tried_again(
    hass: HomeAssistant, add_entry: Callable[..., Any], ollama: OllamaServer
) -> None:
    await add_entry(ollama_url=ollama.url, ollama_model="missing:1b")
    result = await fix(hass)
    assert result["step_id"] == "failed"
    assert "file does not exist" in result["description_placeholders"]["error"]
    assert [issue.translation_key for issue in issues(hass)] == ["model_missing"]


async def test_the_progress_of_a_fetch_is_shown(
    hass: HomeAssistant, add_entry: Callable[..., Any], ollama: OllamaServer
) -> None:
    ollama.models = []
    shown: list[float] = []
    await add_entry(ollama_url=ollama.url, ollama_model=MODEL)

    async def note(event: Event) -> None:
        shown.append(event.data["progress"])

    hass.bus.async_listen("data_entry_flow_progress_update", note)
    await fix(hass)
    await hass.async_block_till_done()
    assert shown == [0.0, 0.5, 1.0]


async def test_a_model_that_somebody_else_fetched_ends_the_repair(
    hass: HomeAssistant, add_entry: Callable[..., Any], ollama: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    ollama.models = []
    await add_entry(ollama_url=ollama.url, ollama_model=MODEL)
    ollama.models = [MODEL]
    freezer.tick(timedelta(minutes=11))
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert issues(hass) == []


async def test_a_model_that_is_no_longer_wanted_ends_the_repair(
    hass: HomeAssistant, add_entry: Callable[..., Any], ollama: OllamaServer
) -> None:
    entry = await add_entry(ollama_url=ollama.url, ollama_model="missing:1b")
    assert [issue.data["model"] for issue in issues(hass)] == ["missing:1b"]
    for subentry in list(entry.subentries.values()):
        hass.config_entries.async_update_subentry(entry, subentry, data={**subentry.data, "ollama_model": MODEL})
        await hass.async_block_till_done()
    assert issues(hass) == []


async def test_the_repair_goes_with_its_entry(
    hass: HomeAssistant, add_entry: Callable[..., Any], ollama: OllamaServer
) -> None:
    ollama.models = []
    entry = await add_entry(ollama_url=ollama.url, ollama_model=MODEL)
    await hass.config_entries.async_unload(entry.entry_id)
    assert issues(hass) == []


@pytest.mark.parametrize("problem", ["missing", "unreadable", "empty", "read_only"])
async def test_what_is_wrong_with_the_folder_is_a_repair_until_it_is_right(
    hass: HomeAssistant,
    add_entry: Callable[..., Any],
    knowledge: KnowledgeServer,
    poll: Callable[[], Any],
    problem: str,
) -> None:
    knowledge.replies["/health"] = contract("health") | {"folder_problem": problem}
    await add_entry()
    (issue,) = issues(hass)
    assert (issue.translation_key, issue.translation_placeholders) == (f"folder_{problem}", {"url": knowledge.url})
    knowledge.replies["/health"] = contract("health")
    await poll()
    assert issues(hass) == []


async def test_another_problem_of_the_folder_is_another_repair(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer, poll: Callable[[], Any]
) -> None:
    knowledge.replies["/health"] = contract("health") | {"folder_problem": "empty"}
    entry = await add_entry()
    knowledge.replies["/health"] = contract("health") | {"folder_problem": "missing"}
    await poll()
    assert [issue.translation_key for issue in issues(hass)] == ["folder_missing"]
    knowledge.replies["/health"] = contract("health") | {"folder_problem": "haunted"}  # of a newer service
    await poll()
    assert issues(hass) == []
    knowledge.replies["/health"] = contract("health") | {"folder_problem": "missing"}
    await poll()
    await hass.config_entries.async_unload(entry.entry_id)
    assert issues(hass) == []


async def test_a_repair_of_an_unloaded_entry_ends(
    hass: HomeAssistant, add_entry: Callable[..., Any], ollama: OllamaServer
) -> None:
    entry = await add_entry()
    flow = await async_create_fix_flow(hass, "model_missing_x", {"entry_id": entry.entry_id, "model": MODEL})
    flow.hass = hass
    assert (await flow.async_step_confirm({}))["reason"] == "not_loaded"

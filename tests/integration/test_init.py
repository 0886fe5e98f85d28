"""An entry comes, goes, and says when its service is away."""

from collections.abc import Callable
from typing import Any

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from tests.fakes.knowledge_server import KnowledgeServer, contract


def issues(hass: HomeAssistant) -> list[str | None]:
    """Return the repairs that are shown."""
    return [issue.translation_key for issue in ir.async_get(hass).issues.values() if issue.domain == "voice_rag"]


async def test_an_entry_is_unloaded_and_set_up_again(hass: HomeAssistant, add_entry: Callable[..., Any]) -> None:
    entry = await add_entry()
    assert entry.state is ConfigEntryState.LOADED
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert hass.states.get("conversation.voice_rag").state == "unavailable"
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert hass.states.get("conversation.voice_rag").state == "unknown"


async def test_the_agent_is_there_before_its_knowledge_service(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer
) -> None:
    await knowledge.stop()
    entry = await add_entry()
    assert entry.state is ConfigEntryState.LOADED
    assert hass.states.get("conversation.voice_rag").state == "unknown"


async def test_a_service_that_stays_away_is_a_repair_until_it_returns(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer, poll: Callable[[], Any]
) -> None:
    await add_entry()
    await knowledge.stop()
    await poll()
    assert issues(hass) == []
    await poll()
    assert issues(hass) == ["knowledge_unreachable"]
    await knowledge.start()
    await poll()
    assert issues(hass) == []


async def test_the_repair_goes_with_the_entry(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer, poll: Callable[[], Any]
) -> None:
    await knowledge.stop()
    entry = await add_entry()
    await poll()
    assert issues(hass) == ["knowledge_unreachable"]
    assert await hass.config_entries.async_remove(entry.entry_id)
    assert issues(hass) == []


async def test_a_wrong_token_asks_for_a_new_one_and_leaves_the_agent(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer
) -> None:
    knowledge.token = "new"
    entry = await add_entry(token="old")
    assert entry.state is ConfigEntryState.LOADED
    assert [flow["step_id"] for flow in hass.config_entries.flow.async_progress()] == ["reauth_confirm"]


async def test_the_action_answers_with_sources(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer
) -> None:
    await add_entry()
    response = await hass.services.async_call(
        "voice_rag",
        "ask",
        {"question": "How do I bleed a radiator?", "language": "en-GB"},
        blocking=True,
        return_response=True,
    )
    assert response is not None
    assert response["answer"] == contract("ask_response")["spoken"]
    assert response["found"] is True
    assert [source["title"] for source in response["sources"]] == ["House manual"]
    assert knowledge.requests[-1][1]["language"] == "en"


async def test_the_action_fails_with_a_reason(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer
) -> None:
    await add_entry()
    await knowledge.stop()
    with pytest.raises(HomeAssistantError) as failure:
        await hass.services.async_call("voice_rag", "ask", {"question": "How?"}, blocking=True, return_response=True)
    assert failure.value.translation_key == "knowledge_unavailable"

"""The actions, with what they return and what they say when they fail."""

from collections.abc import Callable
from typing import Any

import pytest
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from probatio import Invalid

from tests.fakes.knowledge_server import Fault, KnowledgeServer, contract


async def act(hass: HomeAssistant, action: str, **data: Any) -> Any:
    """Run an action of ours and return its response."""
    return await hass.services.async_call("voice_rag", action, data, blocking=True, return_response=True)


@pytest.fixture
def spoken(hass: HomeAssistant) -> list[ServiceCall]:
    """What satellites and voices were told."""
    calls: list[ServiceCall] = []
    for domain, service in (("assist_satellite", "announce"), ("tts", "speak")):
        hass.services.async_register(domain, service, calls.append)
    return calls


async def test_passages_are_found_within_what_was_asked_for(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer
) -> None:
    await add_entry()
    response = await act(hass, "search", query="bleed a radiator", kinds="document", limit=3)
    assert response["relevant"] is True
    assert response["passages"][0]["title"] == "House manual"
    assert response["passages"][0]["text"].startswith("Turn the bleed screw")
    assert knowledge.requests[-1][1] == {
        "query": "bleed a radiator",
        "limit": 3,
        "filters": {"kinds": ["document"], "document": None, "language": None},
    }


async def test_a_document_is_added_and_removed_by_its_path(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer
) -> None:
    await add_entry()
    added = await act(hass, "add_document", **contract("add_document_request"))
    assert added == contract("document_response")
    assert await act(hass, "remove_document", **added) == added
    assert knowledge.requests[-1] == ("/documents", added)


async def test_a_new_look_at_all_files_is_started(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer
) -> None:
    await add_entry()
    assert await act(hass, "reindex") == {"status": "started"}
    assert "/reindex" in [path for path, _ in knowledge.requests]


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("search", {"query": ""}),
        ("search", {"query": "x", "limit": 0}),
        ("search", {"query": "x", "kinds": ["spell"]}),
        ("add_document", {"name": "", "text": "x"}),
        ("add_document", {"name": "x", "text": "x" * 200_001}),
        ("remove_document", {}),
        ("say", {"message": "", "entity_id": "media_player.radio"}),
    ],
)
async def test_data_that_cannot_be_right_are_refused(
    hass: HomeAssistant, add_entry: Callable[..., Any], action: str, data: dict[str, Any]
) -> None:
    await add_entry()
    with pytest.raises(Invalid):
        await act(hass, action, **data)


@pytest.mark.parametrize(
    ("action", "path", "data"),
    [
        ("ask", "/ask", {"question": "How?"}),
        ("search", "/search", {"query": "x"}),
        ("add_document", "/documents", {"name": "x", "text": "x"}),
        ("remove_document", "/documents", {"path": "x"}),
        ("reindex", "/reindex", {}),
    ],
)
async def test_what_the_service_refuses_fails_with_its_reason(
    hass: HomeAssistant,
    add_entry: Callable[..., Any],
    knowledge: KnowledgeServer,
    *,
    action: str,
    path: str,
    data: dict[str, Any],
) -> None:
    await add_entry()
    knowledge.faults[path] = Fault.SERVER_ERROR
    with pytest.raises(HomeAssistantError, match="The index is broken") as failure:
        await act(hass, action, **data)
    assert failure.value.translation_key == "knowledge_unavailable"


async def test_a_refused_token_asks_for_a_new_one(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer
) -> None:
    knowledge.token = "old"
    await add_entry(token="old")
    knowledge.token = "new"
    with pytest.raises(HomeAssistantError) as failure:
        await act(hass, "search", query="x")
    assert failure.value.translation_key == "knowledge_denied"
    assert [flow["step_id"] for flow in hass.config_entries.flow.async_progress()] == ["reauth_confirm"]


async def test_satellites_announce_what_is_said(
    hass: HomeAssistant, add_entry: Callable[..., Any], spoken: list[ServiceCall]
) -> None:
    await add_entry()
    response = await act(hass, "say", message="Ужин готов", entity_id=["assist_satellite.kitchen"])
    assert response == {"spoken_by": ["assist_satellite.kitchen"]}
    assert [(call.domain, call.data["message"], call.data["preannounce"]) for call in spoken] == [
        ("assist_satellite", "Ужин готов", False)
    ]


async def test_a_player_needs_a_voice(
    hass: HomeAssistant, add_entry: Callable[..., Any], spoken: list[ServiceCall]
) -> None:
    await add_entry()
    with pytest.raises(ServiceValidationError) as failure:
        await act(hass, "say", message="Dinner", entity_id="media_player.radio")
    assert failure.value.translation_key == "no_voice"
    assert spoken == []


@pytest.mark.parametrize("target", [{}, {"entity_id": "light.kitchen_light"}])
async def test_what_cannot_speak_is_refused(
    hass: HomeAssistant, add_entry: Callable[..., Any], spoken: list[ServiceCall], target: dict[str, str]
) -> None:
    await add_entry()
    with pytest.raises((ServiceValidationError, Invalid)):
        await act(hass, "say", message="Dinner", **target)
    assert spoken == []

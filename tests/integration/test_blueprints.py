"""The blueprints that come with the project, run by Home Assistant itself."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from tests.fakes.knowledge_server import KnowledgeServer, contract

BLUEPRINTS = Path(__file__).parents[2] / "blueprints"
SATELLITE = "assist_satellite.kitchen"
LOCK = "lock.front_door"


@pytest.fixture
def calls(hass: HomeAssistant) -> list[ServiceCall]:
    """What was announced and unlocked, with our blueprints in the configuration folder."""
    shutil.copytree(BLUEPRINTS, hass.config.path("blueprints"), dirs_exist_ok=True)
    calls: list[ServiceCall] = []
    for domain, service in (("assist_satellite", "announce"), ("lock", "unlock")):
        hass.services.async_register(domain, service, calls.append)
    return calls


def hear(hass: HomeAssistant, answer: dict[str, Any]) -> None:
    """Let the satellite hear an answer to whatever it asks."""

    async def ask(call: ServiceCall) -> dict[str, Any]:
        return answer

    hass.services.async_register("assist_satellite", "ask_question", ask, supports_response=SupportsResponse.ONLY)


async def use_briefing(hass: HomeAssistant, questions: str) -> None:
    """Add an automation that asks at half past seven, every day."""
    use = {
        "path": "voice_rag/morning_briefing.yaml",
        "input": {
            "at": "07:30:00",
            "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
            "questions": questions,
            "satellites": {"entity_id": SATELLITE},
        },
    }
    assert await async_setup_component(hass, "automation", {"automation": {"use_blueprint": use}})


async def wait_until_morning(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Let it become half past seven, once."""
    morning = dt_util.now().replace(hour=7, minute=30, second=0, microsecond=0) + timedelta(days=1)
    freezer.move_to(morning)
    async_fire_time_changed(hass, morning)
    await hass.async_block_till_done(wait_background_tasks=True)
    await hass.services.async_call("automation", "turn_off", {"entity_id": "all"}, blocking=True)


async def test_the_briefing_says_what_the_documents_answer(
    hass: HomeAssistant,
    add_entry: Callable[..., Any],
    knowledge: KnowledgeServer,
    calls: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
) -> None:
    await add_entry()
    await use_briefing(hass, "What is on the timetable?\n\n  Who collects the bins?  ")
    await wait_until_morning(hass, freezer)
    asked = [body["question"] for path, body in knowledge.requests if path == "/ask"]
    assert asked == ["What is on the timetable?", "Who collects the bins?"]
    assert [call.data["message"] for call in calls] == [contract("ask_response")["spoken"]] * 2
    assert calls[0].data["entity_id"] == [SATELLITE]


async def test_a_briefing_without_an_answer_is_silent(
    hass: HomeAssistant,
    add_entry: Callable[..., Any],
    knowledge: KnowledgeServer,
    calls: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
) -> None:
    knowledge.replies["/ask"] = contract("ask_not_found")
    await add_entry()
    await use_briefing(hass, "Сколько лет слону?")
    await wait_until_morning(hass, freezer)
    assert "/ask" in [path for path, _ in knowledge.requests]
    assert calls == []


@pytest.mark.parametrize(
    ("answer", "services"),
    [
        ({"id": "yes", "sentence": "yes please", "slots": {}}, ["unlock", "announce"]),
        ({"id": None, "sentence": "maybe later", "slots": {}}, ["announce"]),
    ],
)
async def test_the_lock_opens_only_after_a_yes(
    hass: HomeAssistant, calls: list[ServiceCall], answer: dict[str, Any], services: list[str]
) -> None:
    hear(hass, answer)
    use = {"path": "voice_rag/confirm_unlock.yaml", "input": {"lock": LOCK, "satellite": SATELLITE}}
    assert await async_setup_component(hass, "script", {"script": {"front_door": {"use_blueprint": use}}})
    await hass.services.async_call("script", "front_door", blocking=True)
    assert [call.service for call in calls] == services
    assert calls[-1].data["message"] == ("The door is unlocked." if len(services) > 1 else "The door stays locked.")


async def test_the_lock_stays_locked_when_the_satellite_fails(hass: HomeAssistant, calls: list[ServiceCall]) -> None:
    async def fail(call: ServiceCall) -> dict[str, Any]:
        raise HomeAssistantError("The satellite is away")

    hass.services.async_register("assist_satellite", "ask_question", fail, supports_response=SupportsResponse.ONLY)
    use = {"path": "voice_rag/confirm_unlock.yaml", "input": {"lock": LOCK, "satellite": SATELLITE}}
    assert await async_setup_component(hass, "script", {"script": {"front_door": {"use_blueprint": use}}})
    await hass.services.async_call("script", "front_door", blocking=True)
    assert "unlock" not in [call.service for call in calls]

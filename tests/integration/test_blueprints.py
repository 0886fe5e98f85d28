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
from tests.integration.test_lecture_news import EVENT, READY

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


@pytest.fixture
def finish(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer, poll: Callable[[], Any]
) -> Callable[..., Any]:
    """Return a coroutine function that lets a lecture come to its end, for an automation with these inputs."""

    async def async_finish(lecture: dict[str, Any], **inputs: Any) -> None:
        knowledge.set_lectures()
        await add_entry()
        await poll()
        said = {
            "lecture": EVENT,
            "speakers": {"entity_id": SATELLITE},
            "quiet_from": "21:30:00",
            "quiet_to": "08:00:00",
        }
        use = {"path": "voice_rag/lecture_ready.yaml", "input": said | inputs}
        assert await async_setup_component(hass, "automation", {"automation": {"use_blueprint": use}})
        await hass.async_block_till_done()
        knowledge.set_lectures(lecture)
        await poll()

    return async_finish


@pytest.fixture
def noon(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Let it be noon in the house."""
    freezer.move_to(dt_util.now().replace(hour=12, minute=0))


@pytest.mark.usefixtures("noon")
async def test_a_lecture_that_is_ready_is_announced(finish: Callable[..., Any], calls: list[ServiceCall]) -> None:
    await finish(READY, with_summary=True)
    (call,) = calls
    assert call.data["entity_id"] == [SATELLITE]
    said = "The lecture Градиентный спуск is ready: you can read it and ask about it. "
    assert call.data["message"] == f"{said}Лекция о том, как искать минимум функции."


async def test_in_the_quiet_hours_a_lecture_is_told_of_without_a_sound(
    hass: HomeAssistant, finish: Callable[..., Any], calls: list[ServiceCall], freezer: FrozenDateTimeFactory
) -> None:
    freezer.move_to(dt_util.now().replace(hour=23, minute=0))
    hass.services.async_register("notify", "phone", calls.append)
    message = {"action": "notify.phone", "data": {"message": "{{ lecture.title }}: {{ lecture.link }}"}}
    await finish(READY, also=[message])
    assert [call.service for call in calls] == ["phone"]
    assert calls[0].data["message"].startswith("Градиентный спуск: http://")


@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize(
    ("collections", "count"), [([], 1), (["физика/"], 1), (["Физ", "Химия"], 0), (["Химия", "Физика"], 1)]
)
async def test_only_lectures_of_the_chosen_collections_are_announced(
    finish: Callable[..., Any], calls: list[ServiceCall], collections: list[str], count: int
) -> None:
    await finish(READY, collections=collections)
    assert len(calls) == count


@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize(("tell_failures", "count"), [(False, 0), (True, 1)])
async def test_a_failure_is_announced_to_those_who_want_to_hear_of_it(
    finish: Callable[..., Any], calls: list[ServiceCall], *, tell_failures: bool, count: int
) -> None:
    await finish(READY | {"state": "failed", "problem": "There is no sound."}, tell_failures=tell_failures)
    assert len(calls) == count


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

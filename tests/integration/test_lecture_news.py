"""Lectures in Home Assistant: an event for each that is ready, and actions that read them."""

from collections.abc import Callable
from typing import Any

import pytest
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from tests.fakes.knowledge_server import Fault, KnowledgeServer, contract
from tests.integration.test_actions import act

EVENT = "event.voice_rag_knowledge_lecture"
UNDER_WAY, READY, BROKEN = contract("lectures")["lectures"]
"""As the contract has them: one that is transcribed, one that is ready, one that has failed."""
DONE = UNDER_WAY | {"state": "ready", "ready_at": "2026-11-21T12:00:00+00:00", "terms": 3}

type Poll = Callable[[], Any]


@pytest.fixture
def told(hass: HomeAssistant) -> list[dict[str, Any]]:
    """Attributes of the event, each time that one came."""
    told: list[dict[str, Any]] = []

    def note(event: Any) -> None:
        states = event.data["old_state"], event.data["new_state"]
        is_ours = event.data["entity_id"].startswith("event.") and all(states)
        if is_ours and "unavailable" not in [state.state for state in states]:
            told.append(states[1].attributes)

    hass.bus.async_listen("state_changed", note)
    return told


async def test_a_lecture_that_becomes_ready_is_an_event(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer, poll: Poll, told: list[Any]
) -> None:
    knowledge.set_lectures(UNDER_WAY)
    await add_entry()
    await poll()
    assert hass.states.get(EVENT).state == "unknown"
    knowledge.set_lectures(DONE)
    await poll()
    (attributes,) = told
    assert attributes["event_type"] == "ready"
    assert attributes["lecture_id"] == UNDER_WAY["id"]
    assert attributes["title"] == "cells"
    assert attributes["path"] == "lectures/Biology/cells.mkv"
    assert attributes["collection"] == "Biology"
    assert attributes["held_on"] == "2026-11-20"
    assert attributes["duration"] == 3600.0
    assert attributes["summary"] == "Лекция о том, как искать минимум функции."
    assert attributes["link"] == f"{knowledge.url}/#lectures/{UNDER_WAY['id']}"
    assert attributes["announcement"] == "The lecture cells is ready: you can read it and ask about it."


async def test_the_link_of_a_lecture_in_an_app_leads_into_its_panel(
    add_entry: Callable[..., Any], knowledge: KnowledgeServer, poll: Poll, told: list[Any]
) -> None:
    knowledge.set_lectures(UNDER_WAY)
    await add_entry(app="a0d7b954_voice_rag")
    await poll()
    knowledge.set_lectures(DONE)
    await poll()
    assert told[0]["link"] == f"/app/a0d7b954_voice_rag/lectures/{UNDER_WAY['id']}"


async def test_old_lectures_are_not_told_of_at_the_first_start(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer, poll: Poll, told: list[Any]
) -> None:
    knowledge.set_lectures(*({**READY, "id": f"{number:016x}"} for number in range(50)), BROKEN)
    await add_entry()
    await poll()
    assert told == []
    assert hass.states.get(EVENT).state == "unknown"


async def test_what_became_ready_while_home_assistant_was_away_is_told_once(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer, poll: Poll, told: list[Any]
) -> None:
    knowledge.set_lectures(UNDER_WAY)
    entry = await add_entry()
    await poll()
    await hass.config_entries.async_unload(entry.entry_id)
    knowledge.set_lectures(DONE, READY)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [attributes["title"] for attributes in told] == ["Градиентный спуск", "cells"]
    await hass.config_entries.async_reload(entry.entry_id)
    await poll()
    assert len(told) == 2
    assert hass.states.get(EVENT).attributes["title"] == "cells"


async def test_nothing_is_told_before_automations_can_hear_it(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer, poll: Poll, told: list[Any]
) -> None:
    knowledge.set_lectures(UNDER_WAY)
    entry = await add_entry()
    await poll()
    await hass.config_entries.async_unload(entry.entry_id)
    knowledge.set_lectures(DONE)
    hass.set_state(CoreState.not_running)
    await hass.config_entries.async_setup(entry.entry_id)
    await poll()
    assert told == []
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [attributes["title"] for attributes in told] == ["cells"]


async def test_a_lecture_that_failed_says_why_and_is_told_of_again_when_it_is_ready(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer, poll: Poll, told: list[Any]
) -> None:
    hass.config.language = "ru"
    knowledge.set_lectures(UNDER_WAY)
    await add_entry()
    await poll()
    knowledge.set_lectures(UNDER_WAY | {"state": "failed", "problem": "В файле нет звука."})
    await poll()
    knowledge.set_lectures(DONE)
    await poll()
    knowledge.set_lectures(UNDER_WAY | {"state": "writing"})
    await poll()
    knowledge.set_lectures(DONE | {"ready_at": "2026-11-22T12:00:00+00:00"})
    await poll()
    assert [attributes["event_type"] for attributes in told] == ["failed", "ready"]
    assert told[0]["announcement"] == "Лекцию «cells» не удалось расшифровать. В файле нет звука."
    assert told[0]["summary"] == ""


async def test_a_lecture_whose_summary_cannot_be_read_is_told_of_without_it(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer, poll: Poll, told: list[Any]
) -> None:
    knowledge.set_lectures()
    await add_entry()
    await poll()
    knowledge.faults[f"/lectures/{READY['id']}"] = Fault.SERVER_ERROR
    knowledge.set_lectures(READY)
    await poll()
    assert [attributes["summary"] for attributes in told] == [""]


async def test_a_service_without_lectures_is_not_asked_for_them(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer, poll: Poll
) -> None:
    knowledge.set_lectures(READY)
    await add_entry()
    await poll()
    knowledge.replies["/health"].pop("lectures_version")  # an older one in its place
    knowledge.faults["/lectures"] = Fault.SERVER_ERROR
    await poll()
    assert hass.states.get("sensor.voice_rag_knowledge_documents").state == "4"


async def test_what_was_told_goes_with_the_entry(
    hass: HomeAssistant,
    add_entry: Callable[..., Any],
    knowledge: KnowledgeServer,
    poll: Poll,
    hass_storage: dict[str, Any],
) -> None:
    knowledge.set_lectures(READY)
    entry = await add_entry()
    await poll()
    key = f"voice_rag.lectures.{entry.entry_id}"
    assert hass_storage[key]["data"] == {READY["id"]: "ready"}
    await hass.config_entries.async_remove(entry.entry_id)
    assert key not in hass_storage


async def test_the_lectures_are_listed_with_how_far_they_are(
    hass: HomeAssistant, add_entry: Callable[..., Any]
) -> None:
    await add_entry()
    response = await act(hass, "list_lectures")
    assert [(lecture["title"], lecture["state"]) for lecture in response["lectures"]] == [
        ("cells", "transcribing"),
        ("Градиентный спуск", "ready"),
        ("broken", "failed"),
    ]
    assert [lecture["title"] for lecture in (await act(hass, "list_lectures", collection="Физика"))["lectures"]] == [
        "Градиентный спуск"
    ]


@pytest.mark.parametrize("wanted", [{}, {"lecture": "градиентном спуске"}, {"lecture": READY["id"]}])
async def test_a_lecture_is_read_with_its_chapters_summary_and_glossary(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer, wanted: dict[str, str]
) -> None:
    await add_entry()
    lecture = await act(hass, "get_lecture", **wanted)
    assert (lecture["title"], lecture["held_on"], lecture["summary_by"]) == ("Градиентный спуск", "2026-11-18", "model")
    assert lecture["chapters"] == [
        {
            "title": "Что такое градиент",
            "start": 0.0,
            "end": 612.5,
            "time": "0:00",
            "link": f"{knowledge.url}/#lectures/{READY['id']}?t=0",
        }
    ]
    supported, unsure = lecture["glossary"]
    assert (supported["term"], supported["time"], supported["is_supported"]) == ("градиентный спуск", "0:06", True)
    assert (unsure["term"], unsure["time"], unsure["is_supported"]) == ("овраг", "5:10", False)


@pytest.mark.parametrize(
    ("lectures", "wanted", "key"), [([READY], "quantum physics", "no_such_lecture"), ([UNDER_WAY], "", "no_lecture")]
)
async def test_a_lecture_that_is_not_there_is_refused_with_words(
    hass: HomeAssistant,
    add_entry: Callable[..., Any],
    knowledge: KnowledgeServer,
    *,
    lectures: list[Any],
    wanted: str,
    key: str,
) -> None:
    knowledge.set_lectures(*lectures)
    await add_entry()
    with pytest.raises(ServiceValidationError) as failure:
        await act(hass, "get_lecture", lecture=wanted)
    assert failure.value.translation_key == key

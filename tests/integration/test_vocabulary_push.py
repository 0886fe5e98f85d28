"""The speech server learns the words of the house, and learns of each change."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from tests.fakes.knowledge_server import KnowledgeServer
from tests.fakes.lamp import Lamp
from tests.fakes.speech_server import SpeechServer

COOLDOWN = 5.1
POLL = 31.0
REFRESH = 301.0


@pytest.fixture
def wait(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Callable[[float], Any]:
    """Return a coroutine function that lets seconds pass in Home Assistant."""

    async def async_wait(seconds: float) -> None:
        freezer.tick(timedelta(seconds=seconds))
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)

    return async_wait


async def test_names_aliases_areas_floors_and_documents_are_pushed_at_the_start(
    add_entry: Callable[..., Any], speech: SpeechServer, wait: Callable[[float], Any]
) -> None:
    await add_entry(speech_url=speech.url)
    await wait(COOLDOWN)
    assert speech.vocabularies == [
        {
            "names": [{"name": "Kitchen light", "domain": "light"}, {"name": "Свет на кухне", "domain": "light"}],
            "areas": ["Kitchen", "Кухня"],
            "floors": ["Ground floor"],
            "topics": ["Bleeding a radiator", "Boiler pressure"],
            "titles": ["Solaris", "Солярис"],
        }
    ]


async def test_a_speech_server_with_a_token_gets_the_one_of_the_entry(
    add_entry: Callable[..., Any], knowledge: KnowledgeServer, speech: SpeechServer, wait: Callable[[float], Any]
) -> None:
    knowledge.token = speech.token = "secret"
    await add_entry(token="secret", speech_url=speech.url)
    await wait(COOLDOWN)
    assert len(speech.vocabularies) == 1


async def test_a_burst_of_changes_is_one_push(
    hass: HomeAssistant, add_entry: Callable[..., Any], speech: SpeechServer, wait: Callable[[float], Any]
) -> None:
    await add_entry(speech_url=speech.url)
    await wait(COOLDOWN)
    for name in ("Attic", "Cellar", "Garage"):
        ar.async_get(hass).async_create(name)
    await wait(COOLDOWN)
    assert len(speech.vocabularies) == 2
    assert speech.vocabularies[-1]["areas"] == ["Attic", "Cellar", "Garage", "Kitchen", "Кухня"]


async def test_what_is_no_longer_exposed_is_no_longer_said(
    hass: HomeAssistant, house: Lamp, add_entry: Callable[..., Any], speech: SpeechServer, wait: Callable[[float], Any]
) -> None:
    await add_entry(speech_url=speech.url)
    await wait(COOLDOWN)
    async_expose_entity(hass, "conversation", house.entity_id, False)
    await wait(COOLDOWN)
    assert speech.vocabularies[-1]["names"] == []


async def test_new_documents_bring_new_words(
    add_entry: Callable[..., Any], knowledge: KnowledgeServer, speech: SpeechServer, wait: Callable[[float], Any]
) -> None:
    await add_entry(speech_url=speech.url)
    await wait(COOLDOWN)
    knowledge.set_vocabulary("2", topics=["Descaling"], titles=[])
    await wait(POLL)
    await wait(COOLDOWN)
    assert speech.vocabularies[-1]["topics"] == ["Descaling"]


async def test_a_refused_push_is_logged_once_and_tried_again(
    add_entry: Callable[..., Any],
    speech: SpeechServer,
    wait: Callable[[float], Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    speech.status = 503
    entry = await add_entry(speech_url=speech.url)
    for _ in range(3):
        await wait(COOLDOWN)
        await wait(POLL)
    assert caplog.text.count("speech recognition does not know the newest names") == 1
    assert "answered 503" in entry.runtime_data.vocabulary.last_failure
    speech.status = 204
    await wait(POLL)
    await wait(COOLDOWN)
    assert len(speech.vocabularies) == 1
    assert entry.runtime_data.vocabulary.last_failure is None


async def test_a_speech_server_that_was_restarted_is_told_again(
    add_entry: Callable[..., Any], speech: SpeechServer, wait: Callable[[float], Any]
) -> None:
    await add_entry(speech_url=speech.url)
    await wait(COOLDOWN)
    speech.vocabularies.clear()
    await wait(REFRESH)
    await wait(COOLDOWN)
    assert len(speech.vocabularies) == 1


async def test_nothing_is_pushed_after_the_entry_is_unloaded(
    hass: HomeAssistant, add_entry: Callable[..., Any], speech: SpeechServer, wait: Callable[[float], Any]
) -> None:
    entry = await add_entry(speech_url=speech.url)
    await wait(COOLDOWN)
    assert await hass.config_entries.async_unload(entry.entry_id)
    ar.async_get(hass).async_create("Attic")
    await wait(REFRESH)
    await wait(COOLDOWN)
    assert len(speech.vocabularies) == 1


async def test_words_of_documents_that_are_being_read_are_fetched_within_seconds(
    add_entry: Callable[..., Any], knowledge: KnowledgeServer, speech: SpeechServer, wait: Callable[[float], Any]
) -> None:
    knowledge.set_vocabulary("v0", [], [])
    knowledge.replies["/health"] |= {"pending": 3}
    await add_entry(speech_url=speech.url)
    await wait(COOLDOWN)
    assert speech.vocabularies[-1]["topics"] == []

    knowledge.set_vocabulary("v1", ["Boiler"], [])
    await wait(COOLDOWN)
    await wait(COOLDOWN)
    assert speech.vocabularies[-1]["topics"] == ["Boiler"]

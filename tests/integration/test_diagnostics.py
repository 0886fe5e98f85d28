"""What people send along when they ask for help."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from homeassistant.core import HomeAssistant

from custom_components.voice_rag.diagnostics import async_get_config_entry_diagnostics
from tests.fakes.knowledge_server import KnowledgeServer
from tests.fakes.ollama_server import OllamaServer
from tests.fakes.speech_server import SpeechServer


async def test_without_a_model_it_says_who_answers_and_why(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer
) -> None:
    entry = await add_entry()
    assert await async_get_config_entry_diagnostics(hass, entry) == {
        "entry": {"url": knowledge.url},
        "language_model": {
            "configured": False,
            "answerer": "extractive",
            "reason": "No Ollama address is set, so answers are the documents' own words",
        },
        "knowledge": {
            "is_reachable": True,
            "last_error": None,
            "health": asdict(entry.runtime_data.coordinator.data),
        },
        "vocabulary": None,
    }


async def test_secrets_are_not_in_it(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer, ollama: OllamaServer
) -> None:
    knowledge.token = "hunter2"
    url = ollama.url.replace("http://", "http://anna:swordfish@")
    entry = await add_entry(token="hunter2", ollama_url=url, ollama_model="m")
    report = await async_get_config_entry_diagnostics(hass, entry)
    assert "hunter2" not in str(report)
    assert "swordfish" not in str(report)
    assert report["entry"]["ollama_url"] == ollama.url
    assert report["language_model"] == {"configured": True, "answerer": "ollama", "model": "m", "last_failure": None}


async def test_what_is_away_is_named(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer, speech: SpeechServer
) -> None:
    await knowledge.stop()
    entry = await add_entry(speech_url=speech.url)
    report = await async_get_config_entry_diagnostics(hass, entry)
    assert report["knowledge"]["is_reachable"] is False
    assert report["knowledge"]["health"] is None
    assert knowledge.url in report["knowledge"]["last_error"]
    assert report["vocabulary"] == {"last_success": None, "last_failure": None}

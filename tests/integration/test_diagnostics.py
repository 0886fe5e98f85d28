"""What people send along when they ask for help."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from homeassistant.core import HomeAssistant

from custom_components.voice_rag.diagnostics import async_get_config_entry_diagnostics
from tests.fakes.knowledge_server import KnowledgeServer
from tests.fakes.ollama_server import OllamaServer
from tests.fakes.speech_server import SpeechServer

MODEL = "t-tech/T-lite-it-2.1:q4_K_M"


async def test_without_a_model_it_says_who_answers_and_why(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer
) -> None:
    entry = await add_entry()
    assert await async_get_config_entry_diagnostics(hass, entry) == {
        "entry": {"url": knowledge.url},
        "subentries": [{"type": "conversation", "title": "Voice RAG", "data": {"ollama_model": MODEL}}],
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
        "figures": {"turn_seconds_median": None, "turn_seconds_p95": None, "prefix_hit_percent": None},
        "remembered_facts": 0,
    }


async def test_secrets_are_not_in_it(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer, ollama: OllamaServer
) -> None:
    knowledge.token = "hunter2"
    url = ollama.url.replace("http://", "http://anna:swordfish@")
    entry = await add_entry(token="hunter2", ollama_url=url, ollama_model="m")
    secrets = {"pin": "4711", "prompt": "Grandmother is called Vera.", "ollama_model": "m"}
    hass.config_entries.async_update_subentry(entry, next(iter(entry.subentries.values())), data=secrets)
    await hass.async_block_till_done()
    report = await async_get_config_entry_diagnostics(hass, entry)
    for secret in ("hunter2", "swordfish", "4711", "Vera"):
        assert secret not in str(report)
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

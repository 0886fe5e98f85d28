"""What people hear when the model, the documents or both are away: an answer in time, and recovery by itself."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from homeassistant.components import conversation
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.voice_rag import ollama as ollama_module
from custom_components.voice_rag.agent.model_agent import ModelAgent
from custom_components.voice_rag.agent.retrieval import Retrieval
from custom_components.voice_rag.const import CONF_INSTRUCTIONS, DOMAIN
from custom_components.voice_rag.texts import get_texts
from tests.fakes.furnished_home import FurnishedHome
from tests.fakes.knowledge_server import Fault, KnowledgeServer, contract
from tests.fakes.lamp import async_add_entry
from tests.fakes.ollama_server import OllamaFault, OllamaServer, Scripted

AGENT = "conversation.voice_rag"
SMALL = "qwen3:1.7b"
COMMAND, QUESTION, CHAT = "включи люстра", "Как прокачать радиатор?", "расскажи сказку"
FROM_DOCUMENTS = contract("ask_response")["spoken"]
FROM_MODEL = "Жил-был дом."
TEXTS = get_texts("ru")

type Say = Callable[[str], Coroutine[Any, Any, str]]


@pytest.fixture(autouse=True)
def _short_time_outs(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = ollama_module.OllamaTimeouts(connect=0.5, first_token=0.5, next_token=0.5, total=5)
    monkeypatch.setattr(ollama_module, "OllamaTimeouts", lambda: quick)


@pytest.fixture
async def say(hass: HomeAssistant, home: FurnishedHome, knowledge: KnowledgeServer, ollama: OllamaServer) -> Say:
    """Return how to say something and hear the answer."""
    ollama.answer = [FROM_MODEL]
    data = {"url": knowledge.url, "ollama_url": ollama.url}
    await async_add_entry(hass, DOMAIN, data)
    await hass.async_block_till_done(wait_background_tasks=True)

    async def async_say(text: str) -> str:
        result = await conversation.async_converse(hass, text, None, Context(), language="ru", agent_id=AGENT)
        return str(result.response.speech["plain"]["speech"])

    return async_say


async def async_break(ollama: OllamaServer, knowledge: KnowledgeServer, failure: str) -> None:
    match failure:
        case "down":
            await ollama.stop()
        case "hung":
            ollama.fault = OllamaFault.HANGS
        case "restarting":
            ollama.fault = OllamaFault.SERVER_ERROR
        case "knowledge down":
            await knowledge.stop()
        case "both down":
            await ollama.stop()
            await knowledge.stop()


async def async_mend(ollama: OllamaServer, knowledge: KnowledgeServer) -> None:
    await ollama.stop()
    await knowledge.stop()
    ollama.fault = None
    await ollama.start()
    await knowledge.start()


async def async_pass_time(hass: HomeAssistant, seconds: float) -> None:
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize(
    ("failure", "question", "chat"),
    [
        ("down", FROM_DOCUMENTS, TEXTS.model_away),
        ("hung", FROM_DOCUMENTS, TEXTS.model_away),
        ("restarting", FROM_DOCUMENTS, TEXTS.model_away),
        ("knowledge down", FROM_MODEL, FROM_MODEL),
        ("both down", TEXTS.all_away, TEXTS.all_away),
    ],
    ids=["down", "hung", "restarting", "knowledge down", "both down"],
)
async def test_each_sentence_gets_its_answer_and_everything_comes_back(
    hass: HomeAssistant,
    say: Say,
    home: FurnishedHome,
    ollama: OllamaServer,
    knowledge: KnowledgeServer,
    *,
    failure: str,
    question: str,
    chat: str,
) -> None:
    await async_break(ollama, knowledge, failure)
    assert await say(QUESTION) == question
    assert await say(CHAT) == chat
    await say(COMMAND)
    assert home.kitchen.is_on
    await async_mend(ollama, knowledge)
    await async_pass_time(hass, 15)
    assert await say(CHAT) == FROM_MODEL
    assert (await say(QUESTION)).startswith(FROM_MODEL)


async def test_nobody_waits_twice_for_a_model_that_hangs(hass: HomeAssistant, say: Say, ollama: OllamaServer) -> None:
    ollama.fault = OllamaFault.HANGS
    await say(CHAT)
    await say(CHAT)
    assert len(ollama.requests) == 1


async def test_a_model_that_stays_away_becomes_a_repair_until_it_answers(
    hass: HomeAssistant, say: Say, ollama: OllamaServer
) -> None:
    def repairs() -> list[str | None]:
        return [issue.translation_key for issue in ir.async_get(hass).issues.values() if issue.domain == DOMAIN]

    await ollama.stop()
    await say(CHAT)
    assert "language_model_away" not in repairs()
    await async_pass_time(hass, 11)
    assert "language_model_away" in repairs()
    await ollama.start()
    await async_pass_time(hass, 40)
    assert "language_model_away" not in repairs()


async def test_a_second_model_answers_while_the_first_is_away(
    hass: HomeAssistant, home: FurnishedHome, knowledge: KnowledgeServer, ollama: OllamaServer
) -> None:
    async with OllamaServer(models=[SMALL], answer=["Я маленькая."]) as second:
        data = {"url": knowledge.url, "ollama_url": ollama.url}
        data |= {"fallback_url": second.url, "fallback_model": SMALL}
        await async_add_entry(hass, DOMAIN, data)
        await hass.async_block_till_done(wait_background_tasks=True)
        await ollama.stop()
        result = await conversation.async_converse(hass, CHAT, None, Context(), language="ru", agent_id=AGENT)
        assert result.response.speech["plain"]["speech"] == "Я маленькая."
        ollama.answer = [FROM_MODEL]
        await ollama.start()
        await async_pass_time(hass, 15)
        result = await conversation.async_converse(hass, CHAT, None, Context(), language="ru", agent_id=AGENT)
        assert result.response.speech["plain"]["speech"] == FROM_MODEL


@pytest.mark.parametrize("fault", [OllamaFault.CUT, OllamaFault.HANGS_MIDWAY, OllamaFault.NOT_JSON])
async def test_a_model_that_breaks_off_after_a_deed_says_that_it_is_done(
    say: Say, home: FurnishedHome, ollama: OllamaServer, fault: OllamaFault
) -> None:
    ollama.script = [
        Scripted(calls=(("intent__HassTurnOn", {"name": "Люстра"}),)),
        Scripted(["Люс", "тра", " горит."]),
    ]
    ollama.fault = fault
    assert await say("зажги-ка люстру, а то темно") == TEXTS.done
    assert home.kitchen.is_on


async def test_a_model_without_tools_is_asked_without_them(
    hass: HomeAssistant, home: FurnishedHome, knowledge: KnowledgeServer, ollama: OllamaServer
) -> None:
    ollama.capabilities = ("completion",)
    ollama.answer = [FROM_MODEL]
    await async_add_entry(hass, DOMAIN, {"url": knowledge.url, "ollama_url": ollama.url})
    await hass.async_block_till_done(wait_background_tasks=True)
    result = await conversation.async_converse(hass, CHAT, None, Context(), language="ru", agent_id=AGENT)
    assert result.response.speech["plain"]["speech"] == FROM_MODEL
    assert "tools" not in ollama.requests[0]
    assert "You cannot switch devices" in ollama.requests[0]["messages"][0]["content"]


async def test_a_search_that_ends_with_its_config_entry_is_late_and_does_not_end_the_turn(
    hass: HomeAssistant, add_entry: Callable[..., Any]
) -> None:
    entry = await add_entry()
    retrieval = Retrieval(hass, entry, entry.runtime_data.coordinator.knowledge, QUESTION)
    retrieval.cancel()
    assert (await retrieval.async_get()).is_away


async def test_without_its_tools_the_model_is_left_and_the_documents_answer(
    say: Say, ollama: OllamaServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def refuse(*_: object) -> None:
        raise HomeAssistantError("another integration's tools cannot be read")

    monkeypatch.setattr(ModelAgent, "async_view", refuse)
    assert await say(QUESTION) == FROM_DOCUMENTS
    assert ollama.requests == []
    assert "another integration's tools cannot be read" in caplog.text


async def test_documents_that_are_found_but_cannot_answer_are_told_as_away(
    say: Say, ollama: OllamaServer, knowledge: KnowledgeServer
) -> None:
    await ollama.stop()
    knowledge.faults["/ask"] = Fault.SERVER_ERROR
    assert await say(QUESTION) == TEXTS.all_away


async def test_instructions_that_are_no_template_are_left_out_with_a_warning(
    hass: HomeAssistant,
    home: FurnishedHome,
    knowledge: KnowledgeServer,
    ollama: OllamaServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ollama.answer = [FROM_MODEL]
    data = {"url": knowledge.url, "ollama_url": ollama.url}
    entry = await async_add_entry(hass, DOMAIN, data)
    subentry = next(iter(entry.subentries.values()))
    broken = {**subentry.data, CONF_INSTRUCTIONS: "Call me {{ name"}
    hass.config_entries.async_update_subentry(entry, subentry, data=broken)
    await hass.async_block_till_done(wait_background_tasks=True)
    result = await conversation.async_converse(hass, CHAT, None, Context(), language="ru", agent_id=AGENT)
    assert result.response.speech["plain"]["speech"] == FROM_MODEL
    assert "The agent's instructions are left out" in caplog.text
    assert "{{" not in ollama.requests[-1]["messages"][0]["content"]

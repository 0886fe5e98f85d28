"""AI tasks: what the model writes in the structure that was asked for."""

from collections.abc import Callable
from typing import Any

import probatio
import pytest
from homeassistant.components import ai_task
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import selector

from custom_components.voice_rag.const import NUM_CTX
from tests.fakes.ollama_server import OllamaFault, OllamaServer

MODEL = "t-tech/T-lite-it-2.1:q4_K_M"
TASK = "ai_task.voice_rag_ai_task"
STRUCTURE = probatio.Schema(
    {
        probatio.Required("dish", description="What to cook"): selector.TextSelector(),
        probatio.Optional("minutes"): selector.NumberSelector(),
    }
)


async def generate(hass: HomeAssistant, structure: probatio.Schema | None = None) -> Any:
    result = await ai_task.async_generate_data(
        hass, task_name="supper", entity_id=TASK, instructions="What shall we cook?", structure=structure
    )
    return result.data


@pytest.fixture
async def tasks(add_entry: Callable[..., Any], ollama: OllamaServer) -> None:
    await add_entry(ollama_url=ollama.url, ollama_model=MODEL)


async def test_a_text_is_written(hass: HomeAssistant, tasks: None, ollama: OllamaServer) -> None:
    ollama.answer = ["Soup ", "today."]
    assert await generate(hass) == "Soup today."
    request = ollama.requests[-1]
    assert request["model"] == MODEL
    assert request["messages"][-1] == {"role": "user", "content": "What shall we cook?"}
    assert request["options"]["num_ctx"] == NUM_CTX
    assert "format" not in request
    assert "tools" not in request


async def test_a_structure_is_given_to_ollama_and_comes_back_as_data(
    hass: HomeAssistant, tasks: None, ollama: OllamaServer
) -> None:
    ollama.answer = ['{"dish": "борщ", ', '"minutes": 90}']
    assert await generate(hass, STRUCTURE) == {"dish": "борщ", "minutes": 90}
    wanted = ollama.requests[-1]["format"]
    assert wanted["type"] == "object"
    assert wanted["required"] == ["dish"]
    assert wanted["properties"]["dish"] == {"type": "string", "description": "What to cook"}


async def test_what_is_no_data_is_an_error(hass: HomeAssistant, tasks: None, ollama: OllamaServer) -> None:
    ollama.answer = ["Borscht, I think."]
    with pytest.raises(HomeAssistantError) as failure:
        await generate(hass, STRUCTURE)
    assert failure.value.translation_key == "no_structure"


async def test_a_model_that_fails_is_an_error_with_its_reason(
    hass: HomeAssistant, tasks: None, ollama: OllamaServer
) -> None:
    ollama.fault = OllamaFault.SERVER_ERROR
    with pytest.raises(HomeAssistantError, match="has terminated") as failure:
        await generate(hass)
    assert failure.value.translation_key == "model_unavailable"


async def test_without_ollama_there_are_no_tasks(hass: HomeAssistant, add_entry: Callable[..., Any]) -> None:
    await add_entry()
    assert hass.states.async_entity_ids("ai_task") == []

"""AI tasks: text or structured data from the model, without tools."""

import json
from contextlib import aclosing
from typing import Any, override

import probatio
from homeassistant.components import ai_task, conversation
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import llm
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import DOMAIN, SUBENTRY_AI_TASK
from .data import VoiceRagConfigEntry, agent_options, subentries_of
from .devices import agent_device
from .errors import OllamaError
from .models import AgentOptions
from .ollama import OllamaClient

PARALLEL_UPDATES = 1
"""A home has one model in memory: a second task would only slow down the first, and the conversations."""

TEMPERATURE = 0.2


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001
    entry: VoiceRagConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the AI tasks of an entry that has an Ollama."""
    if (ollama := entry.runtime_data.ollama) is None:
        return
    for subentry in subentries_of(entry, SUBENTRY_AI_TASK):
        async_add_entities(
            [VoiceRagTask(ollama, subentry, agent_options(entry, subentry))], config_subentry_id=subentry.subentry_id
        )


class VoiceRagTask(ai_task.AITaskEntity):
    """Has the model fill in a structure, or write a text."""

    _attr_has_entity_name = True
    _attr_name = None
    _attr_supported_features = ai_task.AITaskEntityFeature.GENERATE_DATA

    def __init__(self, ollama: OllamaClient, subentry: ConfigSubentry, options: AgentOptions) -> None:
        self._ollama = ollama
        self._options = options
        self._attr_unique_id = subentry.subentry_id
        self._attr_device_info = agent_device(subentry)

    @override
    async def _async_generate_data(
        self, task: ai_task.GenDataTask, chat_log: conversation.ChatLog
    ) -> ai_task.GenDataTaskResult:
        text = await self._async_write(build_request(self._options, chat_log.content, task.structure))
        chat_log.async_add_assistant_content_without_tools(
            conversation.AssistantContent(agent_id=self.entity_id, content=text)
        )
        data = text if task.structure is None else _parse(text)
        return ai_task.GenDataTaskResult(conversation_id=chat_log.conversation_id, data=data)

    async def _async_write(self, request: dict[str, Any]) -> str:
        try:
            async with aclosing(self._ollama.async_chat(request)) as pieces:
                return "".join([piece.text async for piece in pieces])
        except OllamaError as err:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="model_unavailable",
                translation_placeholders={"error": str(err)},
            ) from err


def build_request(
    options: AgentOptions, contents: list[conversation.Content], structure: probatio.Schema | None
) -> dict[str, Any]:
    """Return the body of POST /api/chat; with a structure, Ollama lets the model write nothing else."""
    request: dict[str, Any] = {
        "model": options.model,
        "messages": [
            {"role": content.role, "content": content.content or ""}
            for content in contents
            if not isinstance(content, conversation.ToolResultContent)
        ],
        "stream": True,
        "think": False,
        "options": {"num_ctx": options.num_ctx, "temperature": TEMPERATURE},
    }
    if structure is not None:
        request["format"] = probatio.to_openapi(
            structure, custom_serializer=llm.selector_serializer, openapi_version="3.1.0"
        )
    return request


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as err:
        raise HomeAssistantError(translation_domain=DOMAIN, translation_key="no_structure") from err

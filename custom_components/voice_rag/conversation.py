"""The conversation agent: commands at once, questions from the documents."""

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Literal, override

from homeassistant.components import conversation
from homeassistant.const import MATCH_ALL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import intent
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .answerers import Answerer, Reply, Speech
from .chat import Question, read_history
from .commands import async_handle_command
from .const import DOMAIN
from .coordinator import KnowledgeCoordinator
from .data import VoiceRagConfigEntry
from .errors import KnowledgeAuthError, KnowledgeConnectionError, KnowledgeError
from .texts import base_language, get_texts, is_meaningful

_LOGGER = logging.getLogger(__name__)

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001
    entry: VoiceRagConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the agent of an entry."""
    async_add_entities([VoiceRagAgent(entry)])


class VoiceRagAgent(CoordinatorEntity[KnowledgeCoordinator], conversation.ConversationEntity):
    """Carries out what Home Assistant understands as a command, and answers the rest."""

    _attr_has_entity_name = True
    _attr_name = None
    _attr_supports_streaming = True
    _attr_supported_features = conversation.ConversationEntityFeature.CONTROL

    def __init__(self, entry: VoiceRagConfigEntry) -> None:
        super().__init__(entry.runtime_data.coordinator)
        self._entry = entry
        self._answerer: Answerer = entry.runtime_data.answerer
        self._attr_unique_id = entry.entry_id
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, entry.entry_id)},
            name=entry.title,
            entry_type=DeviceEntryType.SERVICE,
            manufacturer="Voice RAG",
            model="Knowledge service",
            sw_version=self.coordinator.health.version if self.coordinator.health else None,
        )

    @property
    @override
    def supported_languages(self) -> list[str] | Literal["*"]:
        """Every language: the answers are in the one that was asked in."""
        return MATCH_ALL

    @property
    @override
    def available(self) -> bool:
        """Commands need no knowledge service, so the agent is there without it."""
        return True

    @override
    async def _async_handle_message(
        self, user_input: conversation.ConversationInput, chat_log: conversation.ChatLog
    ) -> conversation.ConversationResult:
        if not is_meaningful(user_input.text):
            return self._finish(user_input, chat_log, _speaking(user_input, ""))
        if (response := await async_handle_command(self.hass, user_input, chat_log)) is not None:
            return self._finish(user_input, chat_log, response)
        response = await self._async_answer(user_input, chat_log)
        return conversation.ConversationResult(
            response=response,
            conversation_id=chat_log.conversation_id,
            continue_conversation=chat_log.continue_conversation,
        )

    def _finish(
        self,
        user_input: conversation.ConversationInput,
        chat_log: conversation.ChatLog,
        response: intent.IntentResponse,
    ) -> conversation.ConversationResult:
        """Write what was said into the chat log."""
        speech = response.speech.get("plain", {}).get("speech", "")
        chat_log.async_add_assistant_content_without_tools(
            conversation.AssistantContent(agent_id=user_input.agent_id, content=speech)
        )
        return conversation.ConversationResult(response=response, conversation_id=chat_log.conversation_id)

    async def _async_answer(
        self, user_input: conversation.ConversationInput, chat_log: conversation.ChatLog
    ) -> intent.IntentResponse:
        question = Question(user_input.text, base_language(user_input.language), read_history(chat_log.content))
        reply = Reply()
        deltas = self._async_stream(question, reply)
        async with aclosing(chat_log.async_add_delta_content_stream(user_input.agent_id, deltas)) as contents:
            async for _ in contents:
                pass
        return _respond(user_input, reply)

    async def _async_stream(
        self, question: Question, reply: Reply
    ) -> AsyncGenerator[conversation.AssistantContentDeltaDict]:
        """Yield the answer for the chat log while putting it together in `reply`."""
        yield {"role": "assistant"}
        try:
            async with aclosing(self._answerer.async_answer(question)) as parts:
                async for part in parts:
                    reply.add(part)
                    if isinstance(part, Speech):
                        if part.starts_message:
                            yield {"role": "assistant"}
                        yield {"content": part.text}
        except KnowledgeError as err:
            apology = self._explain(err, question.language)
            reply.fail(apology)
            yield {"content": apology}

    def _explain(self, err: KnowledgeError, language: str) -> str:
        """Return the sentence for people; the details go to the log."""
        _LOGGER.warning("A question could not be answered: %s", err)
        texts = get_texts(language)
        if isinstance(err, KnowledgeAuthError):
            self._entry.async_start_reauth(self.hass)
            return texts.knowledge_denied
        if isinstance(err, KnowledgeConnectionError):
            return texts.knowledge_unreachable
        return texts.knowledge_failed


def _speaking(user_input: conversation.ConversationInput, text: str) -> intent.IntentResponse:
    response = intent.IntentResponse(language=user_input.language)
    response.async_set_speech(text)
    return response


def _respond(user_input: conversation.ConversationInput, reply: Reply) -> intent.IntentResponse:
    response = intent.IntentResponse(language=user_input.language)
    if reply.is_failure:
        response.async_set_error(intent.IntentResponseErrorCode.FAILED_TO_HANDLE, reply.text)
        return response
    response.response_type = intent.IntentResponseType.QUERY_ANSWER
    response.async_set_speech(reply.text, extra_data={"found": reply.found, "sources": reply.sources_as_list()})
    if reply.hits:
        response.async_set_card(get_texts(user_input.language).sources_title, reply.sources_as_text())
    return response

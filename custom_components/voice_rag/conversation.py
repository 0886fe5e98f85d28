"""The conversation agent: commands at once, questions from the documents."""

import logging
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from typing import Literal, override

from homeassistant.components import conversation
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID, MATCH_ALL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import intent
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .answerers import Answerer, Reply, Speech, create_answerer
from .chat import Question, read_history
from .commands import async_handle_command
from .const import EVENT_TURN, SUBENTRY_CONVERSATION
from .coordinator import KnowledgeCoordinator
from .data import VoiceRagConfigEntry, agent_options, subentries_of
from .devices import agent_device
from .errors import KnowledgeAuthError, KnowledgeConnectionError, KnowledgeError
from .texts import base_language, get_texts, is_meaningful

_LOGGER = logging.getLogger(__name__)

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001
    entry: VoiceRagConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the agents of an entry."""
    for subentry in subentries_of(entry, SUBENTRY_CONVERSATION):
        async_add_entities([VoiceRagAgent(entry, subentry)], config_subentry_id=subentry.subentry_id)


class VoiceRagAgent(CoordinatorEntity[KnowledgeCoordinator], conversation.ConversationEntity):
    """Carries out what Home Assistant understands as a command, and answers the rest."""

    _attr_has_entity_name = True
    _attr_name = None
    _attr_supports_streaming = True
    _attr_supported_features = conversation.ConversationEntityFeature.CONTROL

    def __init__(self, entry: VoiceRagConfigEntry, subentry: ConfigSubentry) -> None:
        data = entry.runtime_data
        super().__init__(data.coordinator)
        self._entry = entry
        self._answerer: Answerer = create_answerer(
            data.coordinator.knowledge, data.ollama, agent_options(entry, subentry)
        )
        self._attr_unique_id = subentry.subentry_id
        self._attr_device_info = agent_device(subentry)

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
        with self._noted_turn(user_input):
            return await self._async_handle_sentence(user_input, chat_log)

    async def _async_handle_sentence(
        self, user_input: conversation.ConversationInput, chat_log: conversation.ChatLog
    ) -> conversation.ConversationResult:
        if (response := await async_handle_command(self.hass, user_input, chat_log)) is not None:
            return self._finish(user_input, chat_log, response)
        response = await self._async_answer(user_input, chat_log)
        return conversation.ConversationResult(
            response=response,
            conversation_id=chat_log.conversation_id,
            continue_conversation=chat_log.continue_conversation,
        )

    @contextmanager
    def _noted_turn(self, user_input: conversation.ConversationInput) -> Iterator[None]:
        """Tell the logbook who is asked, and the figures how long it took. What was said stays unrecorded."""
        data = {ATTR_ENTITY_ID: self.entity_id, ATTR_DEVICE_ID: user_input.device_id}
        self.hass.bus.async_fire(EVENT_TURN, data, context=user_input.context)
        start = time.monotonic()
        yield
        self._entry.runtime_data.figures.add_turn(time.monotonic() - start)

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

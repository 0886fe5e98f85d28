"""The conversation agent: commands at once, the rest with the model, or in the documents' own words."""

import logging
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import replace
from typing import Literal, override

from homeassistant.components import conversation
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID, MATCH_ALL
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import intent
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .agent.chat import Question
from .agent.model_agent import ModelAgent
from .agent.model_turn import TurnRecord
from .agent.retrieval import Retrieval, Retrieved
from .agent.sources import cited_hits, name_source, unnamed_source
from .agent.turn_input import async_prepare_turn
from .agent.turns import Courtesy, asks_back, find_courtesy, is_unfinished, last_answer, last_text
from .answerers import ExtractiveAnswerer, Reply, Speech
from .commands import async_handle_command
from .const import DOMAIN, EVENT_TURN, SUBENTRY_CONVERSATION
from .coordinator import KnowledgeCoordinator
from .data import VoiceRagConfigEntry, agent_options, subentries_of
from .devices import agent_device
from .errors import KnowledgeAuthError, KnowledgeConnectionError, KnowledgeError, OllamaError
from .gates.confirmation import Confirmation
from .gates.words import Mood, may_ask, mood
from .texts import base_language, get_texts, is_meaningful

_LOGGER = logging.getLogger(__name__)

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: VoiceRagConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the agents of an entry."""
    for subentry in subentries_of(entry, SUBENTRY_CONVERSATION):
        agent = VoiceRagAgent(entry, subentry, _create_model(hass, entry, subentry))
        async_add_entities([agent], config_subentry_id=subentry.subentry_id)


def _create_model(hass: HomeAssistant, entry: VoiceRagConfigEntry, subentry: ConfigSubentry) -> ModelAgent | None:
    options = agent_options(entry, subentry)
    return ModelAgent(hass, entry, subentry.subentry_id, options) if options.url else None


class VoiceRagAgent(CoordinatorEntity[KnowledgeCoordinator], conversation.ConversationEntity):
    """Carries out what Home Assistant understands as a command, and answers the rest."""

    _attr_has_entity_name = True
    _attr_name = None
    _attr_supports_streaming = True
    _attr_supported_features = conversation.ConversationEntityFeature.CONTROL

    def __init__(self, entry: VoiceRagConfigEntry, subentry: ConfigSubentry, model: ModelAgent | None) -> None:
        super().__init__(entry.runtime_data.coordinator)
        self._entry = entry
        self._model = model
        self._documents = ExtractiveAnswerer(self.coordinator.knowledge)
        self._confirmation = Confirmation.from_mapping(subentry.data, clock=time.monotonic)
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
    async def async_added_to_hass(self) -> None:
        """Start what runs between the turns."""
        await super().async_added_to_hass()
        if self._model is not None:
            self._model.async_start()
            self.async_on_remove(self._model.async_stop)

    @override
    async def async_prepare(self, language: str | None = None) -> None:
        """Warm the model while somebody is still speaking."""
        if self._model is not None:
            self._model.async_warm_up()

    @override
    async def _async_handle_message(
        self, user_input: conversation.ConversationInput, chat_log: conversation.ChatLog
    ) -> conversation.ConversationResult:
        text = last_text(chat_log.content) or user_input.text
        if not is_meaningful(text):
            return self._finish(user_input, chat_log, "")
        if is_unfinished(text):
            return self._finish(user_input, chat_log, "", keeps_listening=True)
        with self._noted_turn(user_input):
            # What a satellite heard in two halves is one sentence from here on.
            return await self._async_handle_sentence(replace(user_input, text=text), chat_log)

    async def _async_handle_sentence(
        self, user_input: conversation.ConversationInput, chat_log: conversation.ChatLog
    ) -> conversation.ConversationResult:
        if (result := await self._async_confirm(user_input, chat_log)) is not None:
            return result
        retrieval = self._start_retrieval(user_input.text)
        try:
            response = await async_handle_command(self.hass, user_input, chat_log, self._confirmation)
            courtesy = find_courtesy(user_input.text)
            if response is not None and (courtesy is None or _heard(response)):
                return self._finish_command(user_input, chat_log, response)
            # A model may have been told who it is.
            if courtesy is not None and not (courtesy is Courtesy.HELP and self._model):
                return self._return_courtesy(user_input, chat_log, courtesy)
            reply = await self._async_answer(user_input, chat_log, retrieval)
        finally:
            if retrieval is not None:
                retrieval.cancel()
        return conversation.ConversationResult(
            response=_respond(user_input, reply),
            conversation_id=chat_log.conversation_id,
            continue_conversation=not reply.is_failure and (reply.awaits_answer or asks_back(reply.text)),
        )

    def _return_courtesy(
        self, user_input: conversation.ConversationInput, chat_log: conversation.ChatLog, courtesy: Courtesy
    ) -> conversation.ConversationResult:
        texts = get_texts(user_input.language)
        match courtesy:
            case Courtesy.THANKS:
                said = texts.welcome
            case Courtesy.STOP:
                said = texts.stopped
            case Courtesy.GREETING:
                greeting = user_input.text.strip(" .,!?。，！？")
                stop = "。" if base_language(user_input.language) == "zh" else "."
                said = f"{greeting[:1].upper()}{greeting[1:]}{stop}"
            case Courtesy.CALL:
                said = texts.listening
            case Courtesy.HELP:
                said = texts.help
            case Courtesy.REPEAT:
                said = last_answer(chat_log.content) or texts.nothing_to_repeat
        return self._finish(user_input, chat_log, said, keeps_listening=courtesy is Courtesy.CALL or asks_back(said))

    def _start_retrieval(self, text: str) -> Retrieval | None:
        """Look for passages while the commands are tried; without a model, the documents are asked as a whole later."""
        if self._model is None:
            return None
        return Retrieval(self.hass, self._entry, self.coordinator.knowledge, text)

    @contextmanager
    def _noted_turn(self, user_input: conversation.ConversationInput) -> Iterator[None]:
        """Tell the logbook who is asked, and the figures how long it took. What was said stays unrecorded."""
        data = {ATTR_ENTITY_ID: self.entity_id, ATTR_DEVICE_ID: user_input.device_id}
        self.hass.bus.async_fire(EVENT_TURN, data, context=user_input.context)
        start = time.monotonic()
        yield
        self._entry.runtime_data.figures.add_turn(time.monotonic() - start)

    async def _async_confirm(
        self, user_input: conversation.ConversationInput, chat_log: conversation.ChatLog
    ) -> conversation.ConversationResult | None:
        """Take a yes, a no or a code for what was held back; None where the sentence is about something else."""
        if find_courtesy(user_input.text) is Courtesy.REPEAT:
            return None  # the question is heard again, and still waits
        answer = await self._confirmation.async_answer(
            chat_log.conversation_id, user_input.text, user_input.language, user_input.context.user_id
        )
        if answer is None:
            return None
        if answer.response is not None:
            return self._finish_command(user_input, chat_log, answer.response)
        return self._finish(user_input, chat_log, answer.text, keeps_listening=answer.asks_again)

    def _finish(
        self,
        user_input: conversation.ConversationInput,
        chat_log: conversation.ChatLog,
        text: str,
        *,
        keeps_listening: bool = False,
    ) -> conversation.ConversationResult:
        """Say a sentence of our own, or nothing."""
        response = intent.IntentResponse(language=user_input.language)
        response.async_set_speech(text)
        result = self._finish_command(user_input, chat_log, response)
        return replace(result, continue_conversation=keeps_listening)

    def _finish_command(
        self,
        user_input: conversation.ConversationInput,
        chat_log: conversation.ChatLog,
        response: intent.IntentResponse,
    ) -> conversation.ConversationResult:
        """Write what was said into the chat log."""
        speech = _heard(response)
        chat_log.async_add_assistant_content_without_tools(
            conversation.AssistantContent(agent_id=user_input.agent_id, content=speech)
        )
        return conversation.ConversationResult(
            response=response,
            conversation_id=chat_log.conversation_id,
            continue_conversation=asks_back(speech),
        )

    async def _async_answer(
        self, user_input: conversation.ConversationInput, chat_log: conversation.ChatLog, retrieval: Retrieval | None
    ) -> Reply:
        """Answer with the model; without one, or when it fails, in the documents' own words."""
        if self._model is None or retrieval is None:
            return await self._async_answer_from_documents(user_input, chat_log)
        retrieved = await retrieval.async_get()
        self._note_failure(retrieved)
        record = TurnRecord()
        try:
            return await self._async_answer_with_model(self._model, user_input, chat_log, retrieved, record)
        except OllamaError as err:
            _LOGGER.debug("The model gave no answer: %s", err)
        except HomeAssistantError as err:
            _LOGGER.warning("The model's tools are not to be had: %s", err)
        return await self._async_answer_without_model(user_input, chat_log, retrieved, record)

    async def _async_answer_with_model(
        self,
        model: ModelAgent,
        user_input: conversation.ConversationInput,
        chat_log: conversation.ChatLog,
        retrieved: Retrieved,
        record: TurnRecord,
    ) -> Reply:
        first = len(chat_log.content)
        view = await model.async_view(user_input.as_llm_context(DOMAIN))
        turn = async_prepare_turn(self.hass, user_input, chat_log, view.inventory, retrieved)
        turn = replace(turn, confirmation=self._confirmation if self._confirmation.is_needed else None)
        await model.async_run(user_input, chat_log, turn, record)
        answer = _last_answer(chat_log.content[first:])
        hits = cited_hits(retrieved.hits, record.tool_results)
        if (source := unnamed_source(answer, retrieved.hits, turn.utterance.mood)) is not None:
            named = name_source(source, user_input.language)
            await self._async_say(user_input, chat_log, named)
            answer = f"{answer} {named}"
        return Reply(
            answer, found=bool(hits), hits=hits, has_acted=bool(record.deeds), awaits_answer=record.awaits_answer
        )

    async def _async_answer_without_model(
        self,
        user_input: conversation.ConversationInput,
        chat_log: conversation.ChatLog,
        retrieved: Retrieved,
        record: TurnRecord,
    ) -> Reply:
        """Answer a question from the documents, and say of everything else that it has to wait."""
        texts = get_texts(user_input.language)
        if record.deeds:
            # The tool worked, and only the words for it are missing.
            await self._async_say(user_input, chat_log, texts.done)
            return Reply(texts.done, has_acted=True)
        apology = texts.all_away if retrieved.is_away else texts.model_away
        if mood(user_input.text) is Mood.QUESTION and not retrieved.is_away:
            try:
                answer = await self.coordinator.knowledge.async_ask(user_input.text, base_language(user_input.language))
            except KnowledgeError as err:
                _LOGGER.warning("A question could not be answered: %s", err)
                apology = texts.all_away
            else:
                if answer.found:
                    begun = f"{texts.answer_interrupted} " if record.has_spoken else ""
                    await self._async_say(user_input, chat_log, begun + answer.spoken)
                    return Reply(begun + answer.spoken, found=True, hits=answer.sources)
        await self._async_say(user_input, chat_log, apology)
        return Reply(apology, is_failure=True)

    async def _async_answer_from_documents(
        self, user_input: conversation.ConversationInput, chat_log: conversation.ChatLog
    ) -> Reply:
        reply = Reply()
        if not may_ask(user_input.text):
            # A command that nobody understands is not in the documents either, whatever words they share.
            reply.fail(get_texts(user_input.language).not_understood)
            await self._async_say(user_input, chat_log, reply.text)
            return reply
        question = Question(user_input.text, base_language(user_input.language))
        await self._async_write(user_input, chat_log, self._async_stream(question, reply))
        return reply

    async def _async_stream(
        self, question: Question, reply: Reply
    ) -> AsyncGenerator[conversation.AssistantContentDeltaDict]:
        """Yield the answer for the chat log while putting it together in `reply`."""
        yield {"role": "assistant"}
        try:
            async with aclosing(self._documents.async_answer(question)) as parts:
                async for part in parts:
                    reply.add(part)
                    if isinstance(part, Speech):
                        yield {"content": part.text}
        except KnowledgeError as err:
            apology = self._explain(err, question.language)
            reply.fail(apology)
            yield {"content": apology}

    async def _async_say(
        self, user_input: conversation.ConversationInput, chat_log: conversation.ChatLog, text: str
    ) -> None:
        async def deltas() -> AsyncGenerator[conversation.AssistantContentDeltaDict]:
            yield {"role": "assistant"}
            yield {"content": text}

        await self._async_write(user_input, chat_log, deltas())

    async def _async_write(
        self,
        user_input: conversation.ConversationInput,
        chat_log: conversation.ChatLog,
        deltas: AsyncGenerator[conversation.AssistantContentDeltaDict],
    ) -> None:
        async with aclosing(chat_log.async_add_delta_content_stream(user_input.agent_id, deltas)) as contents:
            async for _ in contents:
                pass

    def _note_failure(self, retrieved: Retrieved) -> None:
        if retrieved.failure is None:
            return
        _LOGGER.warning("The model answers without the documents: %s", retrieved.failure)
        if isinstance(retrieved.failure, KnowledgeAuthError):
            self._entry.async_start_reauth(self.hass)

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


def _last_answer(contents: list[conversation.Content]) -> str:
    """Return the last thing that was said in a turn."""
    said = [content.content for content in contents if isinstance(content, conversation.AssistantContent)]
    return next((text for text in reversed(said) if text), "")


def _heard(response: intent.IntentResponse) -> str:
    return str(response.speech.get("plain", {}).get("speech", ""))


def _respond(user_input: conversation.ConversationInput, reply: Reply) -> intent.IntentResponse:
    response = intent.IntentResponse(language=user_input.language)
    if reply.is_failure:
        response.async_set_error(intent.IntentResponseErrorCode.FAILED_TO_HANDLE, reply.text)
        return response
    if not reply.has_acted:
        response.response_type = intent.IntentResponseType.QUERY_ANSWER
    response.async_set_speech(reply.text, extra_data={"found": reply.found, "sources": reply.sources_as_list()})
    if reply.hits:
        response.async_set_card(get_texts(user_input.language).sources_title, reply.sources_as_text())
    return response

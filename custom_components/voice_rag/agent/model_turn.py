"""One turn with the model: it writes, calls tools, reads their results and answers, in a bounded number of steps."""

import json
import logging
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import probatio
from homeassistant.components import conversation
from homeassistant.const import ATTR_DEVICE_CLASS
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import intent, llm

from ..errors import OllamaResponseError
from ..gates.confirmation import Confirmation
from ..gates.grounding import Grounded, Refused, ToolSpec
from ..gates.inventory import Device
from ..gates.permission import Judge, Utterance
from ..gates.risk import risky_devices
from ..gates.truth import Deed, SentenceGate, is_claim, is_supported
from ..ollama import ModelCall, Usage
from ..texts import Texts
from . import prompts
from .budget import Budget
from .chat import ChatSettings, Turn, TurnNotes, build_request, request_characters
from .deeds import async_observe
from .house_api import HouseView
from .language_model import LanguageModels
from .message import REFUSED, Delta, Message
from .turns import Round

_LOGGER = logging.getLogger(__name__)

MAX_STEPS = 6
"""Requests to the model in one turn; in the last one it has to answer."""


@dataclass(frozen=True, slots=True)
class TurnMark:
    """What a message of ours is remembered with, in the chat log."""

    has_foreign_text: bool
    """Whether text that nobody in the room has said was in view when it was written."""


@dataclass(frozen=True, slots=True)
class ModelSetup:
    """What all turns of an agent share."""

    models: LanguageModels
    view: HouseView
    budget: Budget
    settings: ChatSettings


@dataclass(frozen=True, slots=True)
class TurnInput:
    """What a turn is about."""

    utterance: Utterance
    notes: TurnNotes
    texts: Texts
    history: tuple[Round, ...] = ()
    confirmation: Confirmation | None = None
    """What keeps the risky calls; None where none is kept."""
    language: str = ""
    speaker: str | None = None
    """Id of the user."""


@dataclass(slots=True)
class TurnRecord:
    """What happened in a turn."""

    has_spoken: bool = False
    awaits_answer: bool = False
    """Whether it ended with something to confirm."""
    deeds: list[Deed] = field(default_factory=list)
    tool_results: list[conversation.ToolResultContent] = field(default_factory=list)
    prompt_characters: int = 0
    needed_tokens: int = 0
    """What the longest request and its answer took."""


class ModelTurn:
    """Runs one turn and writes it into the chat log."""

    def __init__(
        self,
        hass: HomeAssistant,
        chat_log: conversation.ChatLog,
        setup: ModelSetup,
        turn: TurnInput,
        record: TurnRecord,
    ) -> None:
        """Take what the turn is about; `record` is filled, whether the turn succeeds or not."""
        self.record = record
        self._hass = hass
        self._chat_log = chat_log
        self._setup = setup
        self._turn = turn
        self._judge = Judge(turn.utterance, setup.view.inventory)
        self._first = len(chat_log.content)
        self._made: set[str] = set()
        """Calls of this turn, so that none is made twice."""
        self._false_claim: str | None = None
        self._held: list[Grounded] = []
        """Risky calls, which wait for one answer together."""
        self._question = ""
        """What the person has to confirm."""

    async def async_run(self, agent_id: str) -> None:
        """Write the answer.

        Raises:
            OllamaError: the model failed; what it has said until then was said.
        """
        directive = ""
        has_been_corrected = False
        for step in range(MAX_STEPS):
            is_last = step == MAX_STEPS - 1
            deltas = self._async_deltas(prompts.STOP if is_last else directive, may_call=not is_last)
            await self._async_write(agent_id, deltas)
            if self._question:
                self.record.awaits_answer = True
                await self._async_write(agent_id, _say(self._question))
                return
            if self._false_claim is None:
                if not self._chat_log.unresponded_tool_results:
                    return
                directive = ""
            elif has_been_corrected or is_last:
                await self._async_write(agent_id, _say(self._turn.texts.not_done))
                return
            else:
                has_been_corrected = True
                directive = prompts.NOT_DONE.format(claim=self._false_claim)
        await self._async_write(agent_id, _say(self._turn.texts.not_finished))

    async def _async_write(self, agent_id: str, deltas: AsyncGenerator[Delta]) -> None:
        contents = self._chat_log.async_add_delta_content_stream(agent_id, deltas)
        async with aclosing(deltas), aclosing(contents):
            async for content in contents:
                if isinstance(content, conversation.ToolResultContent):
                    await self._async_note_result(content)

    async def _async_deltas(self, directive: str, *, may_call: bool) -> AsyncGenerator[Delta]:
        """Yield one message of the model for the chat log, and the results of the calls that are not made."""
        message = Message(self._gate())
        self._false_claim = None
        yield {"role": "assistant"}
        async with aclosing(self._async_listen(message, directive, may_call=may_call)) as deltas:
            async for delta in deltas:
                yield delta
        self._false_claim = None if message.has_called else message.gate.false_claim
        if fallback := self._fallback_text(message):
            yield self._spoken(message, fallback)
        for refusal in message.refusals:
            yield refusal

    async def _async_listen(self, message: Message, directive: str, *, may_call: bool) -> AsyncGenerator[Delta]:
        """Yield what the model writes, as it writes it."""
        async with aclosing(self._setup.models.async_chat(self._request(directive))) as pieces:
            async for piece in pieces:
                self._note_usage(piece.usage)
                text, thought = message.feed(piece.text, piece.thought)
                if thought:
                    yield {"thinking_content": thought}
                if text:
                    yield self._spoken(message, text)
                for delta in self._call(message, piece.calls if may_call else ()):
                    yield delta
        text, leaked = message.finish()
        if text:
            yield self._spoken(message, text)
        for delta in self._call(message, leaked if may_call else ()):
            yield delta

    def _call(self, message: Message, calls: Iterable[ModelCall]) -> Iterable[Delta]:
        """Yield the calls that are made; one that is not is yielded as called outside, its result follows later."""
        for call in calls:
            message.has_called = True
            grounded = self._setup.view.grounder.ground(call)
            if isinstance(grounded, Refused):
                yield message.refuse(grounded.tool, call.arguments, grounded.reason)
                continue
            tool = self._setup.view.grounder.tools[grounded.tool]
            if (reason := self._objection(tool, grounded)) is not None:
                yield message.refuse(tool.name, grounded.arguments, reason)
                continue
            if not tool.is_read_only and (question := self._ask_first(grounded)):
                self._question = question
                yield message.refuse(tool.name, grounded.arguments, "The person is asked to confirm this.")
                continue
            if tool.is_read_only and tool.is_open_world and not self.record.has_spoken:
                yield self._spoken(message, self._turn.texts.searching)
            yield {"tool_calls": [llm.ToolInput(tool_name=tool.name, tool_args=grounded.arguments)]}

    def _objection(self, tool: ToolSpec, grounded: Grounded) -> str | None:
        reason = self._judge.objection(tool, grounded, has_foreign_text=self.has_foreign_text)
        if reason is not None:
            return reason
        made = f"{tool.name} {json.dumps(grounded.arguments, sort_keys=True, default=str)}"
        if made in self._made:
            return "This was called before with the same arguments; its result stands above."
        self._made.add(made)
        return None

    def _ask_first(self, grounded: Grounded) -> str:
        """Keep a risky call, and return what to ask; empty where it is none."""
        confirmation = self._turn.confirmation
        if confirmation is None:
            return ""
        if not self._risky(grounded):
            return ""
        self._held.append(grounded)
        names = ", ".join(dict.fromkeys(device.names[0] for held in self._held for device in self._risky(held)))
        what = self._turn.texts.open_what.format(names=names)
        return confirmation.hold(
            self._chat_log.conversation_id, self._async_act, what, self._turn.language, self._turn.speaker
        )

    def _risky(self, grounded: Grounded) -> tuple[Device, ...]:
        return risky_devices(grounded, self._setup.view.inventory, self._device_class)

    async def _async_act(self) -> intent.IntentResponse:
        """Make the calls that were confirmed."""
        deeds = [await self._async_make(grounded) for grounded in self._held]
        response = intent.IntentResponse(language=self._turn.language)
        response.async_set_speech(self._turn.texts.not_done if None in deeds else self._turn.texts.done)
        return response

    async def _async_make(self, grounded: Grounded) -> Deed | None:
        call = llm.ToolInput(tool_name=grounded.tool, tool_args=grounded.arguments)
        result = llm.ToolResult({}, error=True)
        try:
            if self._chat_log.llm_api is not None:
                result = await self._chat_log.llm_api.async_call_tool(call)
        except (HomeAssistantError, probatio.Invalid) as err:
            _LOGGER.warning("%s failed: %s", grounded.tool, err)
        return await async_observe(self._hass, grounded.tool, result)

    def _device_class(self, entity_id: str) -> str | None:
        state = self._hass.states.get(entity_id)
        return state.attributes.get(ATTR_DEVICE_CLASS) if state else None

    @property
    def has_foreign_text(self) -> bool:
        """Whether the model sees text that nobody in the room has said: passages, or what a tool found."""
        return bool(self._turn.notes.passages) or any(
            is_foreign(step) for step in (*self._steps(), *(step for one in self._turn.history for step in one.steps))
        )

    def _gate(self) -> SentenceGate:
        asked = self._turn.utterance.mood
        inventory = self._setup.view.inventory

        def is_false(sentence: str) -> bool:
            return is_claim(sentence, asked, inventory) and not is_supported(sentence, self.record.deeds, inventory)

        return SentenceGate(asked, is_false)

    def _spoken(self, message: Message, text: str) -> Delta:
        self.record.has_spoken = True
        if message.has_spoken:
            return {"content": text}
        message.has_spoken = True
        return {"content": text, "native": TurnMark(self.has_foreign_text)}

    def _fallback_text(self, message: Message) -> str:
        """Return what is said where the model wrote neither words nor calls."""
        if message.has_spoken or message.has_called or self._false_claim is not None:
            return ""
        if self.record.deeds:
            return self._turn.texts.done
        if self.record.tool_results:
            return self._turn.texts.not_finished
        raise OllamaResponseError("Ollama's answer is empty")

    def _request(self, directive: str) -> dict[str, Any]:
        turn = Turn(self._turn.utterance.text, self._turn.notes, self._steps(), directive, self._turn.history)
        request = build_request(self._setup.view.prefix, turn, self._setup.settings, self._setup.budget)
        self.record.prompt_characters = request_characters(request)
        # Known before Ollama cuts it: its own count is that of what it has kept.
        self._note_need(self._setup.budget.needed(self.record.prompt_characters))
        return request

    def _steps(self) -> list[conversation.Content]:
        return self._chat_log.content[self._first :]

    def _note_usage(self, usage: Usage | None) -> None:
        if usage is None:
            return
        self._setup.budget.meter.observe(self.record.prompt_characters, usage.prompt_tokens)
        self._note_need(usage.prompt_tokens + self._setup.budget.answer)

    def _note_need(self, tokens: int) -> None:
        self.record.needed_tokens = max(self.record.needed_tokens, tokens)

    async def _async_note_result(self, content: conversation.ToolResultContent) -> None:
        self.record.tool_results.append(content)
        tool = self._setup.view.grounder.tools.get(content.tool_name)
        if tool is None or tool.is_read_only:
            return
        if (deed := await async_observe(self._hass, content.tool_name, content.result)) is not None:
            self.record.deeds.append(deed)


async def _say(text: str) -> AsyncGenerator[Delta]:
    yield {"role": "assistant"}
    yield {"content": text}


def is_foreign(step: conversation.Content) -> bool:
    """Tell whether a step brought text from outside into view: a tool's result, or a message written with such in view.

    The results of Home Assistant's intents and our own refusals are no such text.
    """
    if isinstance(step, conversation.AssistantContent):
        return isinstance(step.native, TurnMark) and step.native.has_foreign_text
    return (
        isinstance(step, conversation.ToolResultContent)
        and not isinstance(step.result.data, llm.IntentResponseDict)
        and not (step.result.error and step.result.data.get("error") == REFUSED)
    )

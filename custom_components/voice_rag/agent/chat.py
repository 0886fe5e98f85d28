"""Home Assistant's chat log and what is known of this turn -> Ollama's messages. Pure.

The prefix contract: a local model's latency is the reading of its prompt, and Ollama reads again from the first byte
that differs. So the system message and the tools are the same for all satellites, people and turns of a house, earlier
turns follow as they were said, and whatever belongs to this turn only (time, room, states, passages, language) stands
behind the words of the last user message. Directives come as user messages: Ollama's templates gather all system
messages at the head, where a new one would change the prefix.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from homeassistant.components.conversation import (
    AssistantContent,
    Content,
    ToolResultContent,
)
from homeassistant.helpers.json import json_dumps

from ..gates.fence import defuse
from ..models import Hit
from . import prompts
from .budget import Budget
from .turns import Round, read_rounds

KEEP_LOADED = -1
TEMPERATURE = 0.2

type Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Prefix:
    """What every request of an agent begins with."""

    system: str
    tools: tuple[Mapping[str, Any], ...] = ()
    """Specifications in Ollama's format, sorted by name."""

    @property
    def tool_names(self) -> frozenset[str]:
        """Names of the tools."""
        return frozenset(tool["function"]["name"] for tool in self.tools)

    @property
    def characters(self) -> int:
        """Length of it on the wire."""
        return len(self.system) + sum(len(json.dumps(tool, ensure_ascii=False)) for tool in self.tools)


@dataclass(frozen=True, slots=True)
class Question:
    """What was said, and in which language."""

    text: str
    language: str
    """Base code, such as "ru"."""


@dataclass(frozen=True, slots=True)
class TurnNotes:
    """What the model has to know in this turn only."""

    language: str
    time: str = ""
    room: str = ""
    states: str = ""
    """One device per line."""
    passages: tuple[Hit, ...] = ()
    are_documents_away: bool = False
    extra: str = ""
    """What an automation that began the conversation wants to be known."""


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """How the model is asked."""

    num_ctx: int
    thinking: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """The part of a conversation that is being answered now."""

    text: str
    notes: TurnNotes
    steps: Sequence[Content] = ()
    """The model's messages and tool results since the person spoke."""
    directive: str = ""
    """What the model is told behind everything else."""
    history: tuple[Round, ...] = field(default=())
    """Oldest first."""


def build_request(prefix: Prefix, turn: Turn, settings: ChatSettings, budget: Budget | None = None) -> dict[str, Any]:
    """Return the body of POST /api/chat without the model's name."""
    known = prefix.tool_names
    rounds = [[_user(one.text), *_step_messages(one.steps, known)] for one in turn.history]
    if budget is not None:
        lengths = [sum(map(_length, one)) for one in rounds]
        rounds = rounds[budget.first_kept(prefix.characters, lengths) :]
    messages: list[Message] = [{"role": "system", "content": prefix.system}, *chain.from_iterable(rounds)]
    messages += [_user(user_message(turn.text, turn.notes)), *_step_messages(turn.steps, known)]
    if turn.directive:
        messages.append(_user(turn.directive))
    return _body(prefix, messages, settings)


def build_warm_up(prefix: Prefix, settings: ChatSettings) -> dict[str, Any]:
    """Return a request that makes Ollama load the model and read the prefix, and write next to nothing."""
    body = _body(prefix, [{"role": "system", "content": prefix.system}, _user(".")], settings)
    body["options"]["num_predict"] = 1
    return body


def request_characters(request: Mapping[str, Any]) -> int:
    """Return how long a request is as the model reads it."""
    tools = sum(len(json.dumps(tool, ensure_ascii=False)) for tool in request.get("tools", ()))
    return tools + sum(map(_length, request["messages"]))


def user_message(text: str, notes: TurnNotes) -> str:
    """Return the last message of a turn: the person's words first, so that they are the same in the next turn."""
    parts = [text, "", "NOTES"]
    parts += [f"Time: {notes.time}"] if notes.time else []
    parts += [f"Room: {notes.room}"] if notes.room else []
    parts += [f"State of devices:\n{notes.states}"] if notes.states else []
    parts += [f"For this conversation: {notes.extra}"] if notes.extra else []
    found = prompts.DOCUMENTS_AWAY if notes.are_documents_away else format_passages(notes.passages)
    parts += [f"PASSAGES:\n{found or prompts.NO_PASSAGES}\nEND OF PASSAGES", prompts.answer_in(notes.language)]
    return "\n".join(parts)


def format_passages(passages: Iterable[Hit]) -> str:
    """Return one JSON object per line, defused: a passage's text cannot close JSON's quoting or open a message."""
    return "\n".join(
        defuse(json.dumps({"title": hit.title, "place": hit.place, "text": hit.text}, ensure_ascii=False))
        for hit in passages
    )


def read_history(contents: Iterable[Content]) -> tuple[Round, ...]:
    """Return the answered rounds of a chat log before the last thing that was said, oldest first."""
    return tuple(one for one in read_rounds(contents)[:-1] if one.is_answered)


def _body(prefix: Prefix, messages: list[Message], settings: ChatSettings) -> dict[str, Any]:
    body: dict[str, Any] = {
        "messages": messages,
        "stream": True,
        "think": settings.thinking,
        "keep_alive": KEEP_LOADED,
        "options": {"num_ctx": settings.num_ctx, "temperature": TEMPERATURE},
    }
    if prefix.tools:
        body["tools"] = list(prefix.tools)
    return body


def _user(text: str) -> Message:
    return {"role": "user", "content": text}


def _step_messages(steps: Iterable[Content], known: Collection[str]) -> list[Message]:
    """Return the model's messages and tool results.

    A call without a result is left out and so is its opposite; the same holds for a tool that the model does not have,
    as Home Assistant notes the commands that it carries out by itself.
    """
    contents = list(steps)
    answered = {content.tool_call_id for content in contents if isinstance(content, ToolResultContent)}
    called: set[str] = set()
    messages: list[Message] = []
    for content in contents:
        if isinstance(content, ToolResultContent):
            if content.tool_call_id in called:
                result = {"data": content.result.data, "error": content.result.error}
                messages.append({"role": "tool", "tool_name": content.tool_name, "content": defuse(json_dumps(result))})
        elif isinstance(content, AssistantContent):
            calls = [call for call in content.tool_calls or () if call.id in answered and call.tool_name in known]
            called.update(call.id for call in calls)
            if content.content or calls:
                messages.append(_assistant_message(content, calls))
    return messages


def _assistant_message(content: AssistantContent, calls: Sequence[Any]) -> Message:
    message: Message = {"role": "assistant", "content": content.content or ""}
    if calls:
        message["tool_calls"] = [
            {"function": {"name": call.tool_name, "arguments": dict(call.tool_args)}} for call in calls
        ]
    return message


def _length(message: Message) -> int:
    calls = message.get("tool_calls")
    return len(message["content"]) + (len(json.dumps(calls, ensure_ascii=False)) if calls else 0)

"""Home Assistant's chat log and passages -> Ollama's messages. Pure.

The prefix contract: a local model's latency is the reading of its prompt, and Ollama reads again from the first byte
that differs. So the system message is constant, earlier turns follow as they were said, and whatever belongs to this
turn only (passages, language) stands in the last message.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from homeassistant.components.conversation import AssistantContent, Content, UserContent

from . import prompts
from .const import MAX_EXCHANGES, NUM_CTX
from .models import Hit

KEEP_LOADED = -1
TEMPERATURE = 0.2


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was said and what was answered."""

    user: str
    assistant: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a conversation."""

    text: str
    language: str
    """Base code, such as "ru"."""
    history: tuple[Exchange, ...] = ()
    """Oldest first."""


def build_request(model: str, question: Question, passages: Iterable[Hit]) -> dict[str, Any]:
    """Return the body of POST /api/chat."""
    last = prompts.user_message(question.text, format_passages(passages), question.language)
    return {
        "model": model,
        "messages": [
            {"role": "system", "content": prompts.SYSTEM},
            *_earlier_messages(question.history),
            {"role": "user", "content": last},
        ],
        "stream": True,
        "think": False,
        "keep_alive": KEEP_LOADED,
        "options": {"num_ctx": NUM_CTX, "temperature": TEMPERATURE},
    }


def format_passages(passages: Iterable[Hit]) -> str:
    """Return one JSON object per line: JSON's quoting is the fence that a passage's text cannot close."""
    return "\n".join(
        json.dumps({"title": hit.title, "place": hit.place, "text": hit.text}, ensure_ascii=False) for hit in passages
    )


def read_history(contents: Iterable[Content]) -> tuple[Exchange, ...]:
    """Return the answered exchanges of a chat log, oldest first; tool calls and results are left out."""
    turns: list[Exchange] = []
    for content in contents:
        if isinstance(content, UserContent):
            turns.append(Exchange(content.content, ""))
        elif isinstance(content, AssistantContent) and content.content and turns:
            # An answer that broke off is followed by a whole one.
            turns[-1] = Exchange(turns[-1].user, content.content)
    return tuple([turn for turn in turns if turn.assistant][-MAX_EXCHANGES:])


def _earlier_messages(history: Iterable[Exchange]) -> Iterable[dict[str, str]]:
    for exchange in history:
        yield {"role": "user", "content": exchange.user}
        yield {"role": "assistant", "content": exchange.assistant}

"""One message of the model while it is written: what of it is said, thought and called."""

import logging
from typing import Any

from homeassistant.components import conversation
from homeassistant.helpers import llm

from ..gates.truth import SentenceGate
from ..ollama import ModelCall
from .streams import LeakFilter, ThoughtFilter, find_calls

_LOGGER = logging.getLogger(__name__)

REFUSED = "Refused"
"""The error of a call that was not made."""

type Delta = conversation.AssistantContentDeltaDict | conversation.chat_log.ToolResultContentDeltaDict


class Message:
    """One message of the model while it is written."""

    def __init__(self, gate: SentenceGate) -> None:
        self.gate = gate
        self.has_spoken = False
        self.has_called = False
        self.refusals: list[Delta] = []
        self._thoughts = ThoughtFilter()
        self._leaks = LeakFilter()
        self._thought = ""

    def feed(self, piece: str, thought: str) -> tuple[str, str]:
        """Return what may be said now, and what was thought."""
        said, inline = self._thoughts.feed(piece)
        self._thought += thought + inline
        return self._tidy(self.gate.feed(self._leaks.feed(said))), thought + inline

    def finish(self) -> tuple[str, tuple[ModelCall, ...]]:
        """Return the rest of what is said, and the calls that came as text."""
        text = self.gate.feed(self._leaks.feed(self._thoughts.finish()))
        leak = self._leaks.finish()
        text += self.gate.feed(leak.text) + self.gate.finish()
        calls = leak.calls
        if not calls and not self.has_called and not (self.has_spoken or text.strip()):
            calls = tuple(find_calls(self._thought)) if "<" in self._thought else ()
        return self._tidy(text), calls

    def refuse(self, tool: str, arguments: Any, reason: str) -> Delta:
        """Return a call that is not made, and keep its result for the end of the message."""
        _LOGGER.debug("%s(%s) is refused: %s", tool, arguments, reason)
        given = arguments if isinstance(arguments, dict) else {}
        call = llm.ToolInput(tool_name=tool, tool_args=given, external=True)
        result = llm.ToolResult(data={"error": REFUSED, "error_text": reason}, error=True)
        self.refusals.append(
            {"role": "tool_result", "tool_call_id": call.id, "tool_name": tool, "result": result},
        )
        return {"tool_calls": [call]}

    def _tidy(self, text: str) -> str:
        """Return the text without blanks at the head of the message."""
        return text if self.has_spoken else text.lstrip()

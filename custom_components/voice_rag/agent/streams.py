"""Filters for what a model writes while it writes: thoughts and tool calls that came as text. Pure."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..ollama import ModelCall

_OPEN, _CLOSE = "<think>", "</think>"
_CALL_TAG = re.compile(r"<tool_call>\s*(.*?)\s*(?:</tool_call>|$)", re.DOTALL)
_CODE_FENCE = re.compile(r"```(?:json|tool_call|tool_code)?\s*(.*?)\s*(?:```|$)", re.DOTALL)
_FUNCTION = re.compile(r"<function=([\w.-]+)>\s*(.*?)\s*(?:</function>|$)", re.DOTALL)
_LEAK_STARTS = ("<tool_call>", "<function=", "```", "{", "[{")
_TAG_STARTS = ("<tool_call>", "<function=")


class ThoughtFilter:
    """Takes <think>...</think> out of a text that arrives in pieces."""

    def __init__(self) -> None:
        self._pending = ""
        self._is_thinking = False

    def feed(self, piece: str) -> tuple[str, str]:
        """Return what of the text so far is to be said, and what was thought."""
        self._pending += piece
        said, thought = "", ""
        while True:
            tag = _CLOSE if self._is_thinking else _OPEN
            before, found, after = self._pending.partition(tag)
            if not found:
                keep = _overlap(before, (tag,))
                before, self._pending = before[: len(before) - keep], before[len(before) - keep :]
            if self._is_thinking:
                thought += before
            else:
                said += before
            if not found:
                return said, thought
            self._pending = after
            self._is_thinking = not self._is_thinking

    def finish(self) -> str:
        """Return what was held back because it could have become a tag."""
        rest, self._pending = self._pending, ""
        return "" if self._is_thinking else rest


@dataclass(frozen=True, slots=True)
class Leak:
    """What the end of a message held back: calls, or words after all."""

    calls: tuple[ModelCall, ...]
    text: str


class LeakFilter:
    """Holds back text that looks like a tool call; the end of the message tells what it was."""

    def __init__(self) -> None:
        self._pending = ""
        self._is_holding = False
        self._has_spoken = False

    def feed(self, piece: str) -> str:
        """Return what may be said of the text so far."""
        self._pending += piece
        if self._is_holding:
            return ""
        if not self._has_spoken:
            start = self._pending.lstrip()
            if start.startswith(_LEAK_STARTS):
                self._is_holding = True
                return ""
            if any(mark.startswith(start) for mark in _LEAK_STARTS):
                return ""
        return self._release()

    def finish(self) -> Leak:
        """Return the calls in what was held back, or the text if there are none."""
        held, self._pending = self._pending, ""
        calls = tuple(find_calls(held))
        # JSON that is no call is nothing to read aloud.
        is_code = held.lstrip().startswith(("{", "[{", "<"))
        return Leak(calls, "" if calls or is_code else held)

    def _release(self) -> str:
        at = min((index for tag in _TAG_STARTS if (index := self._pending.find(tag)) >= 0), default=-1)
        if at >= 0:
            self._is_holding = True
            text, self._pending = self._pending[:at], self._pending[at:]
        else:
            keep = _overlap(self._pending, _TAG_STARTS)
            text = self._pending[: len(self._pending) - keep]
            self._pending = self._pending[len(text) :]
        self._has_spoken = self._has_spoken or bool(text.strip())
        return text


def find_calls(text: str) -> Iterable[ModelCall]:
    """Yield the tool calls that were written as text: in tags, in a code block, or bare JSON."""
    for name, arguments in _FUNCTION.findall(text):
        yield ModelCall(name, next(iter(_values(arguments)), {}))
    blocks = _CALL_TAG.findall(text) or _CODE_FENCE.findall(text) or [text]
    for block in blocks:
        for one in _values(block):
            if (call := _as_call(one)) is not None:
                yield call


def _as_call(found: Any) -> ModelCall | None:
    match found:
        case {"function": {"name": str(name), **rest}} | {"name": str(name), **rest} | {"tool": str(name), **rest}:
            arguments = rest.get("arguments", rest.get("parameters", rest.get("args")))
            return ModelCall(name, arguments if arguments is not None else {})
    return None


def _values(text: str) -> Iterable[Any]:
    """Yield the JSON values that stand one after another; a list's items as values of their own."""
    decoder = json.JSONDecoder()
    at = 0
    while at < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except ValueError:
            return
        yield from value if isinstance(value, list) else [value]
        at += len(text[at:]) - len(text[at:].lstrip())


def _overlap(text: str, tags: Iterable[str]) -> int:
    """Return how many characters at the end of the text could begin one of the tags."""
    return max(
        (size for tag in tags for size in range(1, min(len(tag), len(text) + 1)) if text.endswith(tag[:size])),
        default=0,
    )

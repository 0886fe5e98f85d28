"""The models of one agent: the first one answers, the second while the first is away, and it returns by itself."""

import json
import logging
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from ..errors import OllamaConnectionError, OllamaError, OllamaModelMissingError, OllamaPausedError
from ..models import AgentOptions
from ..ollama import ChatPiece, ModelDetails, OllamaClient, Usage
from .breaker import CircuitBreaker

_LOGGER = logging.getLogger(__name__)

type PromptListener = Callable[[int, int], None]


@dataclass(slots=True)
class LanguageModel:
    """One model on one server, and what is known of it."""

    client: OllamaClient
    name: str
    breaker: CircuitBreaker = field(default_factory=CircuitBreaker)
    details: ModelDetails | None = None
    """None until the server was asked."""
    last_failure: str | None = None
    """Why it did not answer last time; None when it did."""
    note_prompt: PromptListener | None = None
    """Told of each prompt's tokens, and of how many of them the model had to read anew."""
    _last_prompt: str = field(default="", init=False)

    @property
    def key(self) -> str:
        """What tells it from the agent's other models."""
        return f"{self.client.url} {self.name}"

    @property
    def can_use_tools(self) -> bool:
        """Whether tools may be sent; a model that is not known yet is believed to be able."""
        return self.details is None or not self.details.capabilities or "tools" in self.details.capabilities

    @property
    def can_think(self) -> bool:
        """Whether `think` may be sent."""
        return self.details is not None and "thinking" in self.details.capabilities

    async def async_chat(self, request: Mapping[str, Any]) -> AsyncGenerator[ChatPiece]:
        """Yield the model's message.

        Raises:
            OllamaError: it failed, before or after the first piece.
        """
        body = {"model": self.name, **request}
        if not self.can_use_tools:
            body.pop("tools", None)
        if not self.can_think:
            body["think"] = False
        prompt = _as_read(body)
        known = common_length(self._last_prompt, prompt) / len(prompt)
        self._last_prompt = prompt
        async with aclosing(self.client.async_chat(body)) as pieces:
            async for piece in pieces:
                if piece.usage is not None:
                    self._note_usage(piece.usage, known)
                yield piece

    async def async_check(self) -> None:
        """Learn what the model is able to do.

        Raises:
            OllamaError: the server is away or lacks the model.
        """
        self.details = await self.client.async_show(self.name)

    def _note_usage(self, usage: Usage, known: float) -> None:
        """Pass on Ollama's count; the share that it knew is our own, as Ollama counts all of a prompt."""
        if self.note_prompt is not None:
            self.note_prompt(usage.prompt_tokens, round(usage.prompt_tokens * (1 - known)))


def _as_read(request: Mapping[str, Any]) -> str:
    """Return a request in the order of the templates of Qwen and of what descends from it, such as T-lite."""
    system, *messages = request["messages"]
    return json.dumps([system, request.get("tools", []), messages], ensure_ascii=False)


def common_length(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their heads."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


type HealthListener = Callable[[LanguageModel], None]


class LanguageModels:
    """Asks the first model that is there. One instance serves all conversations of an agent."""

    def __init__(self, models: Sequence[LanguageModel]) -> None:
        self.models = tuple(models)
        self._listeners: list[HealthListener] = []

    @property
    def first(self) -> LanguageModel:
        """The model that people chose."""
        return self.models[0]

    def add_listener(self, listener: HealthListener) -> Callable[[], None]:
        """Call back whenever a model's breaker opens, stays open after an attempt, or closes; returns how to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def async_chat(self, request: Mapping[str, Any]) -> AsyncGenerator[ChatPiece]:
        """Yield the message of the first model that writes one; `request` goes without the model's name.

        Raises:
            OllamaPausedError: all have failed a moment ago, and none was asked.
            OllamaError: the last one that was asked failed. What was written until then stays written.
        """
        failure: OllamaError = OllamaPausedError()
        for model in self.models:
            if model.breaker.is_open:
                continue
            has_written = False
            try:
                async with aclosing(model.async_chat(request)) as pieces:
                    async for piece in pieces:
                        has_written = True
                        yield piece
            except OllamaError as err:
                self._note_failure(model, err)
                failure = err
                if has_written:
                    raise
            else:
                self._note_success(model)
                return
        raise failure

    async def async_try(self, model: LanguageModel, request: Mapping[str, Any]) -> None:
        """Send a request for what it does to the server, to find out whether a model is there and to warm it."""
        try:
            if model.details is None or model.breaker.is_open:
                await model.async_check()
            async with aclosing(model.async_chat(request)) as pieces:
                async for _ in pieces:
                    pass
        except OllamaError as err:
            self._note_failure(model, err)
        else:
            self._note_success(model)

    def _note_success(self, model: LanguageModel) -> None:
        model.last_failure = None
        if model.breaker.succeeded():
            _LOGGER.info("The language model %s at %s answers again", model.name, model.client.url)
            self._tell(model)

    def _note_failure(self, model: LanguageModel, err: OllamaError) -> None:
        model.last_failure = str(err)
        was_open = model.breaker.is_open
        model.breaker.failed(is_gone=isinstance(err, OllamaConnectionError | OllamaModelMissingError))
        if not was_open:
            _LOGGER.warning("%s", err)
        if model.breaker.is_open:
            self._tell(model)

    def _tell(self, model: LanguageModel) -> None:
        for listener in tuple(self._listeners):
            listener(model)


def create_models(
    session: aiohttp.ClientSession, options: AgentOptions, note_prompt: PromptListener | None = None
) -> LanguageModels:
    """Return the agent's model, and the second one where there is one."""
    models = [LanguageModel(OllamaClient(session, options.url), options.model, note_prompt=note_prompt)]
    if options.fallback_model:
        client = OllamaClient(session, options.fallback_url or options.url)
        models.append(LanguageModel(client, options.fallback_model, note_prompt=note_prompt))
    return LanguageModels(models)

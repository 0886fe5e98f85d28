"""Ollama over HTTP: which models it has, fetching one, and one streamed chat turn."""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from yarl import URL

from .errors import OllamaConnectionError, OllamaModelMissingError, OllamaResponseError

NANOSECONDS = 1e9


@dataclass(frozen=True, slots=True)
class OllamaTimeouts:
    """How long a turn may take, in seconds."""

    connect: float = 3.0
    first_token: float = 30.0
    """Covers loading the model into memory."""
    next_token: float = 10.0
    total: float = 90.0


@dataclass(frozen=True, slots=True)
class ModelCall:
    """A tool that the model wants called, as it wrote it."""

    name: str
    arguments: Any
    """A mapping as a rule, and whatever else a small model invents."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Ollama's own counters of one request."""

    prompt_tokens: int
    prompt_seconds: float
    """Time spent on the part of the prompt that was not cached."""
    answer_tokens: int
    answer_seconds: float


@dataclass(frozen=True, slots=True)
class ChatPiece:
    """A piece of the model's message as it writes it."""

    text: str = ""
    thought: str = ""
    calls: tuple[ModelCall, ...] = ()
    usage: Usage | None = None
    """With the last piece only."""


@dataclass(frozen=True, slots=True)
class ModelDetails:
    """What a model is able to do."""

    capabilities: frozenset[str]
    """Such as "completion", "tools", "thinking"."""
    context_length: int | None
    """Tokens it was trained for; None where Ollama does not say."""


@dataclass(frozen=True, slots=True)
class PullProgress:
    """How far the fetching of a model is."""

    status: str
    completed: int
    """Bytes of the current layer."""
    total: int


class OllamaClient:
    """Talks to one Ollama server.

    Every call raises OllamaConnectionError, OllamaModelMissingError or OllamaResponseError.
    """

    def __init__(self, session: aiohttp.ClientSession, url: str, timeouts: OllamaTimeouts | None = None) -> None:
        self.url = url
        self._session = session
        self._timeouts = timeouts or OllamaTimeouts()

    async def async_list_models(self) -> tuple[str, ...]:
        """Return the names of the models that are on the server."""
        async with (
            self._async_translate_errors(),
            asyncio.timeout(self._timeouts.next_token),
            self._session.get(URL(self.url) / "api" / "tags", timeout=self._client_timeout) as response,
        ):
            data = _parse(await response.read())
        match data:
            case {"models": [*models]}:
                return tuple(str(model["name"]) for model in models if isinstance(model, dict) and "name" in model)
        raise OllamaResponseError(f"{self.url} answers, but not as Ollama does")

    async def async_show(self, model: str) -> ModelDetails:
        """Return what a model is able to do."""
        async with (
            self._async_translate_errors(),
            asyncio.timeout(self._timeouts.next_token),
            self._async_post("show", {"model": model}) as response,
        ):
            return _details(_parse(await response.read()))

    async def async_pull(self, model: str) -> AsyncGenerator[PullProgress]:
        """Have Ollama fetch a model; yields how far it is. Takes as long as it takes."""
        async with self._async_translate_errors(), self._async_post("pull", {"model": model}) as response:
            while True:
                async with asyncio.timeout(self._timeouts.total):
                    message = _parse(await _read_line(response))
                status = str(message.get("status", ""))
                yield PullProgress(status, _count(message, "completed"), _count(message, "total"))
                if status == "success":
                    return

    async def async_chat(self, request: Mapping[str, Any]) -> AsyncGenerator[ChatPiece]:
        """Yield the model's message as it writes it; `request` is the body of POST /api/chat."""
        deadline = asyncio.get_running_loop().time() + self._timeouts.total
        async with (
            self._async_translate_errors(),
            self._async_post_chat(request, deadline) as response,
        ):
            limit = self._timeouts.first_token
            while True:
                # The time-out ends before the text is handed out: a slow listener is not a slow model.
                async with asyncio.timeout_at(self._next_deadline(deadline, limit)):
                    message = _parse(await _read_line(response))
                limit = self._timeouts.next_token
                if (piece := _piece(message)) != _NOTHING:
                    yield piece
                if message.get("done"):
                    return

    @asynccontextmanager
    async def _async_post_chat(
        self, request: Mapping[str, Any], deadline: float
    ) -> AsyncGenerator[aiohttp.ClientResponse]:
        async with (
            self._async_post("chat", request, self._next_deadline(deadline, self._timeouts.first_token)) as response,
        ):
            yield response

    @asynccontextmanager
    async def _async_post(
        self, path: str, request: Mapping[str, Any], deadline: float | None = None
    ) -> AsyncGenerator[aiohttp.ClientResponse]:
        async with asyncio.timeout_at(deadline):
            response = await self._session.post(
                URL(self.url) / "api" / path, json=request, timeout=self._client_timeout
            )
        async with response:
            if response.status == 404:
                raise OllamaModelMissingError(str(request.get("model")))
            if response.status >= 400:
                raise OllamaResponseError(f"Ollama answered {response.status}{_reason(await response.read())}")
            yield response

    @asynccontextmanager
    async def _async_translate_errors(self) -> AsyncGenerator[None]:
        try:
            yield
        except TimeoutError as err:
            raise OllamaConnectionError(f"Ollama at {self.url} did not answer in time") from err
        except aiohttp.ClientPayloadError as err:
            raise OllamaConnectionError("Ollama closed the connection in mid-answer") from err
        except aiohttp.ClientError as err:
            raise OllamaConnectionError(f"Ollama at {self.url} cannot be reached: {err}") from err

    @property
    def _client_timeout(self) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(total=None, sock_connect=self._timeouts.connect)

    @staticmethod
    def _next_deadline(deadline: float, limit: float) -> float:
        return min(deadline, asyncio.get_running_loop().time() + limit)


def has_model(models: tuple[str, ...], wanted: str) -> bool:
    """Tell whether a model is among them; a name without a tag means its tag `latest`."""
    return _full_name(wanted) in {_full_name(model) for model in models}


def _full_name(model: str) -> str:
    name = model.strip().casefold()
    return name if ":" in name.rpartition("/")[2] else f"{name}:latest"


async def _read_line(response: aiohttp.ClientResponse) -> bytes:
    try:
        return await response.content.readline()
    except ValueError as err:
        raise OllamaResponseError("Ollama sent a line without an end") from err


def _parse(line: bytes) -> dict[str, Any]:
    if not line:
        raise OllamaConnectionError("Ollama closed the connection in mid-answer")
    try:
        message = json.loads(line)
    except ValueError as err:
        raise OllamaResponseError("Ollama sent something that is not JSON") from err
    match message:
        case {"error": reason}:
            raise OllamaResponseError(f"Ollama reports: {reason}")
        case dict():
            return message
    raise OllamaResponseError("Ollama sent JSON that is not an object")


_NOTHING = ChatPiece()


def _piece(message: Mapping[str, Any]) -> ChatPiece:
    usage = _usage(message) if message.get("done") else None
    match message.get("message"):
        case dict(content):
            return ChatPiece(
                text=_string(content, "content"),
                thought=_string(content, "thinking"),
                calls=tuple(_calls(content.get("tool_calls"))),
                usage=usage,
            )
    return ChatPiece(usage=usage)


def _calls(calls: Any) -> Iterable[ModelCall]:
    for call in calls if isinstance(calls, list) else ():
        match call:
            case {"function": {"name": str(name), **function}}:
                yield ModelCall(name, function.get("arguments", {}))


def _usage(message: Mapping[str, Any]) -> Usage:
    return Usage(
        prompt_tokens=_count(message, "prompt_eval_count"),
        prompt_seconds=_count(message, "prompt_eval_duration") / NANOSECONDS,
        answer_tokens=_count(message, "eval_count"),
        answer_seconds=_count(message, "eval_duration") / NANOSECONDS,
    )


def _details(message: Mapping[str, Any]) -> ModelDetails:
    capabilities = message.get("capabilities")
    facts = message.get("model_info")
    lengths = (value for key, value in (facts or {}).items() if key.endswith(".context_length"))
    return ModelDetails(
        frozenset(map(str, capabilities)) if isinstance(capabilities, list) else frozenset(),
        next((length for length in lengths if isinstance(length, int)), None),
    )


def _reason(body: bytes) -> str:
    """Return what Ollama says about a refusal, with a colon before it."""
    try:
        message = json.loads(body)
    except ValueError:
        return ""
    match message:
        case {"error": str(reason)}:
            return f": {reason}"
    return ""


def _string(content: Mapping[str, Any], key: str) -> str:
    value = content.get(key)
    return value if isinstance(value, str) else ""


def _count(message: Mapping[str, Any], key: str) -> int:
    value = message.get(key)
    return value if isinstance(value, int) else 0

"""Ollama over HTTP: which models it has, and one streamed chat turn."""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from yarl import URL

from .errors import OllamaConnectionError, OllamaModelMissingError, OllamaResponseError


@dataclass(frozen=True, slots=True)
class OllamaTimeouts:
    """How long a turn may take, in seconds."""

    connect: float = 3.0
    first_token: float = 30.0
    """Covers loading the model into memory."""
    next_token: float = 10.0
    total: float = 90.0


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

    async def async_chat(self, request: Mapping[str, Any]) -> AsyncGenerator[str]:
        """Yield the answer's text as the model writes it; `request` is the body of POST /api/chat."""
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
                if text := _text(message):
                    limit = self._timeouts.next_token
                    yield text
                if message.get("done"):
                    return

    @asynccontextmanager
    async def _async_post_chat(
        self, request: Mapping[str, Any], deadline: float
    ) -> AsyncGenerator[aiohttp.ClientResponse]:
        async with asyncio.timeout_at(self._next_deadline(deadline, self._timeouts.first_token)):
            response = await self._session.post(
                URL(self.url) / "api" / "chat", json=request, timeout=self._client_timeout
            )
        async with response:
            if response.status == 404:
                raise OllamaModelMissingError(str(request.get("model")))
            if response.status >= 400:
                raise OllamaResponseError(f"Ollama answered {response.status}")
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


def _text(message: Mapping[str, Any]) -> str:
    match message:
        case {"message": {"content": str(text)}}:
            return text
    return ""

"""JSON over HTTP for worker threads; what is streamed is read with aiohttp instead."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

import aiohttp

from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from collections.abc import Callable

# A model server of the house is reached directly, whatever proxy leads out of it.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_MOST_BYTES = 64 << 20
_MOST_MESSAGE_CHARACTERS = 200
_CONNECT_SECONDS = 3.0
_STOP_SECONDS = 0.25


class HttpError(KnowledgeError):
    """A server is away, late, or answers with something else than JSON."""


class StatusError(HttpError):
    """A server refuses a request."""

    def __init__(self, url: str, status: int, message: str) -> None:
        super().__init__(f"{url} answers {status}: {message}")
        self.status = status


def post(url: str, body: dict[str, Any], *, seconds: float, token: str | None = None) -> Any:
    """Return the JSON that a server answers; blocking, for at most `seconds` without a byte.

    Raises: StatusError, HttpError.
    """
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    try:
        request = urllib.request.Request(url, json.dumps(body).encode(), headers)  # noqa: S310  the scheme is checked
        if request.type not in ("http", "https"):
            raise HttpError(f"{url} is no address of a server.")
        with _opener.open(request, timeout=seconds) as response:
            return json.loads(response.read(_MOST_BYTES))
    except urllib.error.HTTPError as err:
        raise StatusError(url, err.code, _message(err)) from err
    except (OSError, HTTPException) as err:
        reason = getattr(err, "reason", err)
        raise HttpError(f"{url} cannot be reached: {reason}") from err
    except ValueError as err:
        raise HttpError(f"{url} does not answer in JSON.") from err


def post_until(url: str, body: dict[str, Any], *, seconds: float, should_stop: Callable[[], bool]) -> Any:
    """Do the same as `post`, but hang up once `should_stop` says so: a model then ends its work on it as well.

    Not for a thread with an event loop. Raises: StatusError, HttpError.
    """
    try:
        status, text = asyncio.run(_answered(url, body, seconds, should_stop))
    except (aiohttp.ClientError, OSError, ValueError) as err:
        raise HttpError(f"{url} cannot be reached: {str(err) or type(err).__name__}") from err
    if status >= HTTPStatus.BAD_REQUEST:
        raise StatusError(url, status, _said(text) or HTTPStatus(status).phrase)
    try:
        return json.loads(text)
    except ValueError as err:
        raise HttpError(f"{url} does not answer in JSON.") from err


async def _answered(
    url: str, body: dict[str, Any], seconds: float, should_stop: Callable[[], bool]
) -> tuple[int, bytes]:
    timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=_CONNECT_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        exchange = asyncio.create_task(_exchanged(session, url, body))
        try:
            while not (await asyncio.wait({exchange}, timeout=_STOP_SECONDS))[0]:
                if should_stop():
                    raise HttpError(f"{url} is no longer waited for.")
            return exchange.result()
        finally:
            exchange.cancel()
            await asyncio.gather(exchange, return_exceptions=True)


async def _exchanged(session: aiohttp.ClientSession, url: str, body: dict[str, Any]) -> tuple[int, bytes]:
    async with session.post(url, json=body) as response:
        answered = bytearray()
        async for chunk in response.content.iter_any():
            answered += chunk
            if len(answered) > _MOST_BYTES:
                raise HttpError(f"{url} does not stop answering.")
        return response.status, bytes(answered)


def _message(err: urllib.error.HTTPError) -> str:
    try:
        return _said(err.read(_MOST_BYTES)) or str(err.reason)
    except (OSError, HTTPException):
        return str(err.reason)


def _said(raw: bytes) -> str:
    """Return what a server says about an error: Ollama and the OpenAI-like ones each in their own form."""
    try:
        said = json.loads(raw)["error"]
        return str(said["message"] if isinstance(said, dict) else said)[:_MOST_MESSAGE_CHARACTERS]
    except (ValueError, KeyError, TypeError):
        return ""

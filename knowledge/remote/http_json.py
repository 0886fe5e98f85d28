"""JSON over HTTP for worker threads; what is streamed is read with aiohttp instead."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any

from knowledge.errors import KnowledgeError

# A model server of the house is reached directly, whatever proxy leads out of it.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_MOST_BYTES = 64 << 20
_MOST_MESSAGE_CHARACTERS = 200


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


def _message(err: urllib.error.HTTPError) -> str:
    """Return what the server says about it: Ollama and the OpenAI-like ones each in their own form."""
    try:
        raw = err.read(_MOST_BYTES)
        said = json.loads(raw)["error"]
        said = said["message"] if isinstance(said, dict) else said
    except (OSError, HTTPException, ValueError, KeyError, TypeError):
        return str(err.reason)
    return str(said)[:_MOST_MESSAGE_CHARACTERS]

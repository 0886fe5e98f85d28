"""The knowledge service over HTTP."""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import aiohttp
from homeassistant.util import dt as dt_util
from yarl import URL

from .errors import KnowledgeAuthError, KnowledgeConnectionError, KnowledgeResponseError
from .models import Health, Hit, KnowledgeAnswer, KnowledgeVocabulary, SearchFilters, SearchResult

SERVICE_NAME = "voice-rag-knowledge"
DEFAULT_TIMEOUT_SECONDS = 10.0


class KnowledgeClient:
    """Asks the knowledge service.

    Every call raises KnowledgeConnectionError, KnowledgeAuthError or KnowledgeResponseError.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        token: str | None = None,
        *,
        timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
    ) -> None:
        self.url = url
        self._session = session
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._timeout_seconds = timeout_seconds

    async def async_get_health(self) -> Health:
        """Return the state of the service. It is open: a wrong token does not show here."""
        data = await self._async_request("GET", "health")
        if data.get("service") != SERVICE_NAME:
            raise KnowledgeResponseError(f"{self.url} is not a Voice RAG knowledge service")
        return Health(
            status=_field(data, "status", str),
            version=_field(data, "version", str),
            index=_field(data, "index", str),
            documents=_field(data, "documents", int),
            passages=_field(data, "passages", int),
            pending=_field(data, "pending", int),
            failed=_field(data, "failed", int),
            vocabulary_version=_field(data, "vocabulary_version", str),
            last_indexed=_time(data, "last_indexed"),
        )

    async def async_get_vocabulary(self) -> KnowledgeVocabulary:
        """Return the topics and titles of the documents."""
        data = await self._async_request("GET", "vocabulary")
        return KnowledgeVocabulary(
            version=_field(data, "version", str),
            topics=_texts(data, "topics"),
            titles=_texts(data, "titles"),
        )

    async def async_ask(self, question: str, language: str) -> KnowledgeAnswer:
        """Return an answer in the words of the documents; `found` is false where they have none."""
        data = await self._async_request("POST", "ask", {"question": question, "language": language})
        return KnowledgeAnswer(
            found=_field(data, "found", bool),
            language=_field(data, "language", str),
            spoken=_field(data, "spoken", str),
            written=_field(data, "written", str),
            sources=_hits(data, "sources"),
        )

    async def async_search(self, query: str, limit: int, filters: SearchFilters | None = None) -> SearchResult:
        """Return up to `limit` passages, of those that the filters let through."""
        payload: dict[str, Any] = {"query": query, "limit": limit}
        if filters is not None:
            payload["filters"] = filters.as_dict()
        data = await self._async_request("POST", "search", payload)
        return SearchResult(
            relevant=_field(data, "relevant", bool),
            language=_field(data, "language", str),
            hits=_hits(data, "hits"),
        )

    async def async_add_document(self, name: str, text: str) -> str:
        """Add a document, in place of an added one of the same name, and return its path."""
        data = await self._async_request("POST", "documents", {"name": name, "text": text})
        return _field(data, "path", str)

    async def async_remove_document(self, path: str) -> None:
        """Delete a document that was added here; the household's own files are refused."""
        await self._async_request("DELETE", "documents", {"path": path})

    async def async_reindex(self) -> None:
        """Have all files looked at again, also those that could not be read."""
        await self._async_request("POST", "reindex")

    async def _async_request(self, method: str, path: str, payload: Mapping[str, Any] | None = None) -> dict[str, Any]:
        try:
            async with (
                asyncio.timeout(self._timeout_seconds),
                self._session.request(method, URL(self.url) / path, json=payload, headers=self._headers) as response,
            ):
                return _checked(response.status, await response.read())
        except TimeoutError as err:
            raise KnowledgeConnectionError(
                f"The knowledge service at {self.url} did not answer within {self._timeout_seconds:g} s"
            ) from err
        except aiohttp.ClientError as err:
            raise KnowledgeConnectionError(f"The knowledge service at {self.url} cannot be reached: {err}") from err


def _checked(status: int, body: bytes) -> dict[str, Any]:
    if status in (401, 403):
        raise KnowledgeAuthError("The knowledge service does not accept the token")
    if status in (502, 503):
        raise KnowledgeConnectionError("The knowledge service is not ready yet")
    try:
        data = json.loads(body)
    except ValueError as err:
        raise KnowledgeResponseError(
            f"The knowledge service answered {status} with something that is not JSON"
        ) from err
    if not isinstance(data, dict):
        raise KnowledgeResponseError(f"The knowledge service answered {status} with JSON that is not an object")
    if status >= 400:
        raise KnowledgeResponseError(f"The knowledge service answered {status}: {_error_message(data)}")
    return data


def _error_message(data: Mapping[str, Any]) -> str:
    match data:
        case {"error": {"message": str(message)}}:
            return message
    return "it gave no reason"


def _field[T](data: Mapping[str, Any], name: str, kind: type[T]) -> T:
    value = data.get(name)
    # JSON's true is an int in Python.
    if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
        raise KnowledgeResponseError(f"The knowledge service sent no valid '{name}'")
    return value


def _time(data: Mapping[str, Any], name: str) -> datetime | None:
    if data.get(name) is None:
        return None
    if (time := dt_util.parse_datetime(_field(data, name, str))) is None:
        raise KnowledgeResponseError(f"The knowledge service sent no valid '{name}'")
    return time


def _texts(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = _field(data, name, list)
    if not all(isinstance(value, str) for value in values):
        raise KnowledgeResponseError(f"The knowledge service sent no valid '{name}'")
    return tuple(values)


def _hits(data: Mapping[str, Any], name: str) -> tuple[Hit, ...]:
    values = _field(data, name, list)
    if not all(isinstance(value, dict) for value in values):
        raise KnowledgeResponseError(f"The knowledge service sent no valid '{name}'")
    return tuple(_hit(value) for value in values)


def _hit(data: Mapping[str, Any]) -> Hit:
    score = data.get("score")
    if not isinstance(score, int | float):
        raise KnowledgeResponseError("The knowledge service sent no valid 'score'")
    return Hit(
        number=_field(data, "number", int),
        document=_field(data, "document", str),
        kind=_field(data, "kind", str),
        title=_field(data, "title", str),
        place=data.get("place") or "",
        language=_field(data, "language", str),
        text=_field(data, "text", str),
        score=float(score),
    )

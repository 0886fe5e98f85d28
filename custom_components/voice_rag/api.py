"""The knowledge service over HTTP."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import aiohttp
from yarl import URL

from . import payloads
from .errors import KnowledgeAuthError, KnowledgeConnectionError, KnowledgeResponseError
from .models import (
    Health,
    KnowledgeAnswer,
    KnowledgeVocabulary,
    Lecture,
    LectureDetails,
    SearchFilters,
    SearchResult,
)

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
        page: str = "",
        timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
    ) -> None:
        """Take where people find the service's page, if it is in Home Assistant's frontend: a path."""
        self.url = url
        self._page = page or url
        self._session = session
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._timeout_seconds = timeout_seconds

    async def async_get_health(self) -> Health:
        """Return the state of the service. It is open: a wrong token does not show here."""
        data = await self._async_request("GET", "health")
        if data.get("service") != SERVICE_NAME:
            raise KnowledgeResponseError(f"{self.url} is not a Voice RAG knowledge service")
        return payloads.read_health(data)

    async def async_get_vocabulary(self) -> KnowledgeVocabulary:
        """Return the topics and titles of the documents."""
        data = await self._async_request("GET", "vocabulary")
        return payloads.read_vocabulary(data)

    async def async_ask(self, question: str, language: str) -> KnowledgeAnswer:
        """Return an answer in the words of the documents; `found` is false where they have none."""
        data = await self._async_request("POST", "ask", {"question": question, "language": language})
        return payloads.read_answer(data, self._page)

    async def async_search(self, query: str, limit: int, filters: SearchFilters | None = None) -> SearchResult:
        """Return up to `limit` passages, of those that the filters let through."""
        payload: dict[str, Any] = {"query": query, "limit": limit}
        if filters is not None:
            payload["filters"] = filters.as_dict()
        data = await self._async_request("POST", "search", payload)
        return payloads.read_search(data, self._page)

    async def async_get_lectures(self, language: str) -> tuple[Lecture, ...]:
        """Return the lectures, the newest first; their problems are told in a language."""
        data = await self._async_request("GET", "lectures", language=language)
        return payloads.read_lectures(data, self._page)

    async def async_get_lecture(self, lecture_id: str) -> LectureDetails:
        """Return a lecture with what was made of it."""
        return payloads.read_lecture(await self._async_request("GET", f"lectures/{lecture_id}"), self._page)

    async def async_add_document(self, name: str, text: str) -> str:
        """Add a document, in place of an added one of the same name, and return its path."""
        data = await self._async_request("POST", "documents", {"name": name, "text": text})
        return payloads.field(data, "path", str)

    async def async_remove_document(self, path: str) -> None:
        """Delete a document that was added here; the household's own files are refused."""
        await self._async_request("DELETE", "documents", {"path": path})

    async def async_reindex(self) -> None:
        """Have all files looked at again, also those that could not be read."""
        await self._async_request("POST", "reindex")

    async def _async_request(
        self, method: str, path: str, payload: Mapping[str, Any] | None = None, *, language: str = ""
    ) -> dict[str, Any]:
        headers = {**self._headers, **({"Accept-Language": language} if language else {})}
        try:
            async with (
                asyncio.timeout(self._timeout_seconds),
                self._session.request(method, URL(self.url) / path, json=payload, headers=headers) as response,
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

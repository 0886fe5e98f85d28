"""A running service over HTTP."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import aiohttp

from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

Json = dict[str, Any]

_PIECE_BYTES = 256 << 10
_TIMEOUT = aiohttp.ClientTimeout(total=120)
_SEND_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_read=300)
_READ_SECONDS = 180.0
_PAUSE_SECONDS = 0.3


class ServiceError(KnowledgeError):
    """The service cannot be reached, or refuses; the message is its own."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class RemoteDesk:
    """Asks a service."""

    def __init__(self, url: str, token: str | None) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def is_there(self) -> bool:
        """Say whether somebody answers at the address."""
        try:
            self._ask("GET", "health")
        except ServiceError as err:
            return err.status != 0
        return True

    def documents(self) -> Json:
        """Return the files with their status."""
        return self._ask("GET", "documents")

    def add(self, file: Path, kind: str, collection: str, on_bytes: Callable[[int], None]) -> Json:
        """Send a file and wait until it is read."""
        path = asyncio.run(self._send(file, kind, collection, on_bytes))["documents"][0]["path"]
        end = time.monotonic() + _READ_SECONDS
        while time.monotonic() < end:
            try:
                record: Json = self._ask("GET", f"documents/{quote(path)}")["document"]
            except ServiceError as err:
                if err.status != 404:
                    raise
                time.sleep(_PAUSE_SECONDS)
                continue
            return record
        raise ServiceError(f"{path} was sent, but it is still being read.")

    def remove(self, path: str) -> None:
        """Delete a file that was added."""
        self._ask("DELETE", f"documents/{quote(path)}")

    def reindex(self, path: str | None) -> None:
        """Look through the folder again, or read one file anew."""
        self._ask("POST", "reindex", {"path": path} if path else None)

    def search(self, query: str, limit: int, filters: Json) -> Json:
        """Return passages."""
        return self._ask("POST", "search", {"query": query, "limit": limit, "filters": filters})

    def ask(self, question: str, language: str | None) -> Json:
        """Return an answer."""
        return self._ask("POST", "ask", {"question": question, "language": language})

    def rephrase(self, question: str) -> Json:
        """Return other ways to ask."""
        return self._ask("POST", "rephrase", {"question": question})

    def _ask(self, method: str, path: str, body: Json | None = None) -> Json:
        return asyncio.run(self._request(method, path, _TIMEOUT, json=body))

    async def _send(self, file: Path, kind: str, collection: str, on_bytes: Callable[[int], None]) -> Json:
        form = aiohttp.FormData(quote_fields=False)  # names as they are, not in %XX
        form.add_field("kind", kind)
        form.add_field("collection", collection)
        form.add_field("file", _pieces(file, on_bytes), filename=file.name, content_type="application/octet-stream")
        return await self._request("POST", "documents", _SEND_TIMEOUT, data=form)

    async def _request(self, method: str, path: str, timeout: aiohttp.ClientTimeout, **body: Any) -> Json:  # noqa: ASYNC109
        try:
            async with (
                aiohttp.ClientSession(headers=self._headers, timeout=timeout) as session,
                session.request(method, f"{self._url}/{path}", **body) as response,
            ):
                return _checked(response.status, await response.read())
        except (aiohttp.ClientError, TimeoutError) as err:
            raise ServiceError(f"The service at {self._url} cannot be reached: {str(err) or 'it is silent'}.") from err


async def _pieces(file: Path, on_bytes: Callable[[int], None]) -> AsyncIterator[bytes]:
    with file.open("rb") as stream:
        while piece := stream.read(_PIECE_BYTES):
            on_bytes(len(piece))
            yield piece


def _checked(status: int, body: bytes) -> Json:
    try:
        answer = json.loads(body)
    except ValueError as err:
        raise ServiceError(f"The service answered {status} with something that is not JSON.", status) from err
    if not isinstance(answer, dict):
        raise ServiceError(f"The service answered {status} with JSON that is not an object.", status)
    match answer:
        case {"error": {"code": str(code), "message": str(message)}}:
            hint = " Give it with --token or VOICE_RAG_TOKEN." if code == "unauthorized" else ""
            raise ServiceError(message + hint, status)
    return answer

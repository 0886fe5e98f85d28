"""A running service over HTTP."""

from __future__ import annotations

import asyncio
import json
import time
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import aiohttp

from knowledge.errors import KnowledgeError

from .remote_lectures import RemoteLectures

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

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

    @property
    def lectures(self) -> RemoteLectures:
        """Where lectures are asked for."""
        return RemoteLectures(self)

    def is_there(self) -> bool:
        """Say whether somebody answers at the address."""
        try:
            self.ask_for("GET", "health")
        except ServiceError as err:
            return err.status != 0
        return True

    def documents(self) -> Json:
        """Return the files with their status."""
        return self.ask_for("GET", "documents")

    def add(self, file: Path, kind: str, collection: str, on_bytes: Callable[[int], None]) -> Json:
        """Send a file and wait until it is read."""
        path = asyncio.run(self._send(file, kind, collection, on_bytes))["documents"][0]["path"]
        end = time.monotonic() + _READ_SECONDS
        while time.monotonic() < end:
            try:
                record: Json = self.ask_for("GET", f"documents/{quote(path)}")["document"]
            except ServiceError as err:
                if err.status != 404:
                    raise
                time.sleep(_PAUSE_SECONDS)
                continue
            return record
        raise ServiceError(f"{path} was sent, but it is still being read.")

    def remove(self, path: str) -> None:
        """Delete a file that was added."""
        self.ask_for("DELETE", f"documents/{quote(path)}")

    def reindex(self, path: str | None) -> None:
        """Look through the folder again, or read one file anew."""
        self.ask_for("POST", "reindex", {"path": path} if path else None)

    def search(self, query: str, limit: int, filters: Json) -> Json:
        """Return passages."""
        return self.ask_for("POST", "search", {"query": query, "limit": limit, "filters": filters})

    def ask(self, question: str, language: str | None) -> Json:
        """Return an answer."""
        return self.ask_for("POST", "ask", {"question": question, "language": language})

    def rephrase(self, question: str) -> Json:
        """Return other ways to ask."""
        return self.ask_for("POST", "rephrase", {"question": question})

    def ask_for(self, method: str, path: str, body: Json | None = None) -> Json:
        """Return what the service answers."""
        return asyncio.run(self._request(method, path, _TIMEOUT, json=body))

    def download(self, path: str) -> tuple[str, bytes]:
        """Return the name and the content of a file that the service makes."""
        name, content = asyncio.run(self._fetch("GET", path, _TIMEOUT))
        return Path(name or "lecture").name, content

    async def _send(self, file: Path, kind: str, collection: str, on_bytes: Callable[[int], None]) -> Json:
        form = aiohttp.FormData(quote_fields=False)  # names as they are, not in %XX
        form.add_field("kind", kind)
        form.add_field("collection", collection)
        form.add_field("file", _pieces(file, on_bytes), filename=file.name, content_type="application/octet-stream")
        return await self._request("POST", "documents", _SEND_TIMEOUT, data=form)

    async def _request(self, method: str, path: str, timeout: aiohttp.ClientTimeout, **body: Any) -> Json:  # noqa: ASYNC109
        return _object((await self._fetch(method, path, timeout, **body))[1])

    async def _fetch(
        self,
        method: str,
        path: str,
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109
        **body: Any,
    ) -> tuple[str | None, bytes]:
        try:
            async with (
                aiohttp.ClientSession(headers=self._headers, timeout=timeout) as session,
                session.request(method, f"{self._url}/{path}", **body) as response,
            ):
                content = await response.read()
        except (aiohttp.ClientError, TimeoutError) as err:
            raise ServiceError(f"The service at {self._url} cannot be reached: {str(err) or 'it is silent'}.") from err
        if response.status >= HTTPStatus.BAD_REQUEST:
            raise _refused(response.status, content)
        return response.content_disposition.filename if response.content_disposition else None, content


async def _pieces(file: Path, on_bytes: Callable[[int], None]) -> AsyncIterator[bytes]:
    with file.open("rb") as stream:
        while piece := stream.read(_PIECE_BYTES):
            on_bytes(len(piece))
            yield piece


def _object(body: bytes) -> Json:
    try:
        answer = json.loads(body)
    except ValueError as err:
        raise ServiceError("The service answered with something that is not JSON.", HTTPStatus.OK) from err
    if not isinstance(answer, dict):
        raise ServiceError("The service answered with JSON that is not an object.", HTTPStatus.OK)
    return answer


def _refused(status: int, body: bytes) -> ServiceError:
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    match answer:
        case {"error": {"code": str(code), "message": str(message)}}:
            hint = " Give it with --token or VOICE_RAG_TOKEN." if code == "unauthorized" else ""
            return ServiceError(message + hint, status)
    return ServiceError(f"The service answered {status} without a reason.", status)

"""A knowledge service that says what the contract files say, and can misbehave."""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.fakes.web_server import WebServer

CONTRACT = Path(__file__).parent.parent / "contract" / "knowledge"


_REPLIES = {
    "/documents": "document_response",
    "/reindex": "reindex_response",
    "/search": "search_response",
}
"""Path -> message of the contract, where the names differ."""


class Fault(StrEnum):
    """What goes wrong with every request but /health."""

    SERVER_ERROR = "500"
    NOT_READY = "503"
    NOT_JSON = "not json"
    WRONG_SHAPE = "wrong shape"
    HANGS = "hangs"


def contract(name: str) -> dict[str, Any]:
    """Return a message of the contract."""
    return json.loads((CONTRACT / f"{name}.json").read_text(encoding="utf-8"))


@dataclass
class KnowledgeServer(WebServer):
    """Serves on loopback; `async with` starts and stops it, `stop` and `start` do so in between."""

    token: str | None = None
    faults: dict[str, Fault] = field(default_factory=dict)
    """Path -> fault."""
    replies: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Path -> body, instead of the contract's."""
    requests: list[tuple[str, Any]] = field(default_factory=list)
    """Path and body of what was asked."""

    def set_vocabulary(self, version: str, topics: list[str], titles: list[str]) -> None:
        """Change the vocabulary, and its version in the health."""
        self.replies["/health"] = contract("health") | {"vocabulary_version": version}
        self.replies["/vocabulary"] = {"version": version, "topics": topics, "titles": titles}

    def set_lectures(self, *lectures: dict[str, Any]) -> None:
        """Change the lectures, the newest first, and their version in the health."""
        version = str(hash(json.dumps(lectures)))
        self.replies["/health"] = contract("health") | self.replies.get("/health", {}) | {"lectures_version": version}
        self.replies["/lectures"] = {"lectures": list(lectures)}

    def routes(self) -> Iterable[web.RouteDef]:
        """Return what it answers."""
        return (
            web.get("/health", self._handle),
            web.get("/vocabulary", self._handle),
            web.post("/ask", self._handle),
            web.post("/search", self._handle),
            web.post("/documents", self._handle),
            web.delete("/documents", self._handle),
            web.post("/reindex", self._handle),
            web.get("/lectures", self._handle),
            web.get("/lectures/{id}", self._handle),
        )

    async def _handle(self, request: web.Request) -> web.Response:
        body = await request.json() if request.can_read_body else None
        self.requests.append((request.path, body))
        if fault := self.faults.get(request.path):
            return await self._fail(fault)
        is_open = request.path == "/health"
        if not is_open and self.token and request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.json_response({"error": {"code": "unauthorized", "message": "The token is wrong."}}, status=401)
        return web.json_response(self._reply(request.path, body))

    def _reply(self, path: str, body: Any) -> dict[str, Any]:
        if path in self.replies:
            return self.replies[path]
        if path.startswith("/lectures/"):
            return contract("lecture")
        if path == "/ask":
            return contract("ask_not_found" if "слон" in body["question"] else "ask_response")
        return contract(_REPLIES.get(path, path[1:]))

    async def _fail(self, fault: Fault) -> web.Response:
        match fault:
            case Fault.HANGS:
                await asyncio.sleep(3600)
            case Fault.NOT_JSON:
                return web.Response(text="<html>hello</html>", content_type="text/html")
            case Fault.WRONG_SHAPE:
                return web.json_response({"found": "perhaps"})
            case Fault.NOT_READY:
                return web.json_response({"error": {"code": "starting", "message": "Starting."}}, status=503)
        return web.json_response({"error": {"code": "internal", "message": "The index is broken."}}, status=500)

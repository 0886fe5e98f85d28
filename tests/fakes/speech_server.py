"""The side port of a speech server: takes vocabularies."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.web_server import WebServer


@dataclass
class SpeechServer(WebServer):
    """Serves on loopback while entered."""

    vocabularies: list[dict[str, Any]] = field(default_factory=list)
    """What was put, oldest first."""
    status: int = 204
    token: str | None = None
    """Asked for when set."""

    def routes(self) -> Iterable[web.RouteDef]:
        """Return what it answers."""
        return (web.put("/vocabulary", self._put),)

    async def _put(self, request: web.Request) -> web.Response:
        if self.token and request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.Response(status=401)
        vocabulary = await request.json()
        if self.status < 400:
            self.vocabularies.append(vocabulary)
        return web.Response(status=self.status)

"""A SearXNG server with a script: real HTTP."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.web_server import WebServer


def page(title: str, url: str, content: str) -> dict[str, Any]:
    """Return a result as SearXNG gives it."""
    return {"title": title, "url": url, "content": content, "engine": "duckduckgo", "score": 1.0}


@dataclass
class SearchServer(WebServer):
    """Serves on loopback while entered."""

    results: list[dict[str, Any]] = field(
        default_factory=lambda: [page("Weather in Oslo", "https://www.yr.no/oslo", "Rain until noon.")]
    )
    status: int | None = None
    """Instead of what SearXNG would answer."""
    gives_json: bool = True
    queries: list[dict[str, str]] = field(default_factory=list)

    def routes(self) -> Iterable[web.RouteDef]:
        """Return what it answers."""
        return (web.get("/search", self._search),)

    async def _search(self, request: web.Request) -> web.Response:
        self.queries.append(dict(request.query))
        has_query = bool(request.query.get("q"))
        status = self.status or (200 if has_query else 400)
        if not self.gives_json:
            return web.Response(text="<html>SearXNG</html>", status=status, content_type="text/html")
        body = {"query": request.query.get("q"), "results": self.results} if has_query else {"error": "No query"}
        return web.json_response(body, status=status)

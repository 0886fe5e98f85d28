"""A SearXNG server with a script: real HTTP."""

from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web


def page(title: str, url: str, content: str) -> dict[str, Any]:
    """Return a result as SearXNG gives it."""
    return {"title": title, "url": url, "content": content, "engine": "duckduckgo", "score": 1.0}


@dataclass
class SearchServer:
    """Serves on loopback while entered."""

    results: list[dict[str, Any]] = field(
        default_factory=lambda: [page("Weather in Oslo", "https://www.yr.no/oslo", "Rain until noon.")]
    )
    status: int | None = None
    """Instead of what SearXNG would answer."""
    gives_json: bool = True
    queries: list[dict[str, str]] = field(default_factory=list)
    port: int = 0
    _runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        """Start."""
        app = web.Application()
        app.router.add_get("/search", self._search)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop."""
        assert self._runner is not None
        await self._runner.cleanup()

    async def _search(self, request: web.Request) -> web.Response:
        self.queries.append(dict(request.query))
        has_query = bool(request.query.get("q"))
        status = self.status or (200 if has_query else 400)
        if not self.gives_json:
            return web.Response(text="<html>SearXNG</html>", status=status, content_type="text/html")
        body = {"query": request.query.get("q"), "results": self.results} if has_query else {"error": "No query"}
        return web.json_response(body, status=status)

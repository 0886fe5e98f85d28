"""The side port of a speech server: takes vocabularies."""

from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web


@dataclass
class SpeechServer:
    """Serves on loopback while entered."""

    vocabularies: list[dict[str, Any]] = field(default_factory=list)
    """What was put, oldest first."""
    status: int = 204
    token: str | None = None
    """Asked for when set."""
    port: int = 0
    _runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        """Start."""
        app = web.Application()
        app.router.add_put("/vocabulary", self._put)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
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

    async def _put(self, request: web.Request) -> web.Response:
        if self.token and request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.Response(status=401)
        vocabulary = await request.json()
        if self.status < 400:
            self.vocabularies.append(vocabulary)
        return web.Response(status=self.status)

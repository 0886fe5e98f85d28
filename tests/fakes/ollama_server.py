"""An Ollama server with a script: real HTTP and NDJSON, and it can misbehave."""

import asyncio
import json
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

from aiohttp import web


class OllamaFault(StrEnum):
    """What goes wrong in a chat turn."""

    SERVER_ERROR = "500"
    HANGS = "hangs before the first word"
    HANGS_MIDWAY = "hangs after the first words"
    CUT = "closes the connection after the first words"
    ERROR_LINE = "reports an error after the first words"
    NOT_JSON = "sends something else than JSON"
    SILENT = "says nothing"


@dataclass
class OllamaServer:
    """Serves on loopback while entered."""

    models: list[str] = field(default_factory=lambda: ["t-tech/T-lite-it-2.1:q4_K_M"])
    answer: list[str] = field(default_factory=lambda: ["Turn the bleed screw ", "half a turn, ", "says House manual."])
    """The pieces that the model writes."""
    fault: OllamaFault | None = None
    bodies: list[bytes] = field(default_factory=list)
    """What was sent to /api/chat, byte for byte."""
    port: int = 0
    _runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def requests(self) -> list[dict[str, Any]]:
        """What was sent to /api/chat."""
        return [json.loads(body) for body in self.bodies]

    async def __aenter__(self) -> Self:
        """Start."""
        app = web.Application()
        app.router.add_get("/api/tags", self._tags)
        app.router.add_post("/api/chat", self._chat)
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

    async def _tags(self, _request: web.Request) -> web.Response:
        return web.json_response({"models": [{"name": name, "model": name} for name in self.models]})

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.bodies.append(body)
        model = json.loads(body)["model"]
        if model not in self.models:
            return web.json_response({"error": f"model '{model}' not found"}, status=404)
        if self.fault is OllamaFault.SERVER_ERROR:
            return web.json_response({"error": "llama runner process has terminated"}, status=500)
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        await response.prepare(request)
        if self.fault is OllamaFault.HANGS:
            await asyncio.sleep(3600)
        await self._write(request, response)
        return response

    async def _write(self, request: web.Request, response: web.StreamResponse) -> None:
        pieces = [] if self.fault is OllamaFault.SILENT else self.answer
        for index, piece in enumerate(pieces):
            if index == 1 and await self._misbehave(request, response):
                return
            await response.write(_line({"message": {"role": "assistant", "content": piece}, "done": False}))
        await response.write(_line({"message": {"role": "assistant", "content": ""}, "done": True}))

    async def _misbehave(self, request: web.Request, response: web.StreamResponse) -> bool:
        """Do what the fault says; true when nothing may follow."""
        match self.fault:
            case OllamaFault.HANGS_MIDWAY:
                await asyncio.sleep(3600)
            case OllamaFault.CUT:
                assert request.transport is not None
                request.transport.close()
            case OllamaFault.ERROR_LINE:
                await response.write(_line({"error": "out of memory"}))
            case OllamaFault.NOT_JSON:
                await response.write(b"<html>\n")
            case _:
                return False
        return True


def _line(message: dict[str, Any]) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode() + b"\n"

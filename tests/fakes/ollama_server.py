"""An Ollama server with a script: real HTTP and NDJSON, and it can misbehave."""

import asyncio
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from aiohttp import web

from tests.fakes.web_server import WebServer

CHARACTERS_PER_TOKEN = 4


class OllamaFault(StrEnum):
    """What goes wrong in a chat turn."""

    SERVER_ERROR = "500"
    HANGS = "hangs before the first word"
    THINKS = "never comes to its message, and is there all the same"
    HANGS_MIDWAY = "hangs after the first words"
    CUT = "closes the connection after the first words"
    ERROR_LINE = "reports an error after the first words"
    NOT_JSON = "sends something else than JSON"
    SILENT = "says nothing"


@dataclass(frozen=True)
class Scripted:
    """One message of the model: thoughts, words, then tool calls."""

    text: str | Iterable[str] = ""
    calls: tuple[tuple[str, Any], ...] = ()
    """Names of tools and their arguments."""
    thinking: str = ""
    done_reason: str = "stop"


@dataclass
class OllamaServer(WebServer):
    """Serves on loopback while entered; `stop` and `start` make it go away and come back."""

    models: list[str] = field(default_factory=lambda: ["t-tech/T-lite-it-2.1:q4_K_M"])
    capabilities: tuple[str, ...] = ("completion", "tools")
    answer: list[str] = field(default_factory=lambda: ["Turn the bleed screw ", "half a turn, ", "says House manual."])
    """The pieces that the model writes when the script is at its end."""
    script: list[Scripted] = field(default_factory=list)
    """What it writes, one message after another."""
    fault: OllamaFault | None = None
    prompt_tokens: int | None = None
    """What it counts for each prompt; None to count characters."""
    bodies: list[bytes] = field(default_factory=list)
    """What was sent to /api/chat, byte for byte, without warm-ups."""
    hung_up: int = 0
    """How many of these clients left while it was thinking."""
    warm_ups: list[bytes] = field(default_factory=list)
    """The requests that wanted next to nothing written."""
    pulls: list[str] = field(default_factory=list)
    embed: Callable[[str], list[float] | None] = lambda text: [1.0, float(len(text))]
    """The vector of a text; None for one that fails with its whole batch."""
    embedded: list[list[str]] = field(default_factory=list)
    """The batches that were sent to /api/embed."""
    _last_prompt: str = ""

    @property
    def requests(self) -> list[dict[str, Any]]:
        """What was sent to /api/chat, without warm-ups."""
        return [json.loads(body) for body in self.bodies]

    def routes(self) -> Iterable[web.RouteDef]:
        """Return what it answers."""
        return (
            web.get("/api/tags", self._tags),
            web.get("/api/ps", self._tags),
            web.post("/api/show", self._show),
            web.post("/api/pull", self._pull),
            web.post("/api/chat", self._chat),
            web.post("/api/embed", self._embed),
        )

    async def _tags(self, _request: web.Request) -> web.Response:
        return web.json_response({"models": [{"name": name, "model": name} for name in self.models]})

    async def _show(self, request: web.Request) -> web.Response:
        if self.fault is OllamaFault.HANGS:
            await asyncio.sleep(3600)
        model = (await request.json())["model"]
        if model not in self.models:
            return web.json_response({"error": f"model '{model}' not found"}, status=404)
        facts = {"general.architecture": "qwen3", "qwen3.context_length": 40960}
        return web.json_response({"capabilities": list(self.capabilities), "model_info": facts})

    async def _pull(self, request: web.Request) -> web.StreamResponse:
        model = (await request.json())["model"]
        self.pulls.append(model)
        response = await _stream(request)
        await response.write(_line({"status": "pulling manifest"}))
        if "missing" in model:
            await response.write(_line({"error": "pull model manifest: file does not exist"}))
            return response
        for completed in (0, 50, 100):
            await response.write(
                _line({"status": "pulling abc", "digest": "abc", "total": 100, "completed": completed})
            )
        self.models.append(model)
        await response.write(_line({"status": "success"}))
        return response

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        asked = json.loads(body)
        is_warm_up = asked["options"].get("num_predict") == 1
        (self.warm_ups if is_warm_up else self.bodies).append(body)
        if asked["model"] not in self.models:
            return web.json_response({"error": f"model '{asked['model']}' not found"}, status=404)
        if "tools" in asked and "tools" not in self.capabilities:
            return web.json_response({"error": f"{asked['model']} does not support tools"}, status=400)
        if self.fault is OllamaFault.SERVER_ERROR:
            return web.json_response({"error": "llama runner process has terminated"}, status=500)
        if self.fault is OllamaFault.HANGS:
            await asyncio.sleep(3600)
        if self.fault is OllamaFault.THINKS:
            await self._think()
        if asked.get("stream") is False:
            message = self._next()
            written = {"role": "assistant", "content": "".join(message.text)}
            return web.json_response({"message": written, "done_reason": message.done_reason})
        response = await _stream(request)
        await self._write(request, response, Scripted(".") if is_warm_up else self._next())
        await response.write(
            _line({"message": {"role": "assistant", "content": ""}, "done": True} | self._count(asked))
        )
        return response

    async def _think(self) -> None:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            self.hung_up += 1
            raise

    async def _embed(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if asked["model"] not in self.models:
            return web.json_response({"error": f"model '{asked['model']}' not found"}, status=404)
        self.embedded.append(asked["input"])
        vectors = [self.embed(text) for text in asked["input"]]
        if None in vectors:
            return web.json_response({"error": "json: unsupported value: NaN"}, status=500)
        return web.json_response({"model": asked["model"], "embeddings": vectors})

    def _next(self) -> Scripted:
        if self.fault is OllamaFault.SILENT:
            return Scripted()
        return self.script.pop(0) if self.script else Scripted(self.answer)

    async def _write(self, request: web.Request, response: web.StreamResponse, message: Scripted) -> bool:
        """Write a message; false when it ended badly."""
        pieces = [message.text] if isinstance(message.text, str) else list(message.text)
        if message.thinking:
            await response.write(_line(_message(thinking=message.thinking)))
        for index, piece in enumerate(filter(None, pieces)):
            if index == 1 and await self._misbehave(request, response):
                return False
            await response.write(_line(_message(content=piece)))
        for name, arguments in message.calls:
            call = {"function": {"name": name, "arguments": arguments}}
            await response.write(_line(_message(tool_calls=[call])))
        return True

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

    def _count(self, asked: dict[str, Any]) -> dict[str, int]:
        """Return Ollama's counters, as if it kept the head of the last prompt."""
        system, *messages = asked["messages"]
        prompt = json.dumps([system, asked.get("tools"), messages], ensure_ascii=False)
        known = common_length(prompt, self._last_prompt)
        self._last_prompt = prompt
        tokens = self.prompt_tokens or len(prompt) // CHARACTERS_PER_TOKEN
        return {
            "prompt_eval_count": tokens,
            "prompt_eval_duration": (len(prompt) - known) * 1_000_000,
            "eval_count": 10,
            "eval_duration": 1_000_000,
        }


def common_length(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their heads."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


async def _stream(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
    await response.prepare(request)
    return response


def _message(**parts: Any) -> dict[str, Any]:
    return {"message": {"role": "assistant", "content": "", **parts}, "done": False}


def _line(message: dict[str, Any]) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode() + b"\n"

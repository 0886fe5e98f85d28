"""The Model Context Protocol's server side, as far as tools need it: JSON-RPC without sessions.

See https://modelcontextprotocol.io/specification/2025-11-25/. A client sends: initialize, notifications/initialized,
(tools/list | tools/call | ping)*. Every answer is whole, so none is streamed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from knowledge import __version__
from knowledge.errors import KnowledgeError
from knowledge.service.mcp_tools import TOOLS

if TYPE_CHECKING:
    from knowledge.service.host import KnowledgeHost

VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26")
"""Newest first; they do not differ in what is used here."""

_Json = dict[str, Any]

_INVALID_REQUEST = -32600
_METHOD_NOT_FOUND = -32601
_INVALID_PARAMS = -32602
_INSTRUCTIONS = (
    "Answers from the documents, films and lectures of this household. Name the sources that a tool returns."
)


@dataclass(frozen=True, slots=True)
class ProtocolError(Exception):
    """A message that cannot be carried out."""

    code: int
    message: str


_NO_MESSAGE = ProtocolError(_INVALID_REQUEST, "This is no JSON-RPC 2.0 message.")


async def answer(host: KnowledgeHost, message: object) -> _Json | None:
    """Return the reply to a message; None for one that wants none."""
    match message:
        case {"jsonrpc": "2.0", "method": str(method), "id": str() | int() as number, **rest}:
            return await _replied(host, method, number, rest.get("params"))
        case {"jsonrpc": "2.0", "id": _, "result": _} | {"jsonrpc": "2.0", "id": _, "error": _}:
            return None  # the answer to something that was never asked
        case {"jsonrpc": "2.0", "method": str(), **rest} if "id" not in rest:
            return None  # a notification
    return _error(None, _NO_MESSAGE)


async def _replied(host: KnowledgeHost, method: str, number: str | int, params: object) -> _Json:
    try:
        result = await _result(host, method, params if isinstance(params, dict) else {})
    except ProtocolError as err:
        return _error(number, err)
    return {"jsonrpc": "2.0", "id": number, "result": result}


async def _result(host: KnowledgeHost, method: str, params: _Json) -> _Json:
    match method:
        case "initialize":
            return _initialised(params)
        case "ping":
            return {}
        case "tools/list":
            return {"tools": [tool.described() for tool in TOOLS.values()]}
        case "tools/call":
            return await _called(host, params)
    raise ProtocolError(_METHOD_NOT_FOUND, f"There is no method {method}.")


def _initialised(params: _Json) -> _Json:
    wanted = params.get("protocolVersion")
    return {
        "protocolVersion": wanted if wanted in VERSIONS else VERSIONS[0],
        "capabilities": {"tools": {"listChanged": False}},
        "serverInfo": {"name": "voice-rag-knowledge", "title": "Voice RAG knowledge", "version": __version__},
        "instructions": _INSTRUCTIONS,
    }


async def _called(host: KnowledgeHost, params: _Json) -> _Json:
    name, arguments = params.get("name"), params.get("arguments") or {}
    tool = TOOLS.get(name) if isinstance(name, str) else None
    if tool is None or not isinstance(arguments, dict):
        raise ProtocolError(_INVALID_PARAMS, f"There is no tool {name}. There are: {', '.join(TOOLS)}.")
    try:
        data = await tool.call(host, arguments)
    except (KnowledgeError, TimeoutError) as err:  # for the model to read, and to do better
        text = str(err) or "It took too long."
        return {"content": [{"type": "text", "text": text}], "isError": True}
    return {
        "content": [{"type": "text", "text": json.dumps(data, ensure_ascii=False)}],
        "structuredContent": data,
        "isError": False,
    }


def _error(number: str | int | None, err: ProtocolError) -> _Json:
    return {"jsonrpc": "2.0", "id": number, "error": {"code": err.code, "message": err.message}}

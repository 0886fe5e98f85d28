"""Tools for assistants, over the Model Context Protocol's streamable HTTP."""

from __future__ import annotations

from aiohttp import web

from knowledge.service import mcp
from knowledge.service.keys import ACCESS, HOST
from knowledge.service.middlewares import refusal
from knowledge.service.wire import json_body, json_response

routes = web.RouteTableDef()


@routes.post("/mcp")
async def messages(request: web.Request) -> web.Response:
    """Answer one message; there is nothing that the server would say by itself, so GET is refused."""
    return await _replied(request)


@routes.post("/mcp/{token}")
async def messages_by_address(request: web.Request) -> web.Response:
    """Answer the same to clients that know an address and can send no header, as Home Assistant's."""
    if not request.app[ACCESS].is_token(request.match_info["token"]):
        return refusal(401, "unauthorized", "The token in the address is wrong.")
    return await _replied(request)


async def _replied(request: web.Request) -> web.Response:
    version = request.headers.get("MCP-Protocol-Version")
    if version is not None and version not in mcp.VERSIONS:
        return refusal(400, "bad_request", f"MCP-Protocol-Version must be one of: {', '.join(mcp.VERSIONS)}.")
    reply = await mcp.answer(request.app[HOST], await json_body(request))
    if reply is None:
        return web.Response(status=202)
    return json_response(reply, 200 if reply["id"] is not None else 400)

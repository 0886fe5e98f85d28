import json
from pathlib import Path
from typing import Any

import httpx2
import pytest
from homeassistant.components.mcp.config_flow import ModelContextProtocolConfigFlow
from homeassistant.components.mcp.coordinator import mcp_client
from homeassistant.config_entries import SOURCE_HASSIO, ConfigEntries
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.hassio import HassioServiceInfo
from mcp.client.session import ClientSession
from mcp.client.streamable_http import streamable_http_client
from probatio import Invalid, from_openapi

from tests.knowledge.service.running import TOKEN, Client, contract

pytestmark = pytest.mark.asyncio(loop_scope="module")

JSON = {"Accept": "application/json, text/event-stream"}
BEARER = {"Authorization": f"Bearer {TOKEN}"}


async def said(client: Client, message: Any, **headers: str) -> tuple[int, Any]:
    async with client.session.post("/mcp", json=message, headers={**JSON, **headers}) as response:
        return response.status, await response.json() if response.status != 202 else None


async def test_the_official_client_finds_tools_that_only_read_and_calls_them(client: Client) -> None:
    async with streamable_http_client(url=f"{client.url}/mcp") as streams, ClientSession(*streams) as session:
        info = await session.initialize()
        assert (info.server_info.name, info.capabilities.tools is not None) == ("voice-rag-knowledge", True)
        tools = (await session.list_tools()).tools
        assert [tool.name for tool in tools] == ["search", "ask", "films", "lectures", "lecture"]
        assert all(tool.annotations is not None and tool.annotations.read_only_hint for tool in tools)
        answer = await session.call_tool("ask", {"question": contract("ask_request")["question"]})
        assert not answer.is_error
        assert answer.structured_content is not None
        assert answer.structured_content["spoken"] == contract("ask_response")["spoken"]
        found = await session.call_tool("search", {"query": "radiator", "kind": "document"})
        assert found.structured_content is not None
        assert found.structured_content["hits"][0]["title"] == "House manual"
        films = await session.call_tool("films", {"person": "Тарковский", "year_from": 1970})
        assert films.structured_content == {"total": 0, "films": []}


async def test_home_assistants_own_client_takes_the_tools(guarded: Client, tmp_path: Path) -> None:
    # Its settings have a place for an address only.
    address = f"{guarded.url}/mcp/{TOKEN}"
    async with mcp_client(HomeAssistant(str(tmp_path)), address) as (session, info):
        assert info.server_info.name == "voice-rag-knowledge"
        tools = (await session.list_tools()).tools
    parameters = {tool.name: from_openapi(tool.input_schema) for tool in tools}
    assert parameters["search"]({"query": "radiator", "limit": 3}) == {"query": "radiator", "limit": 3}
    with pytest.raises(Invalid):
        parameters["ask"]({})


async def test_home_assistants_own_dialogue_takes_what_the_app_announces(guarded: Client, tmp_path: Path) -> None:
    flow = ModelContextProtocolConfigFlow()
    flow.hass, flow.handler, flow.context = HomeAssistant(str(tmp_path)), "mcp", {"source": SOURCE_HASSIO}
    flow.hass.config_entries = ConfigEntries(flow.hass, {})
    address = f"{guarded.url}/mcp/{TOKEN}"
    message = HassioServiceInfo(config={"url": address}, name="Voice RAG", slug="voice_rag", uuid="1234")
    form = await flow.async_step_hassio(message)
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "hassio_confirm")
    entry = await flow.async_step_hassio_confirm({})
    assert (entry["type"], entry["title"]) == (FlowResultType.CREATE_ENTRY, "voice-rag-knowledge")
    assert entry["data"]["url"] == address


async def test_a_call_without_sense_is_explained_to_the_model(client: Client) -> None:
    async with streamable_http_client(url=f"{client.url}/mcp") as streams, ClientSession(*streams) as session:
        await session.initialize()
        refused = await session.call_tool("search", {"query": ""})
    assert refused.is_error
    assert "query" in json.dumps([part.model_dump() for part in refused.content])


async def test_the_token_is_asked_for_in_the_header_or_the_address(guarded: Client) -> None:
    async with (
        httpx2.AsyncClient(headers=BEARER) as http,
        streamable_http_client(url=f"{guarded.url}/mcp", http_client=http) as streams,
        ClientSession(*streams) as session,
    ):
        assert (await session.initialize()).server_info.name == "voice-rag-knowledge"
    async with streamable_http_client(url=f"{guarded.url}/mcp/{TOKEN}") as streams, ClientSession(*streams) as session:
        assert (await session.initialize()).server_info.name == "voice-rag-knowledge"
    for path in ("/mcp", "/mcp/wrong"):
        async with guarded.session.post(path, json={}) as response:
            assert response.status == 401


@pytest.mark.parametrize(
    ("message", "status", "code"),
    [
        ([], 400, -32600),
        ({}, 400, -32600),
        ({"jsonrpc": "2.0", "method": "ping", "id": None}, 400, -32600),
        ({"jsonrpc": "2.0", "method": "resources/list", "id": 1}, 200, -32601),
        ({"jsonrpc": "2.0", "method": "tools/call", "id": 1, "params": {"name": "delete"}}, 200, -32602),
    ],
)
async def test_messages_without_sense_get_the_errors_of_json_rpc(
    client: Client, message: Any, status: int, code: int
) -> None:
    got, reply = await said(client, message)
    assert (got, reply["error"]["code"]) == (status, code)


async def test_notifications_are_accepted_and_nothing_is_streamed(client: Client) -> None:
    assert await said(client, {"jsonrpc": "2.0", "method": "notifications/initialized"}) == (202, None)
    assert (await client.get("/mcp"))[0] == 405


async def test_an_unknown_version_of_the_protocol_is_refused(client: Client) -> None:
    message = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    assert (await said(client, message, **{"MCP-Protocol-Version": "1999-01-01"}))[0] == 400
    assert await said(client, message, **{"MCP-Protocol-Version": "2025-06-18"}) == (
        200,
        {"jsonrpc": "2.0", "id": 1, "result": {}},
    )

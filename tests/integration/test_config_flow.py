"""Setting up, changing and re-authenticating, with each thing that can be wrong."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

import pytest
from homeassistant.config_entries import SOURCE_HASSIO, SOURCE_USER, SOURCE_ZEROCONF, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.hassio import HassioServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo

from tests.fakes.knowledge_server import KnowledgeServer
from tests.fakes.lamp import Lamp
from tests.fakes.ollama_server import OllamaServer
from tests.fakes.search_server import SearchServer

MODEL = "t-tech/T-lite-it-2.1:q4_K_M"

pytestmark = pytest.mark.usefixtures("house")


async def submit(hass: HomeAssistant, **user_input: str) -> ConfigFlowResult:
    """Open the form for a new entry and send it off."""
    form = await hass.config_entries.flow.async_init("voice_rag", context={"source": SOURCE_USER})
    assert form["type"] is FlowResultType.FORM
    assert form["errors"] == {}
    return await hass.config_entries.flow.async_configure(form["flow_id"], user_input)


def subentries(result: ConfigFlowResult) -> list[tuple[str, str, dict[str, Any]]]:
    """Return what the new entry has."""
    return [
        (subentry.subentry_type, subentry.title, dict(subentry.data))
        for subentry in result["result"].subentries.values()
    ]


def discovered_app(knowledge: KnowledgeServer, **config: str) -> HassioServiceInfo:
    """Return what the Supervisor tells of our app."""
    return HassioServiceInfo(
        config={"host": "127.0.0.1", "port": knowledge.port, **config},
        name="Voice RAG Knowledge",
        slug="voice_rag_knowledge",
        uuid="1234",
    )


def announced(knowledge: KnowledgeServer, port: int | None = None) -> ZeroconfServiceInfo:
    """Return what the local network tells of our service."""
    return ZeroconfServiceInfo(
        ip_address=ip_address("127.0.0.1"),
        ip_addresses=[ip_address("127.0.0.1")],
        port=port,
        hostname="nas.local.",
        type="_voice-rag._tcp.local.",
        name="nas._voice-rag._tcp.local.",
        properties={},
    )


async def test_the_address_of_the_knowledge_service_is_enough(hass: HomeAssistant, knowledge: KnowledgeServer) -> None:
    result = await submit(hass, url=f" {knowledge.url}/ ")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "Voice RAG"
    assert result["data"] == {"url": knowledge.url}
    assert subentries(result) == [("conversation", "Voice RAG", {})]


async def test_everything_can_be_given(
    hass: HomeAssistant, knowledge: KnowledgeServer, ollama: OllamaServer, search: SearchServer
) -> None:
    knowledge.token = "secret"
    data = {
        "url": knowledge.url,
        "token": "secret",
        "speech_url": "http://127.0.0.1:10301",
        "ollama_url": ollama.url,
        "searxng_url": search.url,
    }
    form = await submit(hass, **data)
    assert form["step_id"] == "model"
    result = await hass.config_entries.flow.async_configure(form["flow_id"], {"ollama_model": MODEL})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == data
    assert subentries(result) == [
        ("conversation", "Voice RAG", {"ollama_model": MODEL}),
        ("ai_task_data", "Voice RAG AI Task", {"ollama_model": MODEL}),
    ]


async def test_the_same_service_is_not_added_twice(hass: HomeAssistant, add_entry: Callable[..., Any]) -> None:
    entry = await add_entry()
    result = await submit(hass, url=entry.data["url"] + "/")
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


@pytest.mark.parametrize("field", ["url", "speech_url", "ollama_url", "searxng_url"])
@pytest.mark.parametrize("address", ["192.168.1.5:10310", "ftp://nas", "http://", "http://nas:port"])
async def test_what_is_not_an_address_is_said_at_its_field(
    hass: HomeAssistant, knowledge: KnowledgeServer, field: str, address: str
) -> None:
    result = await submit(hass, **{"url": knowledge.url, field: address})
    assert result["errors"] == {field: "invalid_url"}


async def test_nobody_at_the_address_is_said(hass: HomeAssistant, knowledge: KnowledgeServer) -> None:
    await knowledge.stop()
    result = await submit(hass, url=knowledge.url)
    assert result["errors"] == {"url": "cannot_connect"}


async def test_somebody_else_at_the_address_is_said(hass: HomeAssistant, ollama: OllamaServer) -> None:
    result = await submit(hass, url=ollama.url)
    assert result["errors"] == {"url": "not_voice_rag"}


@pytest.mark.parametrize("token", [{}, {"token": "wrong"}])
async def test_a_wrong_or_missing_token_is_said(
    hass: HomeAssistant, knowledge: KnowledgeServer, token: dict[str, str]
) -> None:
    knowledge.token = "secret"
    result = await submit(hass, url=knowledge.url, **token)
    assert result["errors"] == {"token": "invalid_auth"}


async def test_the_model_is_chosen_from_what_ollama_offers(
    hass: HomeAssistant, knowledge: KnowledgeServer, ollama: OllamaServer
) -> None:
    ollama.models = ["qwen3:4b", "gemma3:4b"]
    form = await submit(hass, url=knowledge.url, ollama_url=ollama.url)
    field = form["data_schema"].schema["ollama_model"]
    assert field.config["options"] == ["gemma3:4b", "qwen3:4b", MODEL]
    assert field.config["custom_value"]


@pytest.mark.parametrize(("status", "json"), [(403, True), (400, False), (500, True)])
async def test_a_search_server_that_gives_no_json_is_said(
    hass: HomeAssistant, knowledge: KnowledgeServer, search: SearchServer, status: int, json: bool
) -> None:
    search.status, search.gives_json = status, json
    result = await submit(hass, url=knowledge.url, searxng_url=search.url)
    assert result["errors"] == {"searxng_url": "searxng_unusable"}


async def test_ollama_that_is_away_is_said_together_with_the_rest(hass: HomeAssistant, ollama: OllamaServer) -> None:
    result = await submit(hass, url=ollama.url, ollama_url="http://127.0.0.1:1")
    assert result["errors"] == {"url": "not_voice_rag", "ollama_url": "ollama_cannot_connect"}


async def test_something_else_than_ollama_is_said(hass: HomeAssistant, knowledge: KnowledgeServer) -> None:
    result = await submit(hass, url=knowledge.url, ollama_url=knowledge.url)
    assert result["errors"] == {"ollama_url": "not_ollama"}


async def test_a_form_with_an_error_can_be_corrected(hass: HomeAssistant, knowledge: KnowledgeServer) -> None:
    form = await submit(hass, url="nonsense")
    result = await hass.config_entries.flow.async_configure(form["flow_id"], {"url": knowledge.url})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_the_addresses_can_be_changed_and_taken_away(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer, ollama: OllamaServer
) -> None:
    entry = await add_entry(ollama_url=ollama.url, ollama_model=MODEL)
    form = await entry.start_reconfigure_flow(hass)
    assert form["step_id"] == "reconfigure"
    async with KnowledgeServer() as moved:
        result = await hass.config_entries.flow.async_configure(form["flow_id"], {"url": moved.url})
        await hass.async_block_till_done()
        assert result["reason"] == "reconfigure_successful"
        assert entry.data == {"url": moved.url}
        assert entry.runtime_data.answerer.name == "extractive"


async def test_a_change_to_another_entrys_service_is_refused(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer
) -> None:
    async with KnowledgeServer() as second:
        assert (await submit(hass, url=second.url))["type"] is FlowResultType.CREATE_ENTRY
        form = await (await add_entry()).start_reconfigure_flow(hass)
        result = await hass.config_entries.flow.async_configure(form["flow_id"], {"url": second.url})
        assert result["reason"] == "already_configured"


async def test_a_change_that_does_not_work_is_not_saved(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer
) -> None:
    entry = await add_entry()
    form = await entry.start_reconfigure_flow(hass)
    result = await hass.config_entries.flow.async_configure(form["flow_id"], {"url": "http://127.0.0.1:1"})
    assert result["errors"] == {"url": "cannot_connect"}
    assert entry.data["url"] == knowledge.url


async def test_a_new_token_is_checked_and_saved(
    hass: HomeAssistant, add_entry: Callable[..., Any], knowledge: KnowledgeServer
) -> None:
    entry = await add_entry(token="old")
    knowledge.token = "new"
    form = await entry.start_reauth_flow(hass)
    result = await hass.config_entries.flow.async_configure(form["flow_id"], {"token": "wrong"})
    assert result["errors"] == {"token": "invalid_auth"}
    result = await hass.config_entries.flow.async_configure(form["flow_id"], {"token": "new"})
    await hass.async_block_till_done()
    assert result["reason"] == "reauth_successful"
    assert entry.data["token"] == "new"


async def test_an_app_is_added_with_one_click(hass: HomeAssistant, knowledge: KnowledgeServer) -> None:
    knowledge.token = "secret"
    form = await hass.config_entries.flow.async_init(
        "voice_rag", context={"source": SOURCE_HASSIO}, data=discovered_app(knowledge, token="secret")
    )
    assert form["step_id"] == "discovery_confirm"
    assert form["description_placeholders"]["url"] == knowledge.url
    assert form["description_placeholders"]["name"] == "Voice RAG Knowledge"
    result = await hass.config_entries.flow.async_configure(form["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == {"url": knowledge.url, "token": "secret", "app": "voice_rag_knowledge"}


async def test_an_app_that_knows_an_ollama_lets_the_model_be_chosen(
    hass: HomeAssistant, knowledge: KnowledgeServer, ollama: OllamaServer
) -> None:
    form = await hass.config_entries.flow.async_init(
        "voice_rag", context={"source": SOURCE_HASSIO}, data=discovered_app(knowledge, ollama_url=ollama.url)
    )
    form = await hass.config_entries.flow.async_configure(form["flow_id"], {})
    assert form["step_id"] == "model"
    result = await hass.config_entries.flow.async_configure(form["flow_id"], {"ollama_model": MODEL})
    assert result["data"] == {"url": knowledge.url, "ollama_url": ollama.url, "app": "voice_rag_knowledge"}
    assert [kind for kind, _, _ in subentries(result)] == ["conversation", "ai_task_data"]


async def test_an_app_whose_ollama_is_away_is_added_all_the_same(
    hass: HomeAssistant, knowledge: KnowledgeServer
) -> None:
    data = discovered_app(knowledge, ollama_url="http://127.0.0.1:9")
    form = await hass.config_entries.flow.async_init("voice_rag", context={"source": SOURCE_HASSIO}, data=data)
    form = await hass.config_entries.flow.async_configure(form["flow_id"], {})
    assert form["step_id"] == "model"
    result = await hass.config_entries.flow.async_configure(form["flow_id"], {"ollama_model": MODEL})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_an_app_that_moved_takes_its_entry_along(hass: HomeAssistant, knowledge: KnowledgeServer) -> None:
    form = await hass.config_entries.flow.async_init(
        "voice_rag", context={"source": SOURCE_HASSIO}, data=discovered_app(knowledge)
    )
    entry = (await hass.config_entries.flow.async_configure(form["flow_id"], {}))["result"]
    async with KnowledgeServer() as moved:
        result = await hass.config_entries.flow.async_init(
            "voice_rag", context={"source": SOURCE_HASSIO}, data=discovered_app(moved)
        )
        await hass.async_block_till_done()
        assert result["reason"] == "already_configured"
        assert entry.data["url"] == moved.url


async def test_an_app_that_comes_back_leaves_the_ollama_that_was_chosen(
    hass: HomeAssistant, knowledge: KnowledgeServer, ollama: OllamaServer
) -> None:
    data = discovered_app(knowledge, token="new", ollama_url="http://127.0.0.1:9")
    form = await hass.config_entries.flow.async_init("voice_rag", context={"source": SOURCE_HASSIO}, data=data)
    form = await hass.config_entries.flow.async_configure(form["flow_id"], {})
    entry = (await hass.config_entries.flow.async_configure(form["flow_id"], {"ollama_model": MODEL}))["result"]
    hass.config_entries.async_update_entry(entry, data={**entry.data, "token": "old", "ollama_url": ollama.url})
    await hass.config_entries.flow.async_init("voice_rag", context={"source": SOURCE_HASSIO}, data=data)
    await hass.async_block_till_done()
    assert (entry.data["token"], entry.data["ollama_url"]) == ("new", ollama.url)


async def test_an_announced_token_that_is_refused_can_be_corrected(
    hass: HomeAssistant, knowledge: KnowledgeServer
) -> None:
    knowledge.token = "secret"
    form = await hass.config_entries.flow.async_init(
        "voice_rag", context={"source": SOURCE_HASSIO}, data=discovered_app(knowledge, token="old")
    )
    form = await hass.config_entries.flow.async_configure(form["flow_id"], {})
    assert form["errors"] == {"token": "invalid_auth"}
    assert "token" in form["data_schema"].schema
    result = await hass.config_entries.flow.async_configure(form["flow_id"], {"token": "secret"})
    assert result["data"]["token"] == "secret"


async def test_an_announced_service_is_confirmed_with_its_token(
    hass: HomeAssistant, knowledge: KnowledgeServer
) -> None:
    knowledge.token = "secret"
    form = await hass.config_entries.flow.async_init(
        "voice_rag", context={"source": SOURCE_ZEROCONF}, data=announced(knowledge, knowledge.port)
    )
    assert form["description_placeholders"]["url"] == knowledge.url
    assert form["description_placeholders"]["name"] == "nas"
    result = await hass.config_entries.flow.async_configure(form["flow_id"], {})
    assert result["errors"] == {"token": "invalid_auth"}
    result = await hass.config_entries.flow.async_configure(form["flow_id"], {"token": "secret"})
    assert result["data"] == {"url": knowledge.url, "token": "secret"}


async def test_an_announced_service_that_is_away_is_said(hass: HomeAssistant, knowledge: KnowledgeServer) -> None:
    await knowledge.stop()
    form = await hass.config_entries.flow.async_init(
        "voice_rag", context={"source": SOURCE_ZEROCONF}, data=announced(knowledge, knowledge.port)
    )
    result = await hass.config_entries.flow.async_configure(form["flow_id"], {})
    assert result["errors"] == {"base": "cannot_connect"}


async def test_an_announcement_without_a_port_is_dropped(hass: HomeAssistant, knowledge: KnowledgeServer) -> None:
    result = await hass.config_entries.flow.async_init(
        "voice_rag", context={"source": SOURCE_ZEROCONF}, data=announced(knowledge)
    )
    assert result["reason"] == "invalid_discovery_info"


async def test_a_house_that_has_an_entry_is_not_asked_again(
    hass: HomeAssistant, house: Lamp, add_entry: Callable[..., Any], knowledge: KnowledgeServer
) -> None:
    await add_entry()
    result = await hass.config_entries.flow.async_init(
        "voice_rag", context={"source": SOURCE_ZEROCONF}, data=announced(knowledge, 10310)
    )
    assert result["reason"] == "already_configured"

"""What the app announces is what Home Assistant's own dialogues take."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import pytest
from homeassistant.config_entries import SOURCE_HASSIO
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.hassio import HassioServiceInfo
from pytest_homeassistant_custom_component.common import MockModule, mock_integration
from wyoming.event import Event
from wyoming.info import Attribution, Describe, Info, TtsProgram, TtsVoice
from wyoming.server import AsyncEventHandler, AsyncTcpServer

from tests.fakes.app import App
from tests.fakes.knowledge_server import KnowledgeServer

OURS = Attribution(name="Voice RAG", url="")


class Describing(AsyncEventHandler):
    """Says that it has a voice."""

    async def handle_event(self, event: Event) -> bool:
        if Describe.is_type(event.type):
            about: dict[str, Any] = {"attribution": OURS, "installed": True, "description": None, "version": None}
            voice = TtsVoice(name="ru", languages=["ru"], **about)
            await self.write_event(Info(tts=[TtsProgram(name="voice", voices=[voice], **about)]).event())
        return True


@pytest.fixture
async def speech_port(socket_enabled: None) -> AsyncGenerator[int]:
    server = AsyncTcpServer("127.0.0.1", 0)
    await server.start(Describing)
    assert server._server is not None
    yield server._server.sockets[0].getsockname()[1]
    await server.stop()


@pytest.fixture
def announced(hass: HomeAssistant, tmp_path: Path) -> dict[str, dict[str, Any]]:
    """What the app's own script tells the Supervisor."""
    app = App("voice_rag", tmp_path)
    app.options["knowledge_folder"] = str(tmp_path / "knowledge")
    assert app.run("token/run").code == 0
    assert app.run("discovery/run", VOICE_RAG_TRIES="1").code == 0
    return app.discoveries()


def message(config: dict[str, Any]) -> HassioServiceInfo:
    return HassioServiceInfo(config=config, name="Voice RAG", slug="voice_rag", uuid="1234")


async def test_the_wyoming_integration_takes_the_speech_server(
    hass: HomeAssistant, announced: dict[str, dict[str, Any]], speech_port: int
) -> None:
    assert urlparse(announced["wyoming"]["uri"]).scheme == "tcp"
    assert urlparse(announced["wyoming"]["uri"]).port == 10300
    for dependency in ("assist_satellite", "assist_pipeline", "intent", "conversation", "ffmpeg"):
        mock_integration(hass, MockModule(dependency))
    here = {"uri": urlparse(announced["wyoming"]["uri"])._replace(netloc=f"127.0.0.1:{speech_port}").geturl()}
    form = await hass.config_entries.flow.async_init("wyoming", context={"source": SOURCE_HASSIO}, data=message(here))
    assert form["step_id"] == "hassio_confirm"
    result = await hass.config_entries.flow.async_configure(form["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == {"host": "127.0.0.1", "port": speech_port}


async def test_our_integration_takes_the_knowledge_service_with_its_token(
    hass: HomeAssistant, house: Any, announced: dict[str, dict[str, Any]], knowledge: KnowledgeServer
) -> None:
    told = announced["voice_rag"]
    assert told["port"] == 10310
    assert told["speech_url"] == f"http://{told['host']}:10301"
    knowledge.token = told["token"]
    here = told | {"host": "127.0.0.1", "port": knowledge.port}
    form = await hass.config_entries.flow.async_init("voice_rag", context={"source": SOURCE_HASSIO}, data=message(here))
    result = await hass.config_entries.flow.async_configure(form["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"]["token"] == told["token"]
    assert result["data"]["speech_url"] == told["speech_url"]

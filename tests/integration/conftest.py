"""A Home Assistant with a small house, and the services around it.

Tests that need a `hass` run where pytest-homeassistant-custom-component is installed; the others run everywhere.
"""

from collections.abc import AsyncGenerator, Callable
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

# Imported before Home Assistant's test configuration comes into the path: it has a `custom_components` of its own.
from custom_components.voice_rag.const import DOMAIN
from tests.fakes.knowledge_server import KnowledgeServer
from tests.fakes.ollama_server import OllamaServer
from tests.fakes.search_server import SearchServer
from tests.fakes.speech_server import SpeechServer

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from tests.fakes.furnished_home import FurnishedHome
    from tests.fakes.lamp import Lamp

HAS_PLUGIN = find_spec("pytest_homeassistant_custom_component") is not None

RUN_ANYWHERE = {
    "test_answerers.py",
    "test_api.py",
    "test_bounded_tool.py",
    "test_chat.py",
    "test_command_grammar.py",
    "test_command_services.py",
    "test_confirmation.py",
    "test_contract.py",
    "test_fence.py",
    "test_figures.py",
    "test_follow_up.py",
    "test_grounding.py",
    "test_ollama.py",
    "test_lectures.py",
    "test_quality.py",
    "test_risk.py",
    "test_translations.py",
    "test_truth.py",
    "test_vocabulary.py",
    "test_words.py",
}

collect_ignore = (
    []
    if HAS_PLUGIN
    else [path.name for path in Path(__file__).parent.glob("test_*.py") if path.name not in RUN_ANYWHERE]
)


@pytest.fixture
async def knowledge() -> AsyncGenerator[KnowledgeServer]:
    """A knowledge service that is up."""
    async with KnowledgeServer() as server:
        yield server


@pytest.fixture
async def ollama() -> AsyncGenerator[OllamaServer]:
    """An Ollama server that is up and has the default model."""
    async with OllamaServer() as server:
        yield server


@pytest.fixture
async def speech() -> AsyncGenerator[SpeechServer]:
    """The side port of a speech server."""
    async with SpeechServer() as server:
        yield server


@pytest.fixture
async def search() -> AsyncGenerator[SearchServer]:
    """A SearXNG server that is up and gives JSON."""
    async with SearchServer() as server:
        yield server


if HAS_PLUGIN:

    @pytest.fixture(autouse=True)
    def _allow_loopback(socket_enabled: None) -> None:
        """The plugin blocks sockets; the fakes here are real servers on loopback."""

    @pytest.fixture(autouse=True)
    def _find_integration(request: pytest.FixtureRequest) -> None:
        if "hass" in request.fixturenames:
            request.getfixturevalue("enable_custom_integrations")

    @pytest.fixture
    async def house(hass: HomeAssistant) -> Lamp:
        """A kitchen on the ground floor with one lamp, exposed to conversations, in English and Russian."""
        from tests.fakes.lamp import async_set_up_house  # noqa: PLC0415

        return await async_set_up_house(hass)

    @pytest.fixture
    def add_entry(hass: HomeAssistant, house: Lamp, knowledge: KnowledgeServer) -> Callable[..., Any]:
        """Return a coroutine function that sets up an entry; its arguments are added to the entry's data."""
        from tests.fakes.lamp import async_add_entry  # noqa: PLC0415

        async def async_add(**data: str) -> MockConfigEntry:
            return await async_add_entry(hass, DOMAIN, {"url": knowledge.url, **data})

        return async_add

    @pytest.fixture
    async def home(hass: HomeAssistant) -> FurnishedHome:
        """Three rooms with a light and a satellite each, and a lock, with Russian names."""
        from tests.fakes.furnished_home import async_furnish  # noqa: PLC0415

        return await async_furnish(hass)

    @pytest.fixture
    def poll(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Callable[[], Any]:
        """Return a coroutine function that lets the next poll happen."""
        from pytest_homeassistant_custom_component.common import async_fire_time_changed  # noqa: PLC0415

        async def async_poll() -> None:
            freezer.tick(timedelta(seconds=31))
            async_fire_time_changed(hass)
            await hass.async_block_till_done(wait_background_tasks=True)

        return async_poll

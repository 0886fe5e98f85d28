"""Home Assistant's Ollama agent and ours, side by side with the same scripted model: python -m bench.agent.

Runs where pytest-homeassistant-custom-component and ollama are installed (the environment of the integration's tests).
Three satellites in three rooms talk for ten turns each, side by side, in a house of 50 and in one of 200 devices.
What an agent sends is compared with what it sent before: Ollama reads again from the first character that differs.
"""

from __future__ import annotations

import asyncio
import json
import logging
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

# Imported before Home Assistant's test configuration comes into the path: it has a `custom_components` of its own.
from custom_components.voice_rag.const import DOMAIN
from tests.fakes.knowledge_server import KnowledgeServer, contract
from tests.fakes.ollama_server import OllamaServer, common_length

if TYPE_CHECKING:
    from collections.abc import Sequence

TURNS = 10
SIZES = (50, 200)
CORE, OURS = AGENTS = ("Home Assistant", "ours")
ROOMS = ("Kitchen", "Living room", "Bedroom", "Hall", "Bathroom", "Office", "Garage", "Nursery")
KINDS = (
    ("light", "light", "on"),
    ("switch", "outlet", "off"),
    ("cover", "blind", "open"),
    ("sensor", "sensor", "21.5"),
)
MODEL = "t-tech/T-lite-it-2.1:q4_K_M"
ANSWER = ["Clouds ", "are ", "water ", "in ", "the ", "air. "]
NUM_CTX = 32_768
"""Large enough for both to list all devices of the larger house."""


@dataclass
class Measured:
    """What was seen of one agent in one house."""

    agent: str
    devices: int
    first_seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    prompts: list[str] = field(default_factory=list)

    def row(self) -> str:
        """Return a line of the table. The first prompt of all is no part of the share: nothing came before it."""
        pairs = list(pairwise(self.prompts))
        again = [len(prompt) - common_length(before, prompt) for before, prompt in pairs]
        length = statistics.mean(map(len, self.prompts))
        share = 1 - sum(again) / sum(len(prompt) for _, prompt in pairs)
        first, cpu = (1000 * statistics.median(times) for times in (self.first_seconds, self.cpu_seconds))
        return (
            f"| {self.devices} | {self.agent} | {length:,.0f} | {share:.1%} | {statistics.mean(again):,.0f} "
            f"| {first:.1f} ms | {cpu:.1f} ms |"
        )


def main(arguments: Sequence[str]) -> None:
    """Print one table; each line comes from a process of its own."""
    if arguments:
        with tempfile.TemporaryDirectory() as folder:
            print(asyncio.run(measure(arguments[0], int(arguments[1]), folder)).row())
        return
    print("| devices | agent | prompt, characters | same as before | read again | first character | CPU per turn |")
    print("|---|---|---|---|---|---|---|")
    for devices in SIZES:
        for agent in AGENTS:
            command = [sys.executable, "-m", "bench.agent", agent, str(devices)]
            print(subprocess.run(command, check=True, capture_output=True, text=True).stdout, end="", flush=True)


async def measure(agent: str, devices: int, folder: str) -> Measured:
    """Run the conversations with one agent, in a Home Assistant whose folder is empty at first."""
    from pytest_homeassistant_custom_component.common import async_test_home_assistant  # noqa: PLC0415

    async with (
        OllamaServer(models=[MODEL], answer=ANSWER) as ollama,
        KnowledgeServer() as knowledge,
        async_test_home_assistant(config_dir=folder) as hass,
    ):
        knowledge.answers.replies["/search"] = contract("search_response") | {"relevant": False, "hits": []}
        satellites = await _furnish(hass, devices)
        entity_id = await (_add_core(hass, ollama) if agent == CORE else _add_ours(hass, ollama, knowledge))
        await hass.async_block_till_done(wait_background_tasks=True)
        measured = Measured(agent, devices)
        # One sentence is not measured: the first one of a process imports and compiles.
        await _say(hass, entity_id, satellites[0], "warm", "Tell me something", Measured("", 0))
        ollama.bodies.clear()
        for turn in range(TURNS):
            for room, satellite in enumerate(satellites):
                await _say(hass, entity_id, satellite, f"talk{room}", f"Tell me about cloud number {turn}", measured)
        measured.prompts = [_prompt(body) for body in ollama.bodies]
        await hass.async_stop(force=True)
    return measured


def _prompt(body: bytes) -> str:
    """Return a request in the order of the templates of Qwen and of what descends from it, such as T-lite."""
    request = json.loads(body)
    system, *messages = request["messages"]
    return json.dumps([system, request.get("tools", []), messages], ensure_ascii=False)


async def _say(hass: Any, agent: str, satellite: str, talk: str, text: str, measured: Measured) -> None:
    from homeassistant.components import conversation  # noqa: PLC0415
    from homeassistant.core import Context  # noqa: PLC0415
    from homeassistant.helpers.chat_session import async_get_chat_session  # noqa: PLC0415

    first: list[float] = []

    def listen(_log: Any, delta: dict[str, Any]) -> None:
        if delta.get("content") and not first:
            first.append(time.perf_counter())

    cpu, start = time.process_time(), time.perf_counter()
    with (
        async_get_chat_session(hass, talk) as session,
        conversation.async_get_chat_log(hass, session, chat_log_delta_listener=listen),
    ):
        await conversation.async_converse(
            hass, text, session.conversation_id, Context(), language="en", agent_id=agent, device_id=satellite
        )
    measured.cpu_seconds.append(time.process_time() - cpu)
    measured.first_seconds.append(first[0] - start)


async def _furnish(hass: Any, devices: int) -> list[str]:
    """Fill the house; returns the satellites in the first three rooms, which can keep timers."""
    from homeassistant.components.homeassistant.exposed_entities import async_expose_entity  # noqa: PLC0415
    from homeassistant.components.intent import async_register_timer_handler  # noqa: PLC0415
    from homeassistant.helpers import area_registry as ar  # noqa: PLC0415
    from homeassistant.helpers import device_registry as dr  # noqa: PLC0415
    from homeassistant.helpers import entity_registry as er  # noqa: PLC0415
    from homeassistant.setup import async_setup_component  # noqa: PLC0415
    from pytest_homeassistant_custom_component.common import MockConfigEntry  # noqa: PLC0415

    for component in ("homeassistant", "conversation", "intent", "light", "switch", "cover", "sensor"):
        assert await async_setup_component(hass, component, {})
    areas = [ar.async_get(hass).async_create(name) for name in ROOMS]
    for number in range(devices):
        domain, word, state = KINDS[number % len(KINDS)]
        area = areas[number // len(KINDS) % len(areas)]
        name = f"{area.name} {word} {number}"
        entry = er.async_get(hass).async_get_or_create(domain, "bench", str(number), original_name=name)
        er.async_get(hass).async_update_entity(entry.entity_id, area_id=area.id)
        hass.states.async_set(entry.entity_id, state, {"friendly_name": name})
        async_expose_entity(hass, "conversation", entry.entity_id, True)
    owner = MockConfigEntry(domain="bench")
    owner.add_to_hass(hass)
    satellites = []
    for area in areas[:3]:
        device = dr.async_get(hass).async_get_or_create(
            config_entry_id=owner.entry_id, identifiers={("bench", area.id)}
        )
        dr.async_get(hass).async_update_device(device.id, area_id=area.id)
        async_register_timer_handler(hass, device.id, lambda *_: None)
        satellites.append(device.id)
    return satellites


async def _add_core(hass: Any, ollama: OllamaServer) -> str:
    from homeassistant.components.ollama.config_flow import OllamaConfigFlow  # noqa: PLC0415
    from pytest_homeassistant_custom_component.common import MockConfigEntry  # noqa: PLC0415

    agent = {"model": MODEL, "llm_hass_api": ["assist"], "num_ctx": NUM_CTX}
    entry = MockConfigEntry(
        domain="ollama",
        data={"url": ollama.url},
        version=OllamaConfigFlow.VERSION,
        minor_version=OllamaConfigFlow.MINOR_VERSION,
        subentries_data=[{"data": agent, "subentry_type": "conversation", "title": "core", "unique_id": None}],
    )
    return await _add(hass, entry)


async def _add_ours(hass: Any, ollama: OllamaServer, knowledge: KnowledgeServer) -> str:
    from homeassistant import loader  # noqa: PLC0415
    from pytest_homeassistant_custom_component.common import MockConfigEntry  # noqa: PLC0415

    hass.data.pop(loader.DATA_CUSTOM_COMPONENTS, None)
    agent = {"ollama_model": MODEL, "num_ctx": NUM_CTX}
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="ours",
        version=2,
        data={"url": knowledge.url, "ollama_url": ollama.url},
        subentries_data=[{"data": agent, "subentry_type": "conversation", "title": "ours", "unique_id": None}],
    )
    return await _add(hass, entry)


async def _add(hass: Any, entry: Any) -> str:
    from homeassistant.helpers import entity_registry as er  # noqa: PLC0415

    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id), entry.reason
    await hass.async_block_till_done()
    entries = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    return next(one.entity_id for one in entries if one.domain == "conversation")


if __name__ == "__main__":
    logging.disable(logging.ERROR)
    main(sys.argv[1:])

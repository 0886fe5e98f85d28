"""The whole house: its servers running, Home Assistant furnished, the satellite connected."""

from __future__ import annotations

import secrets
import time
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import ClientSession

from demo import furnishing, servers
from demo.folders import HouseFolders, clear, write_private
from demo.homeassistant import Owner, create_owner
from demo.knowledge import Knowledge
from demo.ollama import reason_not_to_use
from demo.ports import free_ports, is_free, require_free
from demo.processes import running
from demo.satellite import open_satellite
from demo.settings import HOME_ASSISTANT_PORT, REPOSITORY

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from demo.furnishing import Voice
    from demo.homeassistant import HomeAssistant
    from demo.processes import ChildProcess, Probe
    from demo.satellite import VirtualSatellite
    from demo.servers import Addresses
    from demo.settings import Settings

    Tell = Callable[[str], None]

SAMPLES = REPOSITORY / "demo" / "knowledge"
DROPPED = REPOSITORY / "demo" / "dropped"
"""Documents that are put into the knowledge folder while the house runs."""
SATELLITE_NAME = "Demo satellite"
START_SECONDS = 300.0
"""A busy small machine takes most of it for Home Assistant; a server that ends is noticed at once."""
LECTURES_SECONDS = 180.0
VOCABULARY_SECONDS = 180.0
EXTRACTIVE = "no language model: answers are sentences taken from the documents"


@dataclass(frozen=True, slots=True)
class House:
    """A running house and everything that is asked of it."""

    folders: HouseFolders
    addresses: Addresses
    owner: Owner
    home: HomeAssistant
    knowledge: Knowledge
    satellite: VirtualSatellite
    agent_id: str
    russian_voice: Voice
    answerer: str
    """Who makes up the answers, for a person to read."""
    uses_model: bool
    """Whether a language model does."""
    processes: tuple[ChildProcess, ...]

    def require_running(self) -> None:
        """Raise ProcessFailedError if one of the servers has ended."""
        for process in self.processes:
            process.require_running()


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is decided before anything is started."""

    settings: Settings
    folders: HouseFolders
    addresses: Addresses
    owner: Owner
    token: str
    """Of the servers; the integration has it from its config flow."""
    tell: Tell


@asynccontextmanager
async def open_house(settings: Settings, tell: Tell) -> AsyncIterator[House]:
    """Build a house from nothing and tear it down at the end, however that comes.

    The caller holds the folder (`folders.occupy`). Raises: DemoError.
    """
    plan = _Plan(
        settings,
        HouseFolders(settings.folder),
        choose_addresses(settings),
        Owner("demo", secrets.token_urlsafe(9)),
        token=secrets.token_urlsafe(24),
        tell=tell,
    )
    _lay_out(plan)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(ClientSession())
        processes = await _start_servers(stack, session, plan)
        satellite = await stack.enter_async_context(open_satellite(SATELLITE_NAME, area="Living room"))
        home = await create_owner(session, plan.addresses.home_assistant_url, plan.owner, "en")
        await stack.enter_async_context(aclosing(home))
        yield await _furnish(plan, session, home, satellite, processes)
        tell("Stopping the house")


def choose_addresses(settings: Settings) -> Addresses:
    """Return where the servers will listen: free ports, except where a person asked for one.

    Raises: PortInUseError.
    """
    home_assistant, speech, side, knowledge = free_ports(4)
    if settings.port is not None:
        home_assistant = require_free(settings.port, "--port")
    elif settings.keep and is_free(HOME_ASSISTANT_PORT):
        home_assistant = HOME_ASSISTANT_PORT
    return servers.Addresses(home_assistant, speech, side, knowledge)


def _lay_out(plan: _Plan) -> None:
    rescued = clear(plan.folders, SAMPLES, DROPPED)
    if rescued is not None:
        plan.tell(f"Somebody changed the documents of an earlier run; they are kept in {rescued}")
    servers.write_home_assistant_configuration(plan.folders.ha, plan.addresses.home_assistant)
    login = f"{plan.addresses.home_assistant_url}\nuser: {plan.owner.username}\npassword: {plan.owner.password}\n"
    write_private(plan.folders.login, login)


async def _start_servers(stack: AsyncExitStack, session: ClientSession, plan: _Plan) -> tuple[ChildProcess, ...]:
    """Start the three servers side by side and wait for each."""
    addresses = plan.addresses
    started = time.monotonic()
    processes = tuple(
        [
            await stack.enter_async_context(running(command))
            for command in (
                servers.speech_command(plan.folders, addresses, plan.token),
                servers.knowledge_command(plan.folders, addresses, plan.token),
                servers.home_assistant_command(plan.folders, addresses, plan.settings.hass),
            )
        ]
    )
    probes: tuple[Probe, ...] = (
        lambda: servers.is_healthy(session, addresses.speech_side_url),
        lambda: servers.is_healthy(session, addresses.knowledge_url),
        lambda: servers.home_assistant_answers(session, addresses.home_assistant_url),
    )
    for process, probe in zip(processes, probes, strict=True):
        await process.wait_until(probe, START_SECONDS)
        plan.tell(f"{process.command.name} is ready, {time.monotonic() - started:.1f} s after the start")
    return processes


async def _furnish(
    plan: _Plan,
    session: ClientSession,
    home: HomeAssistant,
    satellite: VirtualSatellite,
    processes: tuple[ChildProcess, ...],
) -> House:
    """Add integrations, rooms, an assistant and the satellite, as a person does in a new Home Assistant."""
    addresses = plan.addresses
    knowledge = Knowledge(session, addresses.knowledge_url, plan.token)
    await processes[1].wait_until(knowledge.has_read_lectures, LECTURES_SECONDS, "find the terms of the lectures")
    speech = await furnishing.add_wyoming(home, addresses.speech)
    await furnishing.arrange_rooms(home)
    answers, answerer = await _agent_settings(session, plan)
    agent_id = await furnishing.add_voice_rag(home, answers)
    await furnishing.create_assistant(home, agent_id, speech, await furnishing.find_voice(home, speech["tts"], "en"))
    await furnishing.add_wyoming(home, satellite.port)
    await satellite.wait_until_connected()
    # The speech server recognises the words that it was told, and the integration tells them after its set-up.
    await processes[0].wait_until(
        lambda: servers.knows_vocabulary(session, addresses.speech_side_url),
        VOCABULARY_SECONDS,
        "learn the names of the house from the integration",
    )
    plan.tell(f"The house is furnished and listens; {answerer}")
    return House(
        folders=plan.folders,
        addresses=addresses,
        owner=plan.owner,
        home=home,
        knowledge=knowledge,
        satellite=satellite,
        agent_id=agent_id,
        russian_voice=await furnishing.find_voice(home, speech["tts"], "ru"),
        answerer=answerer,
        uses_model="ollama_url" in answers,
        processes=processes,
    )


async def _agent_settings(session: ClientSession, plan: _Plan) -> tuple[dict[str, Any], str]:
    """Return what the integration's config flow asks for, and who will answer, in words."""
    answers: dict[str, Any] = {
        "url": plan.addresses.knowledge_url,
        "token": plan.token,
        "speech_url": plan.addresses.speech_side_url,
        # The house makes its own below: with English ears and voice, whatever Home Assistant's language.
        "create_assistant": False,
    }
    url, model = plan.settings.ollama_url, plan.settings.ollama_model
    if url is None:
        return answers, EXTRACTIVE
    problem = await reason_not_to_use(session, url, model)
    if problem is not None:
        return answers, f"{problem}. So {EXTRACTIVE}"
    return {**answers, "ollama_url": url, "ollama_model": model}, f"answers by {model} through Ollama at {url}"

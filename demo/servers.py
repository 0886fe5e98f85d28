"""The three programs of the house: how each is started and how one sees that it is ready."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from demo.errors import UnhealthyError
from demo.ports import LOOPBACK
from demo.processes import Command
from demo.settings import REPOSITORY, ffmpeg

if TYPE_CHECKING:
    from pathlib import Path

    from demo.folders import HouseFolders

CONFIGURATION = REPOSITORY / "demo" / "home" / "configuration.yaml"
INTEGRATION = REPOSITORY / "custom_components" / "voice_rag"
MARKETPLACE_TURNED_OFF = {
    "entry_id": "marketplace",
    "domain": "marketplace",
    "title": "Marketplace",
    "source": "system",
    "version": 1,
    "data": {},
    "disabled_by": "user",
}
FAILED = ("failed", "degraded")
"""What a server says of itself when a part of it will not work until something is changed."""
PROBE_TIMEOUT = ClientTimeout(total=20)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the servers of one house listen, all on the loopback address."""

    home_assistant: int
    speech: int
    speech_side: int
    """Health, metrics and the vocabulary."""
    knowledge: int

    @property
    def home_assistant_url(self) -> str:
        """Home Assistant's address for people and programs."""
        return f"http://{LOOPBACK}:{self.home_assistant}"

    @property
    def speech_side_url(self) -> str:
        """The speech server's side port."""
        return f"http://{LOOPBACK}:{self.speech_side}"

    @property
    def knowledge_url(self) -> str:
        """The knowledge service."""
        return f"http://{LOOPBACK}:{self.knowledge}"


def speech_command(folders: HouseFolders, addresses: Addresses, token: str) -> Command:
    """Return the Wyoming server for the wake word, recognition and voices."""
    return _voice_rag(
        "The speech server",
        folders.logs / "speech.log",
        "speech",
        *("--host", LOOPBACK, "--port", str(addresses.speech), "--side-port", str(addresses.speech_side)),
        *("--data", str(folders.data / "speech")),
        token=token,
    )


def knowledge_command(folders: HouseFolders, addresses: Addresses, token: str) -> Command:
    """Return the service that answers from the knowledge folder."""
    return _voice_rag(
        "The knowledge service",
        folders.logs / "knowledge.log",
        *("knowledge", "serve", "--folder", str(folders.knowledge), "--data", str(folders.data / "knowledge")),
        *("--host", LOOPBACK, "--port", str(addresses.knowledge)),
        token=token,
    )


def home_assistant_command(folders: HouseFolders, addresses: Addresses, hass: Path) -> Command:
    """Return Home Assistant on the house's own configuration."""
    return Command(
        name="Home Assistant",
        argv=(str(hass), "--config", str(folders.ha), "--skip-pip", "--log-no-color"),
        log=folders.logs / "home-assistant.log",
        folder=folders.ha,
        environment={"HOUSE_URL": addresses.home_assistant_url, "HOUSE_FFMPEG": ffmpeg()},
    )


def write_home_assistant_configuration(folder: Path, port: int) -> None:
    """Lay out a configuration folder in which Home Assistant starts on the loopback address with no owner yet.

    The stored settings are in their oldest formats, which every release brings up to its own.
    """
    storage = folder / ".storage"
    storage.mkdir()
    (folder / "configuration.yaml").write_bytes(CONFIGURATION.read_bytes())
    (folder / "custom_components").mkdir()
    (folder / "custom_components" / INTEGRATION.name).symlink_to(INTEGRATION)
    # The address as a confirmed setting: from YAML it would be a trial that Home Assistant takes back after 5 minutes.
    _store(storage, "http", 1, {"server_host": [LOOPBACK], "server_port": port})
    # These onboarding steps set up weather and radio, which call out of the house. The owner is made for real.
    _store(storage, "onboarding", 4, {"done": ["core_config", "analytics", "integration"]})
    # Home Assistant 2026.11 fetches the marketplace's catalogue at every start, unless somebody has turned it off.
    _store(storage, "core.config_entries", 1, {"entries": [MARKETPLACE_TURNED_OFF]})


async def home_assistant_answers(session: ClientSession, url: str) -> bool:
    """Say whether Home Assistant is up far enough to get its owner."""
    return isinstance(await _get(session, f"{url}/api/onboarding"), list)


async def is_healthy(session: ClientSession, url: str) -> bool:
    """Say whether one of our servers has loaded everything it needs.

    Raises: UnhealthyError when it has given up on a part.
    """
    health = await _health(session, url)
    if health.get("status") in FAILED:
        raise UnhealthyError(health.get("service", url), health)
    return health.get("status") == "ok"


async def knows_vocabulary(session: ClientSession, url: str) -> bool:
    """Say whether the integration has told the speech server the names in the house and the topics of its documents."""
    vocabulary = (await _health(session, url)).get("services", {}).get("stt", {}).get("vocabulary", {})
    return all(vocabulary.get(kind) for kind in ("names", "topics", "titles"))


async def _health(session: ClientSession, url: str) -> dict[str, Any]:
    """Return what a server says of itself; nothing while it does not answer."""
    health = await _get(session, f"{url}/health")
    return health if isinstance(health, dict) else {}


async def _get(session: ClientSession, url: str) -> Any:
    """Return the JSON at an address, or None while nobody answers there."""
    try:
        async with session.get(url, timeout=PROBE_TIMEOUT) as response:
            return await response.json()
    except (ClientError, TimeoutError, ValueError):
        return None


def _voice_rag(name: str, log: Path, *arguments: str, token: str) -> Command:
    return Command(
        name=name,
        argv=(sys.executable, "-m", "voice_rag", *arguments),
        log=log,
        folder=REPOSITORY,
        # The token travels in the environment, where other users of the machine do not see it.
        environment={"PYTHONUNBUFFERED": "1", "VOICE_RAG_TOKEN": token},
    )


def _store(storage: Path, key: str, version: int, data: dict[str, Any]) -> None:
    content = {"version": version, "minor_version": 1, "key": key, "data": data}
    (storage / key).write_text(json.dumps(content), encoding="utf-8")

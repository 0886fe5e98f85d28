"""The turn detection server: one service on a port of its own. Nothing announces it on the network."""

import asyncio
import logging
from dataclasses import dataclass, field

from wyoming_servers.runtime.engines import import_engine
from wyoming_servers.runtime.errors import StartError
from wyoming_servers.runtime.server import WyomingServer
from wyoming_servers.runtime.settings import RuntimeSettings

from .engine import DEFAULT_ENGINE, TurnOptions
from .judging import Judging
from .service import TurnService

_LOGGER = logging.getLogger(__name__)
ENGINES = "wyoming_servers.turn.engines"


@dataclass(frozen=True, slots=True)
class TurnServerSettings:
    """Which engine runs, and where it listens."""

    runtime: RuntimeSettings = field(
        default_factory=lambda: RuntimeSettings(service="voice-rag-turn", port=10320, side_port=10321)
    )
    engine: str = DEFAULT_ENGINE
    options: TurnOptions = field(default_factory=TurnOptions)


def build_server(settings: TurnServerSettings) -> WyomingServer:
    """Return the server. Raises: StartError for an engine that can't be used."""
    engine = import_engine(ENGINES, settings.engine)
    judging = Judging(settings.engine, lambda: engine.load(settings.options))
    return WyomingServer([TurnService(judging, settings.options.vocabulary)], settings.runtime)


def run(settings: TurnServerSettings) -> int:
    """Serve until SIGTERM; return the process's exit code."""
    try:
        asyncio.run(build_server(settings).run())
    except StartError as err:
        _LOGGER.error("%s", err)  # noqa: TRY400 (the message is for people and complete)
        return 1
    return 0

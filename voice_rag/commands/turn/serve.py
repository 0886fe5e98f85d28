"""`voice-rag turn serve`: a turn detector for other programs, by Wyoming and by HTTP."""

import argparse
import os

from voice_rag.commands.common import Subparsers, fail, port
from wyoming_servers.runtime.errors import StartError
from wyoming_servers.runtime.settings import RuntimeSettings
from wyoming_servers.turn import server
from wyoming_servers.turn.server import TurnServerSettings

from .options import add_house_options, add_turn_options, turn_options

_RUNTIME = TurnServerSettings().runtime


def add_to(actions: Subparsers) -> None:
    """Add the action to the command line."""
    parser = actions.add_parser("serve", help="run the turn detection server", description=__doc__)
    listening = parser.add_argument_group("listening")
    listening.add_argument("--host", default=_RUNTIME.host, help="address of the Wyoming port (%(default)s)")
    listening.add_argument("--port", type=port, default=_RUNTIME.port, help="Wyoming port (%(default)s)")
    listening.add_argument("--side-host", default=_RUNTIME.side_host, help="address of the side port (%(default)s)")
    listening.add_argument("--side-port", type=port, default=_RUNTIME.side_port, help="POST /infer (%(default)s)")
    listening.add_argument("--token", help="for the side port; better in the environment as VOICE_RAG_TOKEN")
    add_turn_options(parser, prefix="")
    add_house_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Serve until stopped."""
    try:
        runtime = RuntimeSettings(
            service=_RUNTIME.service,
            host=options.host,
            port=options.port,
            side_host=options.side_host,
            side_port=options.side_port,
            token=options.token or os.environ.get("VOICE_RAG_TOKEN") or None,
        )
    except StartError as err:
        return fail(str(err))
    return server.run(TurnServerSettings(runtime, options.turn_engine, turn_options(options)))

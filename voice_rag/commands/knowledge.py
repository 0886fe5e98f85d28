"""`voice-rag knowledge serve`: the index of the household's documents and films, as a service."""

import argparse
import os
from pathlib import Path

from .common import Subparsers, fail


def add_to(commands: Subparsers) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("knowledge", help="the index of documents and films")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    serve = actions.add_parser("serve", help="keep the index up to date and answer from it", description=__doc__)
    serve.add_argument("--folder", type=Path, required=True, help="the household's files; only read")
    serve.add_argument("--data", type=Path, required=True, help="where the catalogue and the index are kept")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    serve.add_argument("--port", type=int, help="port to listen on (default: the service's own)")
    serve.add_argument("--token", help="asked of every client; better in the environment as VOICE_RAG_TOKEN")
    serve.add_argument("--no-announce", action="store_true", help="don't tell the local network by zeroconf")
    serve.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Serve until stopped."""
    try:  # not above: a machine that has the speech server's packages need not have these
        from knowledge.service.app import run as run_service  # noqa: PLC0415
        from knowledge.settings import DEFAULT_PORT, KnowledgeSettings, ServiceSettings  # noqa: PLC0415
    except ImportError as err:
        return fail(f"A package is missing ({err}). Install voice-rag[knowledge].")
    return run_service(
        ServiceSettings(
            knowledge=KnowledgeSettings(folder=options.folder, data=options.data),
            host=options.host,
            port=DEFAULT_PORT if options.port is None else options.port,
            token=options.token or os.environ.get("VOICE_RAG_TOKEN") or None,
            announce=not options.no_announce,
        )
    )

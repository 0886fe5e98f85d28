"""`voice-rag knowledge`: the household's documents and films, at a running service or directly in their folder."""

from typing import TYPE_CHECKING

from voice_rag.commands.common import Subparsers

from . import add, ask, evaluate, files, serve

if TYPE_CHECKING:
    import argparse

ACTIONS = (serve, add, files, ask, evaluate)


def add_to(commands: Subparsers) -> None:
    """Add the command to the command line."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "knowledge", help="the index of documents and films", description=__doc__
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    for action in ACTIONS:
        action.add_to(actions)

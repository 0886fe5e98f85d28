"""`voice-rag lecture`: recordings that are transcribed, what was made of them, and files for other programs."""

from typing import TYPE_CHECKING

from voice_rag.commands.common import Subparsers

from . import add, export, jobs, remove, show

if TYPE_CHECKING:
    import argparse

ACTIONS = (add, show, export, jobs, remove)


def add_to(commands: Subparsers) -> None:
    """Add the command to the command line."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "lecture", help="recordings, their transcripts and what is made of them", description=__doc__
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    for action in ACTIONS:
        action.add_to(actions)

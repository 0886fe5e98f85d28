"""`voice-rag wake ACTION`: wake words of your own. One file for each action."""

from voice_rag.commands.common import Subparsers

from . import enroll, test, words


def add_to(commands: Subparsers) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("wake", help="wake words of your own", description=__doc__)
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    for action in (enroll, test, words):
        action.add_to(actions)

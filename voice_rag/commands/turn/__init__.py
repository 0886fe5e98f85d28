"""`voice-rag turn ACTION`: when the speaker has finished. One file for each action."""

from voice_rag.commands.common import Subparsers

from . import export, infer, serve, train


def add_to(commands: Subparsers) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("turn", help="turn detection: when to answer and when to wait", description=__doc__)
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    for action in (serve, infer, train, export):
        action.add_to(actions)

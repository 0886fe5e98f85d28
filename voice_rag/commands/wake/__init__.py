"""`voice-rag wake ACTION`: wake words of your own, and whose voice they obey. One file for each action."""

from voice_rag.commands.common import Subparsers

from . import enroll, speakers, test, words


def add_to(commands: Subparsers) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("wake", help="wake words of your own, and whose voice they obey", description=__doc__)
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    for action in (enroll, test, words, speakers):
        action.add_to(actions)

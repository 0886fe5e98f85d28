"""`voice-rag knowledge`: the index of the household's documents and films."""

from .common import Subparsers


def add_to(commands: Subparsers) -> None:
    """Add the command to the command line."""

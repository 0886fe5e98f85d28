"""`voice-rag wake list` and `voice-rag wake remove NAME`."""

import argparse

from rich.console import Console
from rich.table import Table
from rich.text import Text

from voice_rag.commands.common import Subparsers, fail
from wyoming_servers.runtime.engines import needing_extra
from wyoming_servers.runtime.errors import StartError

from .folder import add_folder, remove


def add_to(actions: Subparsers) -> None:
    """Add the actions to the command line."""
    listing = actions.add_parser("list", help="show the words that were made", description="Show the words.")
    add_folder(listing)
    listing.set_defaults(run=run_list)
    removing = actions.add_parser("remove", help="remove a word", description="Remove a word.")
    removing.add_argument("name", help="as the list shows it")
    add_folder(removing)
    removing.set_defaults(run=run_remove)


def run_list(options: argparse.Namespace) -> int:
    """Print a table."""
    try:
        with needing_extra("wake"):
            from wyoming_servers.wake.enrolment import store  # noqa: PLC0415 (numpy alone, but of the extra's package)
    except StartError as err:
        return fail(str(err))
    table = Table("name", "phrase", "language", "made", "recordings", "voices", "heard", "false alarms")
    for path, word in store.listed(options.words).items():
        if isinstance(word, str):
            table.add_row(path.stem, Text(word, "red"))
            continue
        facts = word.facts
        alarms = f"{facts['false_accepts']} in {facts['minutes_without_word']:.0f} min"
        made = (facts["made"], f"{facts['recordings']}", f"{facts['voices']}", f"{100 * facts['heard']:.0f} %", alarms)
        table.add_row(path.stem, word.phrase, word.language, *made)
    Console().print(table if table.row_count else f"No words in {options.words}.")
    return 0


def run_remove(options: argparse.Namespace) -> int:
    """Remove the word."""
    return remove(lambda store: store.path_of(options.words, options.name))

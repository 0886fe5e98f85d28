"""What the actions on the folder of the household's words share."""

import argparse
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from rich.console import Console

from voice_rag.commands.common import fail
from wyoming_servers.runtime.engines import needing_extra
from wyoming_servers.runtime.errors import StartError
from wyoming_servers.wake.enrolment.errors import EnrolmentError
from wyoming_servers.wake.settings import default_words_folder


def add_folder(parser: argparse.ArgumentParser) -> None:
    """Add the folder of the household's words."""
    parser.add_argument(
        "--words",
        type=Path,
        metavar="FOLDER",
        default=default_words_folder(),
        help="where words are kept; the server's --wake-words (%(default)s)",
    )


def remove(path_in: Callable[[ModuleType], Path]) -> int:
    """Remove the file that `path_in` names, given the module `store`; say so and return the exit code."""
    try:
        with needing_extra("wake"):
            from wyoming_servers.wake.enrolment import store  # noqa: PLC0415 (numpy takes its time)
        path = path_in(store)
        store.remove(path)
    except (EnrolmentError, StartError) as err:
        return fail(str(err))
    Console().print(f"Removed {path}.")
    return 0

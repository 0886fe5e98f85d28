"""The option that all actions share."""

import argparse
from pathlib import Path

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

"""`voice-rag COMMAND`: see `voice-rag --help`."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence

from .commands import knowledge, lecture, say, speech, transcribe, turn, up, wake

_LOG_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


def build_parser() -> argparse.ArgumentParser:
    """Return the command line with all its commands."""
    parser = argparse.ArgumentParser(prog="voice-rag", description="A private voice assistant for Home Assistant.")
    parser.add_argument("--debug", action="store_true", help="log everything that happens")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (speech, transcribe, say, turn, wake, knowledge, lecture, up):
        command.add_to(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    options = build_parser().parse_args(arguments)
    logging.basicConfig(level=logging.DEBUG if options.debug else logging.INFO, format=_LOG_FORMAT, stream=sys.stderr)
    exit_code: int = options.run(options)
    return exit_code


if __name__ == "__main__":
    # Glibc keeps an arena for each thread otherwise, and the servers' memory with it.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    sys.exit(main())

"""What the commands share."""

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 (argparse names it nowhere else)
else:
    Subparsers = argparse.Action


def port(text: str) -> int:
    """Return the number of a port; 0 is any free one. Raises: argparse.ArgumentTypeError."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port: 1 to 65535")
    return int(text)


def fail(message: str) -> int:
    """Print why nothing was started and return the exit code for it."""
    print(f"voice-rag: {message}", file=sys.stderr)  # noqa: T201 (the command line's own answer)
    return 1

"""What the actions are told about where the knowledge is."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from voice_rag.commands.common import Subparsers, fail

if TYPE_CHECKING:
    from .desk import Desk

FOLDER_VARIABLE = "VOICE_RAG_KNOWLEDGE_FOLDER"
DATA_VARIABLE = "VOICE_RAG_KNOWLEDGE_DATA"
URL_VARIABLE = "VOICE_RAG_KNOWLEDGE_URL"
TOKEN_VARIABLE = "VOICE_RAG_TOKEN"  # noqa: S105

_WHERE = f"""
The knowledge is at the service of --url ({URL_VARIABLE}); otherwise at the one that works with --data
({DATA_VARIABLE}), whose token is there as well; and when none runs, the files of --folder
({FOLDER_VARIABLE}) are read directly.
"""


def add_folders(parser: argparse.ArgumentParser, *, are_required: bool = False) -> None:
    """Add the options that say where files and index are; each has its variable in the environment."""
    for name, variable, what in (
        ("--folder", FOLDER_VARIABLE, "the household's files"),
        ("--data", DATA_VARIABLE, "where the catalogue and the index are kept"),
    ):
        given = _path(variable)
        parser.add_argument(name, type=Path, default=given, required=are_required and given is None, help=what)
    parser.add_argument("--token", help=f"better in the environment as {TOKEN_VARIABLE}")


def add_action(
    actions: Subparsers, name: str, summary: str, run: Callable[["Desk", argparse.Namespace], int]
) -> argparse.ArgumentParser:
    """Add an action that works at a desk and return its parser."""
    parser: argparse.ArgumentParser = actions.add_parser(
        name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.", epilog=_WHERE
    )
    add_folders(parser)
    parser.add_argument("--url", default=os.environ.get(URL_VARIABLE), help="the address of a running service")
    parser.add_argument("--json", action="store_true", help="print JSON, as the service answers")
    parser.set_defaults(run=lambda options: _at_desk(run, options))
    return parser


def token(options: argparse.Namespace) -> str | None:
    """Return the token that was given."""
    return options.token or os.environ.get(TOKEN_VARIABLE) or None


def _at_desk(run: Callable[["Desk", argparse.Namespace], int], options: argparse.Namespace) -> int:
    try:  # not above: a machine that has the speech server's packages need not have these
        from knowledge.errors import KnowledgeError  # noqa: PLC0415

        from .desk import opened  # noqa: PLC0415
    except ImportError as err:
        return fail(f"A package is missing ({err}). Install voice-rag[knowledge].")
    try:
        with opened(options) as desk:
            return run(desk, options)
    except KnowledgeError as err:
        return fail(str(err))


def _path(variable: str) -> Path | None:
    value = os.environ.get(variable)
    return Path(value) if value else None

"""`voice-rag knowledge list | remove | reindex`: the files and how far they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .options import add_action

if TYPE_CHECKING:
    import argparse

    from voice_rag.commands.common import Subparsers

    from .desk import Desk

_STATUSES = ("indexed", "failed", "duplicate")


def add_to(actions: Subparsers) -> None:
    """Add the actions to the command line."""
    listing = add_action(actions, "list", "list the files with their status", run_list)
    listing.add_argument("--status", choices=_STATUSES, help="only those")
    listing.add_argument("--collection", help="only this one")
    removal = add_action(actions, "remove", "delete files that were added", run_remove)
    removal.add_argument("paths", nargs="+", metavar="PATH", help="as `list` shows it")
    reindex = add_action(actions, "reindex", "look through the folder again, also at what failed", run_reindex)
    reindex.add_argument("paths", nargs="*", metavar="PATH", help="read these anew")


def run_list(desk: Desk, options: argparse.Namespace) -> int:
    """List the files."""
    from . import output  # noqa: PLC0415  needs the knowledge package

    records = [
        record
        for record in desk.documents()["documents"]
        if options.status in (None, record["status"]) and options.collection in (None, record["collection"])
    ]
    if options.json:
        output.as_json({"documents": records})
    else:
        output.documents(records)
    return 0


def run_remove(desk: Desk, options: argparse.Namespace) -> int:
    """Delete files."""
    from . import output  # noqa: PLC0415  needs the knowledge package

    for path in options.paths:
        desk.remove(path)
    if options.json:
        output.as_json({"removed": options.paths})
    else:
        output.say(f"Deleted: {', '.join(options.paths)}")
    return 0


def run_reindex(desk: Desk, options: argparse.Namespace) -> int:
    """Look through the folder, or read files anew."""
    from . import output  # noqa: PLC0415  needs the knowledge package

    for path in options.paths or [None]:
        desk.reindex(path)
    if options.json:
        output.as_json({"status": "accepted"})
    else:
        output.say("The files are being read again." if options.paths else "The folder is being looked through.")
    return 0

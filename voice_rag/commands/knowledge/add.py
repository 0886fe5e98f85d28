"""`voice-rag knowledge add`: copy files into the folder and read them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from voice_rag.commands.common import Subparsers, fail

from .options import add_action

if TYPE_CHECKING:
    import argparse

    from .desk import Desk


def add_to(actions: Subparsers) -> None:
    """Add the action to the command line."""
    parser = add_action(actions, "add", "copy files into the folder and read them", run)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--kind", choices=("document", "film", "lecture"), default="document")
    parser.add_argument("--collection", default="", help="a folder inside that of the kind, for example Dacha/Pumps")


def run(desk: Desk, options: argparse.Namespace) -> int:
    """Add the files; the exit code is 1 if any could not be read."""
    from . import output  # noqa: PLC0415  needs the knowledge package

    if missing := [file for file in options.files if not file.is_file()]:
        return fail(f"There is no file {missing[0]}.")
    records = []
    for file in options.files:
        with output.sending(file.name, file.stat().st_size) as on_bytes:
            records.append(desk.add(file, options.kind, options.collection, on_bytes))
    if options.json:
        output.as_json({"documents": records})
    else:
        output.documents(records)
    return int(any(record["status"] == "failed" for record in records))

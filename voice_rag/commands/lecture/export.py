"""`voice-rag lecture export`: a lecture as a file for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from voice_rag.commands.common import fail
from voice_rag.commands.knowledge.options import add_action

from .show import LECTURE_HELP

if TYPE_CHECKING:
    import argparse

    from voice_rag.commands.common import Subparsers
    from voice_rag.commands.knowledge.desk import Desk

FORMATS = ("md", "docx", "srt", "vtt", "json", "anki")


def add_to(actions: Subparsers) -> None:
    """Add the action to the command line."""
    parser = add_action(actions, "export", "write a lecture as a file for other programs", run)
    parser.add_argument("lecture", help=LECTURE_HELP)
    parser.add_argument("--format", choices=FORMATS, help="default: the ending of --output, or md")
    parser.add_argument(
        "--output", type=Path, default=Path(), help="a file, or a folder (default: the present one, under the title)"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace a file that is there already")


def run(desk: Desk, options: argparse.Namespace) -> int:
    """Write the file and say where it is."""
    from voice_rag.commands.knowledge import output  # noqa: PLC0415  needs the knowledge package

    from .naming import named  # noqa: PLC0415

    id_ = named(desk.lectures, options.lecture)
    is_folder = options.output.is_dir()
    ending = options.output.suffix.removeprefix(".")
    name, content = desk.lectures.export(id_, options.format or (ending if ending in FORMATS else "md"))
    path: Path = options.output / name if is_folder else options.output
    try:
        with path.open("wb" if options.overwrite else "xb") as stream:
            stream.write(content)
    except FileExistsError:
        return fail(f"{path} is there already. Choose another --output, or add --overwrite.")
    except OSError as err:
        return fail(f"{path} cannot be written: {err.strerror}.")
    if options.json:
        output.as_json({"path": str(path)})
    else:
        output.say(str(path))
    return 0

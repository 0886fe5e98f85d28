"""`voice-rag lecture list | show`: which lectures there are, and what one was about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_rag.commands.knowledge import lecture_options
from voice_rag.commands.knowledge.options import add_action

if TYPE_CHECKING:
    import argparse

    from voice_rag.commands.common import Subparsers
    from voice_rag.commands.knowledge.desk import Desk

LECTURE_HELP = "the id, the title or words of it, as `list` shows them"


def add_to(actions: Subparsers) -> None:
    """Add the actions to the command line."""
    add_action(actions, "list", "list the lectures, the newest first", run_list)
    parser = add_action(actions, "show", "show summary, chapters and glossary of a lecture", run_show)
    parser.add_argument("lecture", help=LECTURE_HELP)
    lecture_options.add_options(parser)
    parser.add_argument("--template", help="write the summary anew by this template first")
    parser.add_argument("--transcript", action="store_true", help="show all that was said as well")


def run_list(desk: Desk, options: argparse.Namespace) -> int:
    """List the lectures."""
    from voice_rag.commands.knowledge import output  # noqa: PLC0415  needs the knowledge package

    from . import tables  # noqa: PLC0415

    found = desk.lectures.all()
    if options.json:
        output.as_json(found)
    elif found["lectures"]:
        tables.lectures(found["lectures"])
    else:
        output.say("There are no lectures. Add one: voice-rag lecture add FILE")
    return 0


def run_show(desk: Desk, options: argparse.Namespace) -> int:
    """Show one lecture."""
    from voice_rag.commands.knowledge import output  # noqa: PLC0415  needs the knowledge package

    from . import tables, waiting  # noqa: PLC0415
    from .naming import named  # noqa: PLC0415

    id_ = named(desk.lectures, options.lecture)
    if options.template:
        desk.lectures.write(id_, options.template)
        waiting.finished(desk.lectures, id_)
    whole = desk.lectures.one(id_)
    if options.json:
        output.as_json(whole)
    else:
        tables.lecture(whole, has_transcript=options.transcript)
    return 0

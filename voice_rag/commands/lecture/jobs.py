"""`voice-rag lecture pause | resume | cancel | retry`: the work on a lecture."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from voice_rag.commands.knowledge.options import add_action

from .show import LECTURE_HELP

if TYPE_CHECKING:
    import argparse

    from voice_rag.commands.common import Subparsers
    from voice_rag.commands.knowledge.desk import Desk

ACTIONS = {
    "pause": "stop working on a lecture for now",
    "resume": "go on with a lecture that was paused or cancelled",
    "cancel": "give a lecture up; what is transcribed stays",
    "retry": "try a failed lecture again, or transcribe a recording whose transcript's file is gone",
}


def add_to(actions: Subparsers) -> None:
    """Add the actions to the command line."""
    for name, summary in ACTIONS.items():
        parser = add_action(actions, name, summary, partial(_run, name))
        parser.add_argument("lecture", help=LECTURE_HELP)


def _run(action: str, desk: Desk, options: argparse.Namespace) -> int:
    from voice_rag.commands.knowledge import output  # noqa: PLC0415  needs the knowledge package

    from . import tables  # noqa: PLC0415
    from .naming import named  # noqa: PLC0415

    changed = desk.lectures.act(named(desk.lectures, options.lecture), action)
    if options.json:
        output.as_json(changed)
    else:
        tables.lectures([changed["lecture"]])
    return 0

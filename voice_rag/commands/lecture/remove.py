"""`voice-rag lecture remove`: a lecture that was added, with all that was made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_rag.commands.knowledge.options import add_action

from .show import LECTURE_HELP

if TYPE_CHECKING:
    import argparse

    from voice_rag.commands.common import Subparsers
    from voice_rag.commands.knowledge.desk import Desk


def add_to(actions: Subparsers) -> None:
    """Add the action to the command line."""
    parser = add_action(actions, "remove", "delete a lecture that was added, with its transcript", _run)
    parser.add_argument("lecture", help=LECTURE_HELP)


def _run(desk: Desk, options: argparse.Namespace) -> int:
    from knowledge.errors import KnowledgeError  # noqa: PLC0415  needs the knowledge package
    from knowledge.files.uploads import is_removable  # noqa: PLC0415
    from voice_rag.commands.knowledge import output  # noqa: PLC0415

    from .naming import named  # noqa: PLC0415

    id_ = named(desk.lectures, options.lecture)
    lecture = desk.lectures.one(id_)["lecture"]
    path: str = lecture["path"]
    if not is_removable(path):
        raise KnowledgeError(
            f"{path} is the household's own file: delete it in the knowledge folder. The lecture is forgotten then, "
            "and its transcript is deleted after 30 days, in case the file comes back."
        )
    desk.remove(path)
    if options.json:
        output.as_json({"removed": [path]})
    else:
        output.say(f"Deleted: {lecture['title']}, its transcript and all that was written about it")
    return 0

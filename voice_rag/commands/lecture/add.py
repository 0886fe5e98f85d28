"""`voice-rag lecture add`: copy recordings, transcripts or slides into the folder of lectures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from voice_rag.commands.common import Subparsers, fail
from voice_rag.commands.knowledge import lecture_options
from voice_rag.commands.knowledge.options import add_action

if TYPE_CHECKING:
    import argparse

    from voice_rag.commands.knowledge.desk import Desk

_GOES_ON = "The service goes on with it. See how far it is: voice-rag lecture list"
_STAYS = "The work begins when the service runs (voice-rag knowledge serve), or now with --wait."


def add_to(actions: Subparsers) -> None:
    """Add the action to the command line."""
    parser = add_action(actions, "add", "copy recordings, transcripts or slides into the folder of lectures", run)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--collection", default="", help="a folder among the lectures, for example Physics/Autumn")
    parser.add_argument("--wait", action="store_true", help="stay until they are transcribed and written up")
    lecture_options.add_options(parser)


def run(desk: Desk, options: argparse.Namespace) -> int:
    """Add the files; the exit code is 1 if one of them failed."""
    from voice_rag.commands.knowledge import output  # noqa: PLC0415  needs the knowledge package

    from . import tables, waiting  # noqa: PLC0415

    if missing := [file for file in options.files if not file.is_file()]:
        return fail(f"There is no file {missing[0]}.")
    lectures, slides = [], []
    for file in options.files:
        with output.sending(file.name, file.stat().st_size) as on_bytes:
            record = desk.add(file, "lecture", options.collection, on_bytes)
        if record["kind"] == "lecture":
            lectures.append(waiting.appeared(desk.lectures, record))
        else:
            slides.append(record["path"])
    if options.wait:
        lectures = [waiting.finished(desk.lectures, lecture["id"]) for lecture in lectures]
    if options.json:
        output.as_json({"lectures": lectures})
    else:
        for path in slides:
            output.say(f"{path}: the slides of the lecture of the same name")
        if lectures:
            tables.lectures(lectures)
        if any(lecture["state"] in waiting.AT_WORK for lecture in lectures):
            output.say(_GOES_ON if desk.lectures.goes_on else _STAYS)
    return int(any(lecture["state"] == "failed" for lecture in lectures))

"""`voice-rag knowledge eval`: how well questions find the documents that answer them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .options import add_action

if TYPE_CHECKING:
    import argparse

    from voice_rag.commands.common import Subparsers

    from .desk import Desk

_DEPTH = 10


def add_to(actions: Subparsers) -> None:
    """Add the action to the command line."""
    parser = add_action(actions, "eval", "measure how well questions find their documents", run)
    parser.add_argument(
        "questions",
        type=Path,
        metavar="FILE",
        help='TSV of question and path (or title), or JSON: [{"question": ..., "document": ...}]',
    )
    parser.add_argument("--misses", action="store_true", help="name the questions whose document is not in the first 5")


def run(desk: Desk, options: argparse.Namespace) -> int:
    """Ask them all and print recall at 5, mean reciprocal rank and nDCG at 10."""
    from . import output  # noqa: PLC0415  needs the knowledge package
    from .measures import measured, rank_of, read_questions  # noqa: PLC0415

    questions = read_questions(options.questions)
    ranks = [rank_of(one, desk.search(one.question, _DEPTH, {})["hits"]) for one in questions]
    measures = measured(ranks)
    misses = [one.question for one, rank in zip(questions, ranks, strict=True) if rank is None or rank > 5]
    if options.json:
        output.as_json({**measures, "misses": misses})
        return 0
    output.say("   ".join(f"{name} {value:.3f}" for name, value in measures.items() if name != "questions"))
    output.say(f"{len(questions)} questions, {len(misses)} without their document in the first 5")
    if options.misses:
        output.say("\n".join(misses))
    return 0

"""`voice-rag knowledge ask | search | rephrase`: questions and what they find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .options import add_action

if TYPE_CHECKING:
    import argparse

    from voice_rag.commands.common import Subparsers

    from .desk import Desk


def add_to(actions: Subparsers) -> None:
    """Add the actions to the command line."""
    ask = add_action(actions, "ask", "answer a question from the documents", run_ask)
    ask.add_argument("question")
    ask.add_argument("--language", help="of the answer, for example ru (default: that of the question)")
    search = add_action(actions, "search", "find passages", run_search)
    search.add_argument("query")
    search.add_argument("--limit", type=int, default=5, help="how many (%(default)s)")
    search.add_argument("--kind", choices=("document", "film", "lecture"))
    search.add_argument("--collection", help="only there")
    search.add_argument("--document", help="only in documents with this in their title or path")
    rephrase = add_action(actions, "rephrase", "ask in other words; needs a language model", run_rephrase)
    rephrase.add_argument("question")


def run_ask(desk: Desk, options: argparse.Namespace) -> int:
    """Answer; the exit code is 1 if the documents have no answer."""
    from . import output  # noqa: PLC0415  needs the knowledge package

    answer = desk.ask(options.question, options.language)
    if options.json:
        output.as_json(answer)
    else:
        output.say(f"{answer['written']}\n")
        output.hits(answer["sources"])
    return int(not answer["found"])


def run_search(desk: Desk, options: argparse.Namespace) -> int:
    """Search; the exit code is 1 if nothing is relevant."""
    from . import output  # noqa: PLC0415  needs the knowledge package

    filters = {
        "kinds": [options.kind] if options.kind else [],
        "collection": options.collection,
        "document": options.document,
    }
    result = desk.search(options.query, options.limit, filters)
    if options.json:
        output.as_json(result)
    else:
        output.hits(result["hits"])
        if not result["relevant"]:
            output.say("Nothing answers this." if result["hits"] else "Nothing was found.")
    return int(not result["relevant"])


def run_rephrase(desk: Desk, options: argparse.Namespace) -> int:
    """Ask in other words; the exit code is 1 if there are none."""
    from . import output  # noqa: PLC0415  needs the knowledge package

    result = desk.rephrase(options.question)
    if options.json:
        output.as_json(result)
    else:
        output.say("\n".join(result["queries"]) or "There are no other words for it without a language model.")
    return int(not result["queries"])

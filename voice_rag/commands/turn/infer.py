"""`voice-rag turn infer FILE.json`: judge the messages of a file.

The file has a list of {"context": [earlier messages], "message": text, "language"?}, or one of them. The answer is
JSON, {"probas": {"wait", "speak"}} for each, or a table with --table.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from voice_rag.commands.common import Subparsers, fail
from wyoming_servers.runtime.engines import import_engine
from wyoming_servers.runtime.errors import EngineError, StartError
from wyoming_servers.turn.detector import Pause
from wyoming_servers.turn.engine import in_parts, judge_all
from wyoming_servers.turn.judgement import Judgement
from wyoming_servers.turn.messages import MessageError, parse_request, to_json
from wyoming_servers.turn.server import ENGINES

from .options import add_house_options, add_turn_options, turn_options


def add_to(actions: Subparsers) -> None:
    """Add the action to the command line."""
    parser = actions.add_parser("infer", help="judge the messages of a file", description=__doc__)
    parser.add_argument("file", help='JSON; "-" is the standard input')
    parser.add_argument("--table", action="store_true", help="print a table for people")
    add_turn_options(parser, prefix="")
    add_house_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the answers."""
    try:
        data = json.loads(sys.stdin.read() if options.file == "-" else Path(options.file).read_text(encoding="utf-8"))
        pauses = parse_request(data, most=sys.maxsize)
        detector = import_engine(ENGINES, options.turn_engine).load(turn_options(options))
        judgements = [one for part in in_parts(pauses) for one in judge_all(detector, part)]
    except OSError as err:
        return fail(f"Can't read {options.file}: {err.strerror}.")
    except (MessageError, StartError, EngineError) as err:
        return fail(str(err))
    except (ValueError, RecursionError):
        return fail(f"{options.file} is not JSON.")
    if options.table:
        Console().print(_table(pauses, judgements))
    else:
        answers = [to_json(judgement.probability) for judgement in judgements]
        print(json.dumps(answers if isinstance(data, list) else answers[0], indent=2))  # noqa: T201 (the answer)
    return 0


def _table(pauses: Sequence[Pause], judgements: Sequence[Judgement]) -> Table:
    table = Table("speak", "wait", "language", "message")
    for pause, judgement in zip(pauses, judgements, strict=True):
        speak = judgement.probability
        table.add_row(f"{speak:.3f}", f"{1 - speak:.3f}", pause.language, pause.text)
    return table

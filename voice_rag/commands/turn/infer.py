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
from wyoming_servers.turn.engine import in_parts, judge
from wyoming_servers.turn.messages import MessageError, parse_request, to_json
from wyoming_servers.turn.server import ENGINES

from .engine import add_engine_options, turn_options


def add_to(actions: Subparsers) -> None:
    """Add the action to the command line."""
    parser = actions.add_parser("infer", help="judge the messages of a file", description=__doc__)
    parser.add_argument("file", help='JSON; "-" is the standard input')
    parser.add_argument("--table", action="store_true", help="print a table for people")
    add_engine_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the answers."""
    try:
        data = json.loads(sys.stdin.read() if options.file == "-" else Path(options.file).read_text(encoding="utf-8"))
        pauses = parse_request(data, most=sys.maxsize)
        detector = import_engine(ENGINES, options.engine).load(turn_options(options))
        completeness = [value for part in in_parts(pauses) for value in judge(detector, part)]
    except OSError as err:
        return fail(f"Can't read {options.file}: {err.strerror}.")
    except (MessageError, StartError, EngineError) as err:
        return fail(str(err))
    except (ValueError, RecursionError):
        return fail(f"{options.file} is not JSON.")
    if options.table:
        Console().print(_table(pauses, completeness))
    else:
        answers = [to_json(value) for value in completeness]
        print(json.dumps(answers if isinstance(data, list) else answers[0], indent=2))  # noqa: T201 (the answer)
    return 0


def _table(pauses: Sequence[Pause], completeness: Sequence[float]) -> Table:
    table = Table("speak", "wait", "language", "message")
    for pause, value in zip(pauses, completeness, strict=True):
        table.add_row(f"{value:.3f}", f"{1 - value:.3f}", pause.language, pause.text)
    return table

"""`voice-rag turn train`: make the shipped model, or fine-tune an encoder, from dialogues.

Text files have one turn a line after "- " and a blank line between dialogues, or one phrase a line; JSON and JSON Lines
have lists of turns. The folder receives the model, metrics.json and curves.png.
"""

import argparse
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from voice_rag.commands.common import Subparsers, fail
from wyoming_servers.runtime.engines import needing_extra
from wyoming_servers.runtime.errors import StartError
from wyoming_servers.turn.training.config import read_config
from wyoming_servers.turn.training.errors import TrainingError
from wyoming_servers.turn.training.evaluate import Table as Metrics
from wyoming_servers.turn.training.report import write_report

_LOGGER = logging.getLogger(__name__)
_EXTRA = "turn-train"
_SHOWN = ("auc", "f1", "accuracy", "tnr_at_tpr_99.3", "ece")


def add_to(actions: Subparsers) -> None:
    """Add the action to the command line."""
    parser = actions.add_parser("train", help="make a model from dialogues", description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", action="extend", required=True, help="files or folders")
    parser.add_argument("--out", type=Path, required=True, help="folder for the model and its report")
    parser.add_argument("--config", type=Path, help="TOML (default: that of the shipped model)")
    parser.add_argument(
        "--encoder", metavar="MODEL", help="fine-tune this instead: a folder or an id, such as deepvk/RuModernBERT-base"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Train and print the metrics."""
    console = Console(stderr=True)
    try:
        config = read_config(options.config)
        options.out.mkdir(parents=True, exist_ok=True)
        with Bar(console) as bar:
            if options.encoder:
                with needing_extra(_EXTRA):
                    from wyoming_servers.turn.training import encoder_recipe  # noqa: PLC0415 (torch is an extra)
                report = encoder_recipe.train(options.data, options.out, config, options.encoder, bar)
            else:
                with needing_extra(_EXTRA):
                    from wyoming_servers.turn.training import ngram_recipe  # noqa: PLC0415 (torch is an extra)
                report = ngram_recipe.train(options.data, options.out, config, bar)
        write_report(report, options.out)
    except (TrainingError, StartError) as err:
        return fail(str(err))
    except OSError as err:
        return fail(f"Can't write to {options.out}: {err.strerror or err}.")
    Console().print(_table(report.table))
    _LOGGER.info("The model and its report are in %s", options.out)
    return 0


class Bar:
    """Shows training as a bar, with the last loss and AUC."""

    def __init__(self, console: Console) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, TextColumn("{task.fields[loss]} {task.fields[auc]}"), console=console)
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        """Begin to show it."""
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the last state on the screen."""
        self._progress.stop()

    def phase(self, name: str) -> None:
        """Show what begins now."""
        _LOGGER.debug("%s", name)
        self._task = self._progress.add_task(name, total=None, loss="", auc="")

    def step(self, number: int, steps: int, loss: float) -> None:
        """Show a step's loss."""
        if self._task is not None:
            self._progress.update(self._task, total=steps, completed=number, loss=f"loss {loss:.3f}")

    def evaluated(self, step: int, aucs: Mapping[str, float]) -> None:
        """Show the AUCs."""
        text = " ".join(f"{name} {auc:.3f}" for name, auc in aucs.items())
        _LOGGER.debug("AUC after step %d: %s", step, text)
        if self._task is not None:
            self._progress.update(self._task, auc=text)


def _table(metrics: Metrics) -> Table:
    table = Table("held out", *_SHOWN, "samples")
    for part, values in metrics.items():
        table.add_row(part, *(f"{values[name]:.3f}" for name in _SHOWN), f"{values['samples']:.0f}")
    return table

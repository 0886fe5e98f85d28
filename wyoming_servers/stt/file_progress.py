"""How far a transcription is: a bar where somebody watches, lines in the log elsewhere."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

_LOGGER = logging.getLogger(__name__)
_LOG_SECONDS = 30.0
"""Between two lines."""

Report = Callable[[float], None]
"""Takes the seconds of sound that are done."""


@contextmanager
def showing(name: str, duration: float | None) -> Iterator[Report]:
    """Yield a function to be told the seconds that are done, of `duration` where that is known."""
    if sys.stderr.isatty():
        with Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        ) as progress:
            task = progress.add_task(name, total=duration)
            yield lambda done: progress.update(task, completed=done)
    else:
        yield _logging(name, duration)


def _logging(name: str, duration: float | None) -> Report:
    started = told = monotonic()

    def report(done: float) -> None:
        nonlocal told
        if (now := monotonic()) - told >= _LOG_SECONDS:
            told = now
            _LOGGER.info("%s: %s", name, _line(done, duration, now - started))

    return report


def _line(done: float, duration: float | None, elapsed: float) -> str:
    if not duration or not done:
        return f"{_clock(done)} done"
    left = max(0.0, duration - done) * elapsed / done
    return f"{_clock(done)} of {_clock(duration)} done, about {_clock(left)} left"


def _clock(seconds: float) -> str:
    return str(timedelta(seconds=round(seconds)))

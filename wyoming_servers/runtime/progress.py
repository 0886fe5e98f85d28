"""How far a download is: a bar where somebody watches, lines in the log elsewhere."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

_LOGGER = logging.getLogger(__name__)
_LOG_LINES = 10
"""For a whole download, at most."""

Report = Callable[[int], None]
"""Takes the number of bytes that are there."""


@contextmanager
def showing(title: str, total: int) -> Iterator[Report]:
    """Yield a function to be told the bytes that are there, of `total`."""
    if sys.stderr.isatty():
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(binary_units=True),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        ) as progress:
            task = progress.add_task(title, total=total)
            yield lambda done: progress.update(task, completed=done)
    else:
        _LOGGER.info("Downloading %s: %s", title, _megabytes(total))
        yield _logging(title, total)


def _logging(title: str, total: int) -> Report:
    told = 0

    def report(done: int) -> None:
        nonlocal told
        steps = done * _LOG_LINES // max(1, total)
        if steps > told:
            told = steps
            _LOGGER.info("Downloading %s: %.0f %% of %s", title, 100 * done / total, _megabytes(total))

    return report


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"

"""Progress of what takes a minute."""

from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn


class Bars:
    """Shows each phase as a bar."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=Console(stderr=True))
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        """Begin to show them."""
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the last state on the screen."""
        self._progress.stop()

    def phase(self, title: str, steps: int) -> None:
        """Show a new bar."""
        self._task = self._progress.add_task(title, total=steps)

    def step(self) -> None:
        """Move the last bar."""
        if self._task is not None:
            self._progress.advance(self._task)

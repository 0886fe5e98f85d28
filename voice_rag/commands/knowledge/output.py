"""What the actions print: tables and sentences for people, JSON for programs, progress beside them."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from knowledge.events import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from knowledge.events import IngestEvent

Json = dict[str, Any]

_COLOURS = {"indexed": "green", "failed": "red", "duplicate": "yellow"}


def say(text: str) -> None:
    """Print a sentence."""
    _out().print(text, highlight=False, markup=False, soft_wrap=True)


def as_json(data: object) -> None:
    """Print JSON."""
    json.dump(data, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def documents(records: Sequence[Json]) -> None:
    """Print files with their status, and the reasons of those that were not read."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("Status", "Passages", "Path", "Title"):
        table.add_column(name, justify="right" if name == "Passages" else "left", overflow="fold")
    for record in records:
        colour = _COLOURS.get(record["status"], "default")
        title = escape(record["title"]) + (f"\n[dim]{escape(record['reason'])}[/]" if record["reason"] else "")
        table.add_row(f"[{colour}]{record['status']}[/]", str(record["passages"]), escape(record["path"]), title)
    _out().print(table)


def hits(found: Sequence[Json]) -> None:
    """Print numbered passages with their places."""
    console = _out()
    for hit in found:
        place = f", {hit['place']}" if hit["place"] else ""
        console.print(f"[bold]\\[{hit['number']}] {escape(hit['title'])}[/]{escape(place)}", highlight=False)
        console.print(f"[dim]{escape(hit['document'])}[/]", highlight=False)
        console.print(escape(hit["text"]), highlight=False)
        console.print()


@contextmanager
def sending(name: str, size: int) -> Iterator[Callable[[int], None]]:
    """Show how much of a file has been sent; what is yielded hears of each piece."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=_beside(), transient=True) as progress:
        task = progress.add_task(escape(name), total=size)
        yield lambda count: progress.advance(task, count)


@contextmanager
def reading() -> Iterator[Callable[[IngestEvent], None]]:
    """Show how far a scan has come; what is yielded hears of each step."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=_beside(), transient=True) as progress:
        task = progress.add_task("Reading", total=None, visible=False)

        def heard(event: IngestEvent) -> None:
            if event.stage is Stage.READING:
                progress.update(
                    task, description=escape(event.path), completed=event.done, total=event.total, visible=True
                )

        yield heard


def _out() -> Console:
    return Console(file=sys.stdout)


def _beside() -> Console:
    return Console(file=sys.stderr)

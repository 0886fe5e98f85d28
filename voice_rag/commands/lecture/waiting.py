"""Waiting for a lecture, with a bar for the person who waits."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn

from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from voice_rag.commands.knowledge.desk import LectureDesk

Json = dict[str, Any]

AT_WORK = frozenset({"waiting", "transcribing", "writing"})
_PAUSE_SECONDS = 0.5
_APPEAR_SECONDS = 60.0
_STUCK_SECONDS = 10.0


def appeared(desk: LectureDesk, record: Json) -> Json:
    """Return the lecture of a file that was read; raises KnowledgeError when it became none."""
    end = time.monotonic() + _APPEAR_SECONDS
    while True:
        found = [one for one in desk.all()["lectures"] if one["path"] == record["path"]]
        if found:
            lecture: Json = found[0]
            return lecture
        if record["status"] != "indexed" or time.monotonic() > end:
            reason = record["reason"] or "It is not among the lectures yet; `voice-rag lecture list` shows when it is."
            raise KnowledgeError(f"{record['path']}: {reason}")
        time.sleep(_PAUSE_SECONDS)


def finished(desk: LectureDesk, id_: str) -> Json:
    """Return a lecture when nothing more is done for it; raises KnowledgeError when it cannot go on."""
    moved = time.monotonic()
    with _bar() as show:
        while True:
            lecture: Json = desk.one(id_)["lecture"]
            if lecture["state"] not in AT_WORK:
                return lecture
            show(lecture)
            if not lecture["problem"]:
                moved = time.monotonic()
            elif time.monotonic() - moved > _STUCK_SECONDS:
                raise KnowledgeError(f"{lecture['title']} waits: {lecture['problem']}")
            time.sleep(_PAUSE_SECONDS)


@contextmanager
def _bar() -> Iterator[Callable[[Json], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[left]}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, left="")

        def show(lecture: Json) -> None:
            progress = lecture["progress"] or {"done": 0.0, "total": None, "remaining_seconds": None}
            bar.update(
                task,
                description=f"{escape(lecture['title'])}: {lecture['state']}",
                completed=progress["done"],
                total=progress["total"] or None,
                left=escape(lecture["problem"] or _left(progress["remaining_seconds"])),
            )

        yield show


def _left(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes = round(seconds / 60)
    return f"about {minutes} min left" if minutes else "less than a minute left"

"""Lectures as people read them on a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markdown import Markdown
from rich.markup import escape
from rich.table import Table

from knowledge.lectures.writing.layout import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

Json = dict[str, Any]

_COLOURS = {"ready": "green", "failed": "red", "cancelled": "yellow", "paused": "yellow"}


def lectures(found: Sequence[Json]) -> None:
    """Print lectures with their states, and the reasons of those that wait or failed."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("Id", "State", "Day", "Length", "Title"):
        table.add_column(name, justify="right" if name == "Length" else "left", overflow="fold")
    for lecture in found:
        problem = f"\n[dim]{escape(lecture['problem'])}[/]" if lecture["problem"] else ""
        table.add_row(
            lecture["id"],
            f"[{_COLOURS.get(lecture['state'], 'default')}]{_state(lecture)}[/]",
            lecture["held_on"] or "",
            clock(lecture["duration"]) if lecture["duration"] else "",
            f"{escape(lecture['title'])}{problem}\n[dim]{escape(lecture['path'])}[/]",
        )
    _out().print(table)


def lecture(whole: Json, *, has_transcript: bool) -> None:
    """Print what is known of a lecture."""
    lectures([whole["lecture"]])
    console = _out()
    if whole["lecture"]["can_transcribe"]:
        console.print(
            f"[dim]{escape(whole['lecture']['transcriber'])} is gone. To transcribe the recording instead: "
            f"voice-rag lecture retry {whole['lecture']['id']}[/]",
            soft_wrap=True,
        )
    if whole["slides"]:
        console.print(f"Slides: {escape(whole['slides'])}", highlight=False, soft_wrap=True)
    if whole["summary"]:
        console.print()
        console.print(Markdown(whole["summary"]["text"]))
        if whole["summary"]["by"] == "extract":
            console.print("[dim]Made without a language model, of the lecture's own sentences.[/]")
    _chapters(console, [chapter for chapter in whole["chapters"] if chapter["title"]])
    _glossary(console, whole["glossary"])
    if has_transcript:
        _transcript(console, whole["chapters"])


def _chapters(console: Console, chapters: Sequence[Json]) -> None:
    if chapters:
        console.print("\n[bold]Chapters[/]")
    for chapter in chapters:
        console.print(f"  [dim]{clock(chapter['start']):>8}[/]  {escape(chapter['title'])}", highlight=False)


def _glossary(console: Console, terms: Sequence[Json]) -> None:
    if terms:
        console.print("\n[bold]Glossary[/]")
    for term in terms:
        mark = "" if term["is_supported"] else " [yellow](not supported by the lecture)[/]"
        said = f" — {escape(term['definition'])}" if term["definition"] else ""
        console.print(
            f"  [dim]{clock(term['start']):>8}[/]  [bold]{escape(term['term'])}[/]{said}{mark}", highlight=False
        )


def _transcript(console: Console, chapters: Sequence[Json]) -> None:
    for chapter in chapters:
        console.print(f"\n[bold]{escape(chapter['title'] or 'Transcript')}[/]", highlight=False)
        for paragraph in chapter["paragraphs"]:
            text = " ".join(segment["text"] for segment in paragraph["segments"])
            console.print(f"[dim]{clock(paragraph['start'])}[/] {escape(text)}", highlight=False, soft_wrap=True)


def _state(lecture: Json) -> str:
    progress = lecture["progress"]
    share = f" {progress['done'] / progress['total']:.0%}" if progress and progress["total"] else ""
    return f"{lecture['state']}{share}"


def _out() -> Console:
    return Console(file=sys.stdout)

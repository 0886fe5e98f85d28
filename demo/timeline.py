"""What happened, for a person to read: each step with what was said and heard, and a table of latencies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

    from demo.conversation import Stages
    from demo.steps import Result

COLUMNS = (
    ("wake", "wake", "from the end of the wake word to its detection"),
    ("heard", "recognition", "from the end of the sentence to its transcript, with the pause that proves it over"),
    ("agent", "agent", "from the transcript, or the written question, to the text of the answer"),
    ("1st sound", "first_sound", "from the end of the sentence to the first sound of the answer"),
    ("whole", "whole", "from the end of the sentence, or the written question, to the end of the answer's audio"),
)
NOT_MEASURED = "-"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A step that was tried."""

    title: str
    result: Result | None = None
    failure: str | None = None
    """What was expected and what was seen; None when the step succeeded."""


def show_outcome(console: Console, outcome: Outcome) -> None:
    """Print what was said, heard and proven in one step."""
    console.print()
    console.print(Text.assemble(("ok  " if outcome.failure is None else "FAILED  ", "bold"), (outcome.title, "bold")))
    if outcome.failure is not None:
        console.print(Text(f"  {outcome.failure}"))
    if outcome.result is None:
        return
    result = outcome.result
    lines = {
        "asked": result.asked,
        "heard": result.heard,
        "answer": result.answer,
        "proof": result.proof,
        "audio": None if result.audio is None else str(result.audio),
    }
    for label, line in lines.items():
        if line is not None:
            console.print(Text(f"  {label:<7}{line}"), soft_wrap=not console.is_terminal)


def show_latencies(console: Console, outcomes: list[Outcome]) -> None:
    """Print the table of latencies and what each column counts."""
    table = Table(title="Seconds", title_justify="left", box=SIMPLE_HEAD)
    table.add_column("step")
    for heading, _, _ in COLUMNS:
        table.add_column(heading, justify="right")
    for outcome in outcomes:
        table.add_row(outcome.title, *latencies(None if outcome.result is None else outcome.result.stages))
    console.print()
    console.print(table)
    for heading, _, meaning in COLUMNS:
        console.print(Text(f"  {heading:<10}{meaning}"), soft_wrap=not console.is_terminal)


def latencies(stages: Stages | None) -> list[str]:
    """Return the cells of a row: seconds to a hundredth, or a dash."""
    values = (None if stages is None else getattr(stages, attribute) for _, attribute, _ in COLUMNS)
    return [NOT_MEASURED if value is None else f"{value:.2f}" for value in values]

"""Latencies from events, and how they are shown."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from demo.conversation import Conversation, Kind, Moment, Stages
from demo.steps import Result
from demo.timeline import COLUMNS, Outcome, latencies, show_latencies, show_outcome

COMPLETE = [
    Moment(Kind.DETECTION, 11.25, {"name": "okay_nabu"}),
    Moment(Kind.TRANSCRIPT, 14.5, {"text": "turn on the light"}),
    Moment(Kind.SYNTHESIZE, 14.75, {"text": "Done"}),
    Moment(Kind.FIRST_SOUND, 15.0),
    Moment(Kind.FIRST_SOUND, 15.5),
    Moment(Kind.LAST_SOUND, 16.0),
]


def conversation_of(moments: list[Moment]) -> Conversation:
    conversation = Conversation(wake_end=11.0, speech_end=14.0)
    for moment in moments:
        conversation.add(moment)
    return conversation


def test_each_latency_is_counted_from_where_its_column_says() -> None:
    assert conversation_of(COMPLETE).stages == Stages(
        wake=0.25, recognition=0.5, agent=0.25, first_sound=1.0, whole=2.0
    )


def test_a_stage_that_did_not_happen_has_no_latency() -> None:
    stages = conversation_of([Moment(Kind.DETECTION, 10.75), Moment(Kind.ERROR, 12.0)]).stages
    assert stages == Stages(wake=-0.25)


@pytest.mark.parametrize(
    ("count", "is_over"), [(0, False), (3, False), (5, False), (7, True)], ids=["start", "heard", "sounds", "end"]
)
def test_a_conversation_is_over_when_the_answer_has_been_heard(count: int, is_over: bool) -> None:
    assert conversation_of(COMPLETE[:count]).is_over is is_over


def test_the_microphone_is_needed_until_the_transcript() -> None:
    assert not conversation_of(COMPLETE[:1]).is_understood
    assert conversation_of(COMPLETE[:3]).is_understood


def test_a_row_shows_a_dash_for_what_was_not_measured() -> None:
    assert latencies(Stages(wake=-0.081, whole=1.239)) == ["-0.08", "-", "-", "-", "1.24"]
    assert latencies(None) == ["-"] * len(COLUMNS)


def shown(outcomes: list[Outcome], is_terminal: bool = False) -> str:
    page = io.StringIO()
    console = Console(file=page, width=100, force_terminal=is_terminal)
    for outcome in outcomes:
        show_outcome(console, outcome)
    show_latencies(console, outcomes)
    return page.getvalue()


RESULT = Result(
    "turn on [the] light", "turn on the light", "Done", Stages(agent=0.1), "light.kitchen: off, then on", None
)


def test_a_step_is_shown_with_what_was_asked_heard_answered_and_proven() -> None:
    page = shown([Outcome("1 a command", RESULT)])
    for words in ("ok  1 a command", "turn on [the] light", "heard  turn on the light", "answer Done", "off, then on"):
        assert words in page


def test_a_failed_step_is_shown_with_what_was_expected_and_seen() -> None:
    page = shown([Outcome("2 a film", failure="expected 'Solaris'; saw 'Sorry'")])
    assert "FAILED  2 a film" in page
    assert "expected 'Solaris'; saw 'Sorry'" in page


def test_output_that_goes_to_a_file_has_no_colours_and_keeps_long_lines_whole() -> None:
    long = "a " * 100 + "end"
    page = shown([Outcome("1", Result(long, None, "", Stages(), "", None))])
    assert "\x1b" not in page
    assert long in page

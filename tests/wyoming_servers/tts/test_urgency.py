"""Whose unit is next, on a clock of the test's own."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import inf
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wyoming_servers.tts.urgency import Claim, Listener, most_urgent

Choose = Callable[[Collection[Claim], float, float], Claim]

ANSWERS = st.lists(st.lists(st.floats(0.5, 15), min_size=1, max_size=8), min_size=1, max_size=6)
"""Seconds of audio of each unit of each answer."""


@dataclass
class Spoken:
    """What became of an answer."""

    listener: Listener
    units: Sequence[float]
    first: float = 0.0
    end: float = 0.0
    silent: float = 0.0
    """Seconds in which its listener had nothing to play, after the first audio."""

    most_before: int = 0
    """Units of others that were begun while it had nothing to play."""

    before: int = 0


def speak(answers: Sequence[Sequence[float]], pace: float, choose: Choose = most_urgent) -> Sequence[Spoken]:
    """Speak answers that come at once with an engine that takes `pace` seconds for one of audio."""
    speaking = [Spoken(Listener(number), list(units)) for number, units in enumerate(answers)]
    longest = pace * max(map(max, answers))
    now = 0.0
    while waiting := {one.listener.claim: one for one in speaking if one.units}:
        chosen = waiting.pop(choose(waiting, now, longest))
        for claim, other in waiting.items():
            other.before += claim.has_heard and claim.dry_at < now
        seconds, *chosen.units = chosen.units
        now += pace * seconds
        if (claim := chosen.listener.claim).has_heard:
            chosen.silent += max(0.0, now - claim.dry_at)
        chosen.first, chosen.end = chosen.first or now, now
        chosen.most_before, chosen.before = max(chosen.most_before, chosen.before), 0
        chosen.listener.hear(seconds, now)
    return speaking


def in_turns(claims: Collection[Claim], _now: float, _unit_seconds: float) -> Claim:
    return min(claims, key=lambda claim: (claim.dry_at, claim.number))


@given(ANSWERS)
def test_an_engine_that_is_quick_enough_begins_all_answers_first_and_lets_nobody_run_dry(
    answers: list[list[float]],
) -> None:
    pace = min(map(min, answers)) / max(map(max, answers)) / (len(answers) + 1)
    spoken = speak(answers, pace)
    assert [one.first for one in spoken] == pytest.approx(list(accumulate(pace * units[0] for units in answers)))
    assert [one.silent for one in spoken] == pytest.approx([0] * len(answers), abs=1e-6)


@given(ANSWERS, st.floats(0.01, 2))
def test_who_has_run_dry_waits_for_first_words_and_for_those_who_ran_dry_before(
    answers: list[list[float]], pace: float
) -> None:
    assert all(one.most_before <= 2 * (len(answers) - 1) for one in speak(answers, pace))


@given(ANSWERS, st.floats(0.01, 2))
def test_nobody_who_listens_runs_dry_for_the_sake_of_an_older_answer(answers: list[list[float]], pace: float) -> None:
    def choose(claims: Collection[Claim], now: float, unit_seconds: float) -> Claim:
        chosen = most_urgent(claims, now, unit_seconds)
        if not chosen.has_heard:
            return chosen
        others = [claim.dry_at for claim in claims if claim.has_heard and claim is not chosen]
        assert min(others, default=inf) >= min(now + 2 * unit_seconds, chosen.dry_at)
        return chosen

    speak(answers, pace, choose)


@pytest.mark.parametrize("count", [2, 4, 8])
def test_long_answers_end_one_after_the_other_and_not_all_late(count: int) -> None:
    answers = [[4.0, *[8.0] * 19]] * count
    by_need, by_turns = speak(answers, 0.05), speak(answers, 0.05, in_turns)
    assert [one.first for one in by_need] == [one.first for one in by_turns]
    assert sum(one.silent for one in by_need) == pytest.approx(0, abs=1e-6)
    assert max(one.end for one in by_need) == pytest.approx(max(one.end for one in by_turns))
    assert median(one.end for one in by_need) < 0.8 * median(one.end for one in by_turns)


@given(ANSWERS, st.floats(0.01, 2))
def test_first_words_come_as_early_as_the_engine_can_whatever_else_is_spoken(
    answers: list[list[float]], pace: float
) -> None:
    first = list(accumulate(pace * units[0] for units in answers))
    assert [one.first for one in speak(answers, pace)] == pytest.approx(first)

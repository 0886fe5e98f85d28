"""How long a pause has to be: the words before it, the speaker's own pauses, and how patient one is."""

import random
from itertools import pairwise

import pytest

from wyoming_servers.turn.judgement import Bound, Judgement
from wyoming_servers.turn.policy import pause_ms
from wyoming_servers.turn.settings import Patience, TurnSettings
from wyoming_servers.turn.survival import DEFAULT_PAUSES, PauseHistory, Survival

SETTINGS = TurnSettings(shortest_pause_ms=200, longest_pause_ms=3000)
PROBABILITIES = [0.0, 0.05, 0.2, 0.5, 0.8, 0.95, 1.0]


def waits(patience: Patience = Patience.DEFAULT, bound: Bound | None = None) -> list[float]:
    settings = TurnSettings(patience=patience, shortest_pause_ms=200, longest_pause_ms=3000)
    return [pause_ms(Judgement(probability, bound), DEFAULT_PAUSES, settings) for probability in PROBABILITIES]


def test_the_surer_the_words_the_shorter_the_pause() -> None:
    assert waits() == sorted(waits(), reverse=True)
    assert waits()[0] == SETTINGS.longest_pause_ms
    assert waits()[-1] == SETTINGS.shortest_pause_ms


@pytest.mark.parametrize("patience", Patience)
def test_the_turn_is_over_as_soon_as_one_is_equally_sure_whatever_the_words(patience: Patience) -> None:
    settings = TurnSettings(patience=patience, shortest_pause_ms=0, longest_pause_ms=60_000)

    def certainty(probability: float) -> float:
        seconds = pause_ms(Judgement(probability), DEFAULT_PAUSES, settings) / 1000
        return probability / (probability + (1 - probability) * DEFAULT_PAUSES.share_above(seconds))

    assert certainty(0.3) == pytest.approx(certainty(0.6)) == pytest.approx(certainty(0.7))


def test_patience_gives_more_time_whatever_the_words() -> None:
    aggressive, default, relaxed = (
        waits(patience) for patience in (Patience.AGGRESSIVE, Patience.DEFAULT, Patience.RELAXED)
    )
    assert all(map(float.__le__, map(float, aggressive), map(float, default)))
    assert all(map(float.__le__, map(float, default), map(float, relaxed)))
    assert sum(aggressive) < sum(default) < sum(relaxed)


@pytest.mark.parametrize("patience", Patience)
def test_a_whole_command_waits_no_longer_than_its_time(patience: Patience) -> None:
    assert max(waits(patience, Bound.WHOLE)) == SETTINGS.whole_pause_ms
    assert min(waits(patience, Bound.WHOLE)) >= SETTINGS.shortest_pause_ms


@pytest.mark.parametrize("patience", Patience)
def test_the_beginning_of_a_command_waits_at_least_its_time(patience: Patience) -> None:
    assert min(waits(patience, Bound.UNFINISHED)) == SETTINGS.unfinished_pause_ms == 1500
    assert max(waits(patience, Bound.UNFINISHED)) == SETTINGS.longest_unfinished_pause_ms


@pytest.mark.parametrize("patience", Patience)
def test_stop_is_answered_at_once(patience: Patience) -> None:
    assert set(waits(patience, Bound.AT_ONCE)) == {SETTINGS.shortest_pause_ms}


@pytest.mark.parametrize(("seconds", "share"), [(0.0, 1.0), (0.3, 0.556), (0.6, 0.217), (1.0, 0.1), (1.6, 0.05)])
def test_the_default_curve_goes_through_its_points(seconds: float, share: float) -> None:
    assert DEFAULT_PAUSES.share_above(seconds) == pytest.approx(share)


@pytest.mark.parametrize("curve", [DEFAULT_PAUSES, Survival(((0.0, 1.0), (1.0, 0.5))), PauseHistory().survival()])
@pytest.mark.parametrize("seconds", [0.15, 0.3, 0.45, 0.9, 1.3, 2.95, 5.0])
def test_the_time_until_a_share_is_the_time_of_that_share(curve: Survival, seconds: float) -> None:
    assert curve.seconds_until(curve.share_above(seconds)) == pytest.approx(seconds)


def test_all_pauses_are_longer_than_none_and_none_longer_than_for_ever() -> None:
    assert DEFAULT_PAUSES.seconds_until(1.5) == 0.0
    assert DEFAULT_PAUSES.seconds_until(0.0) == float("inf")


def test_a_history_begins_with_the_default_curve() -> None:
    for seconds in (0.3, 0.6, 1.0, 1.6, 2.4):
        assert PauseHistory().survival().share_above(seconds) == pytest.approx(DEFAULT_PAUSES.share_above(seconds))


def test_who_pauses_long_is_waited_for_longer() -> None:
    slow, quick = PauseHistory(), PauseHistory()
    for _ in range(40):
        slow.resumed(0.95)
        quick.resumed(0.25)
    unsure = Judgement(0.9)
    assert (
        pause_ms(unsure, quick.survival(), SETTINGS)
        < pause_ms(unsure, DEFAULT_PAUSES, SETTINGS)
        < pause_ms(unsure, slow.survival(), SETTINGS)
    )


def test_a_curve_never_rises() -> None:
    history = PauseHistory()
    chance = random.Random(5)
    for _ in range(300):
        history.resumed(chance.expovariate(2.0))
        history.ended(chance.uniform(0.2, 4.0), chance.random())
    for (_, high), (_, low) in pairwise(history.survival().points):
        assert 0 < low <= high


def test_old_pauses_are_forgotten() -> None:
    slow_once, always_quick = PauseHistory(), PauseHistory()
    for _ in range(20):
        slow_once.resumed(1.2)
    for _ in range(300):
        slow_once.resumed(0.3)
        always_quick.resumed(0.3)
    for seconds in (0.3, 0.6, 1.2):
        expected = always_quick.survival().share_above(seconds)
        assert slow_once.survival().share_above(seconds) == pytest.approx(expected, abs=0.01)


def test_answering_early_does_not_make_pauses_look_short() -> None:
    """What an answer cut off would else count as short, and each answer would make the next one come earlier."""
    history = PauseHistory()
    for _ in range(200):
        history.ended(0.4, probability=0.3)
    assert history.survival().share_above(1.0) >= DEFAULT_PAUSES.share_above(1.0)


def test_a_sure_end_teaches_nothing_about_pauses() -> None:
    history = PauseHistory()
    history.ended(2.5, probability=1.0)
    assert history.survival().share_above(1.0) == pytest.approx(DEFAULT_PAUSES.share_above(1.0))


def test_a_history_survives_its_json() -> None:
    history = PauseHistory()
    history.resumed(0.5)
    history.ended(0.9, 0.4)
    assert PauseHistory(**history.to_json()).survival() == history.survival()

"""What is away is looked for ever less often, and at once when there is a sign of it."""

from knowledge.lectures.absence import Absence


def test_it_is_left_alone_for_twice_as_long_each_time_and_never_longer_than_five_minutes() -> None:
    now = 0.0
    away = Absence(clock=lambda: now)
    waits = []
    for _ in range(8):
        away.note(15.0)
        assert away
        waits.append(away.until - now)
        now = away.until
        assert not away
    assert waits == [15.0, 30.0, 60.0, 120.0, 240.0, 300.0, 300.0, 300.0]


def test_once_it_was_there_the_next_absence_begins_anew() -> None:
    away = Absence(clock=lambda: 100.0)
    away.note(15.0)
    away.note(15.0)
    away.end()
    assert not away
    away.note(15.0)
    assert away.until == 115.0

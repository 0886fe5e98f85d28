"""The end of an utterance, window by window: a letter is a window of 32 ms."""

import pytest

from wyoming_servers.turn.endpoint import FINAL, WINDOW_MS, Endpoint, Signal
from wyoming_servers.turn.settings import TurnSettings

SETTINGS = TurnSettings(
    speech_ms=96, speculate_ms=192, longest_pause_ms=1536, no_speech_seconds=0.96, longest_seconds=9.6
)  # fmt: skip
PROBABILITIES = {"s": 0.9, ".": 0.1, "~": 0.4}
SPEECH, PAUSE = "sss", "......"
SHORT, LONGEST = 384 // WINDOW_MS, 1536 // WINDOW_MS


def follow(windows: str, endpoint: Endpoint | None = None) -> list[tuple[int, Signal]]:
    """Return the signals, up to one that ends the turn, with the number of the window that gave each."""
    endpoint = endpoint or Endpoint(SETTINGS)
    signals = []
    for number, window in enumerate(windows, start=1):
        if signal := endpoint.process(PROBABILITIES[window]):
            signals.append((number, signal))
        if signal in FINAL:
            break
    return signals


def paused(pause_ms: float) -> Endpoint:
    """Return an endpoint that is in a pause just long enough to have been judged."""
    endpoint = Endpoint(SETTINGS)
    assert [signal for _, signal in follow(SPEECH + PAUSE, endpoint)] == [Signal.SPEECH, Signal.PAUSE]
    endpoint.expect(pause_ms)
    return endpoint


@pytest.mark.parametrize(
    ("windows", "signals"),
    [
        ("", []),
        ("ss", []),
        ("s.s.ss.ss.", []),
        ("sss", [(3, Signal.SPEECH)]),
        ("..sss", [(5, Signal.SPEECH)]),
        ("ssssssssss", [(3, Signal.SPEECH)]),
        ("sss.....", [(3, Signal.SPEECH)]),
        ("sss......", [(3, Signal.SPEECH), (9, Signal.PAUSE)]),
        ("sss............", [(3, Signal.SPEECH), (9, Signal.PAUSE)]),
        ("sss...sss......", [(3, Signal.SPEECH), (15, Signal.PAUSE)]),
        ("sss......sss", [(3, Signal.SPEECH), (9, Signal.PAUSE), (12, Signal.RESUMED)]),
        ("sss......ss......", [(3, Signal.SPEECH), (9, Signal.PAUSE)]),
        (
            "sss......sss......",
            [(3, Signal.SPEECH), (9, Signal.PAUSE), (12, Signal.RESUMED), (18, Signal.PAUSE)],
        ),
    ],
)
def test_speech_and_pauses_are_told_once_each(windows: str, signals: list[tuple[int, Signal]]) -> None:
    assert follow(windows) == signals


@pytest.mark.parametrize("windows", [SHORT, SHORT + 1, LONGEST, 2 * LONGEST])
def test_the_turn_ends_with_the_pause_that_is_expected(windows: int) -> None:
    endpoint = paused(windows * WINDOW_MS)
    assert follow("." * windows, endpoint) == [(windows - len(PAUSE), Signal.END)]
    assert endpoint.pause_ms == windows * WINDOW_MS


def test_a_pause_that_nobody_has_judged_ends_the_turn_at_its_longest() -> None:
    assert follow(SPEECH + "." * LONGEST)[-1] == (len(SPEECH) + LONGEST, Signal.END)


def test_words_judged_late_in_a_pause_end_the_turn_with_the_next_window() -> None:
    endpoint = Endpoint(SETTINGS)
    follow(SPEECH + "." * (SHORT + 5), endpoint)
    endpoint.expect(224)
    assert endpoint.process(0.1) is Signal.END


def test_a_judgement_is_forgotten_when_the_speaker_goes_on() -> None:
    endpoint = paused(SHORT * WINDOW_MS)
    assert follow(SPEECH + "." * LONGEST, endpoint) == [
        (len(SPEECH), Signal.RESUMED),
        (len(SPEECH + PAUSE), Signal.PAUSE),
        (len(SPEECH) + LONGEST, Signal.END),
    ]


def test_a_click_in_a_pause_neither_resumes_nor_restarts_it() -> None:
    assert follow("ss......", paused(SHORT * WINDOW_MS)) == [(2 + SHORT - len(PAUSE), Signal.END)]


def test_nobody_speaking_is_told_after_its_time_whatever_clicks() -> None:
    windows = int(SETTINGS.no_speech_seconds * 1000) // WINDOW_MS
    assert follow("." * windows) == [(windows, Signal.NO_SPEECH)]
    assert follow(("s." * windows)[:windows]) == [(windows, Signal.NO_SPEECH)]


def test_speech_that_begins_just_in_time_is_heard_out() -> None:
    windows = int(SETTINGS.no_speech_seconds * 1000) // WINDOW_MS
    assert follow("." * (windows - 1) + SPEECH) == [(windows - 1 + len(SPEECH), Signal.SPEECH)]


@pytest.mark.parametrize("pattern", ["s", SPEECH + PAUSE])
def test_a_turn_has_a_longest_duration_even_while_somebody_speaks(pattern: str) -> None:
    windows = int(SETTINGS.longest_seconds * 1000) // WINDOW_MS
    assert follow((pattern * windows)[: windows + 1])[-1][1] is Signal.TOO_LONG


def test_speech_goes_on_at_a_probability_that_would_not_begin_it() -> None:
    assert follow("~~~~~~~~~~") == []
    assert follow("s~~") == [(3, Signal.SPEECH)]
    assert follow("sss~~~~~~~~~") == [(3, Signal.SPEECH)]
    assert follow("sss.~~~~~") == [(3, Signal.SPEECH), (9, Signal.PAUSE)]


def test_whether_somebody_has_spoken_is_known() -> None:
    endpoint = Endpoint(SETTINGS)
    follow("ss.", endpoint)
    assert not endpoint.has_begun
    follow(SPEECH, endpoint)
    assert endpoint.has_begun


def test_how_long_a_pause_lasted_is_known_when_somebody_goes_on() -> None:
    endpoint = paused(LONGEST * WINDOW_MS)
    follow("..sss", endpoint)
    assert endpoint.pause_ms == (len(PAUSE) + 2) * WINDOW_MS

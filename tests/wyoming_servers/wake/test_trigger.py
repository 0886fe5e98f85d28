"""From scores to detections."""

from collections.abc import Iterable

import pytest

from wyoming_servers.wake.settings import TriggerSettings
from wyoming_servers.wake.trigger import Trigger

WINDOW = 1280


def detections(scores: Iterable[float], **settings: float) -> list[int]:
    """Return the numbers of the windows with a detection."""
    trigger = Trigger(TriggerSettings(threshold=0.5, **settings))  # type: ignore[arg-type]
    return [number for number, score in enumerate(scores) if trigger.process(score, number * WINDOW)]


@pytest.mark.parametrize(
    ("scores", "windows", "expected"),
    [
        ([0.1, 0.9, 0.1], 1, [1]),
        ([0.5, 0.5], 1, []),
        ([0.9, 0.9], 2, [1]),
        ([0.9, 0.1, 0.9, 0.9], 2, [3]),
        ([0.9, 0.1, 0.9, 0.1], 2, []),
        ([0.9] * 6, 3, [2, 5]),
    ],
)
def test_only_consecutive_windows_above_the_threshold_make_a_detection(
    scores: list[float], windows: int, expected: list[int]
) -> None:
    assert detections(scores, trigger_windows=windows, refractory_seconds=0) == expected


def test_the_same_word_stays_silent_for_its_refractory_time() -> None:
    assert detections([0.9] * 60, refractory_seconds=2.0) == [0, 25, 50]


def test_a_later_word_is_detected_again() -> None:
    assert detections([0.9, *[0.1] * 30, 0.9], refractory_seconds=2.0) == [0, 31]

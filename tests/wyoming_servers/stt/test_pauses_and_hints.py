"""Cutting long audio in its pauses; what of a vocabulary fits into a hint."""

import numpy as np
import pytest

from wyoming_servers.stt.hints import hint
from wyoming_servers.stt.pauses import cut_at_pauses, middle_of_pause
from wyoming_servers.stt.vocabulary import Name, Vocabulary

WINDOW = 512


def loudness(samples: np.ndarray) -> list[float]:
    return [float(samples[begin : begin + WINDOW].max()) for begin in range(0, len(samples), WINDOW)]


@pytest.mark.parametrize(
    ("probabilities", "middle"),
    [
        ([0.9, 0.1, 0.9, 0.1, 0.1, 0.1, 0.9], 4),
        ([0.1, 0.1, 0.9], 1),
        ([0.9, 0.8, 0.6, 0.8], 2),
        ([0.9], 0),
    ],
)
def test_a_cut_is_in_the_middle_of_the_longest_pause(probabilities: list[float], middle: int) -> None:
    assert middle_of_pause(probabilities) == middle


@pytest.mark.parametrize("seconds", [0.0, 0.5, 24.9, 25.0, 25.1, 33.3, 60.0, 100.0])
def test_pieces_are_short_enough_and_together_the_whole(seconds: float) -> None:
    samples = np.arange(int(seconds * 16_000), dtype=np.int64)
    pieces = cut_at_pauses(samples, 25.0, WINDOW, lambda searched: [0.9] * (len(searched) // WINDOW))  # type: ignore[arg-type]
    assert np.array_equal(np.concatenate(pieces), samples)
    assert all(len(piece) <= 25 * 16_000 for piece in pieces)


def test_a_cut_does_not_go_through_speech() -> None:
    samples = np.ones(16_000 * 40, np.int16)
    samples[16_000 * 20 : 16_000 * 21] = 0
    first, second = cut_at_pauses(samples, 25.0, WINDOW, loudness)
    assert first[-1] == second[0] == 0
    assert abs(len(first) - 20.5 * 16_000) < 0.1 * 16_000


def test_a_hint_has_devices_and_rooms_first_and_keeps_to_its_budget() -> None:
    vocabulary = Vocabulary(
        names=(Name("лампа", "light"), Name("лампа", "switch")), areas=("кухня",), titles=("Мимино",), topics=("насос",)
    )
    assert hint(vocabulary, len, 100) == "лампа, кухня, Мимино, насос"
    assert hint(vocabulary, len, len("лампа, кухня, ")) == "лампа, кухня"
    assert hint(vocabulary, len, 3) == ""
    assert hint(Vocabulary(), len, 100) == ""

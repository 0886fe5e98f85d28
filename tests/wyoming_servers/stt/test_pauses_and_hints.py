"""Cutting long audio in its pauses; what of a vocabulary fits into a hint."""

from collections.abc import Iterator

import numpy as np
import pytest

from tests.fakes.sounds import NOISES
from tests.fakes.spoken import spoken
from wyoming_servers.runtime.vocabulary import Name, Vocabulary
from wyoming_servers.stt.hints import hint
from wyoming_servers.stt.pauses import Piece, cut_at_pauses, has_speech, middle_of_pause
from wyoming_servers.stt.speech_pieces import is_spoken

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


@pytest.mark.parametrize("block_seconds", [0.1, 1.0, 200.0])
@pytest.mark.parametrize("seconds", [0.0, 0.5, 24.9, 25.0, 25.1, 33.3, 60.0, 100.0])
def test_pieces_are_short_enough_and_together_the_whole(seconds: float, block_seconds: float) -> None:
    samples = np.arange(int(seconds * 16_000)).astype(np.int16)
    step = int(block_seconds * 16_000)
    blocks = (samples[begin : begin + step] for begin in range(0, len(samples), step))
    pieces = list(cut_at_pauses(blocks, WINDOW, lambda searched: [0.9] * (len(searched) // WINDOW)))
    assert np.array_equal(np.concatenate([piece.samples for piece in pieces]), samples)
    assert all(len(piece.samples) <= 25 * 16_000 for piece in pieces)
    assert [piece.start for piece in pieces[1:]] == [piece.end for piece in pieces[:-1]]


def test_a_cut_does_not_go_through_speech() -> None:
    samples = np.ones(16_000 * 40, np.int16)
    samples[16_000 * 20 : 16_000 * 21] = 0
    first, second = cut_at_pauses([samples], WINDOW, loudness)
    assert first.samples[-1] == second.samples[0] == 0
    assert second.start == pytest.approx(20.5, abs=0.1)


def test_speech_that_was_heard_where_a_cut_was_looked_for_is_not_looked_for_again() -> None:
    speech, pause = np.ones(16_000 * 24, np.int16), np.zeros(16_000 * 26, np.int16)
    spoken_piece, quiet_piece, *_ = cut_at_pauses([speech, pause], WINDOW, loudness)
    assert (spoken_piece.has_heard_speech, quiet_piece.has_heard_speech) == (True, False)


def test_a_long_recording_is_cut_before_its_end_is_there() -> None:
    taken = 0

    def blocks() -> Iterator[np.ndarray]:
        nonlocal taken
        while True:
            taken += 1
            yield np.ones(16_000, np.int16)

    pieces = cut_at_pauses(blocks(), WINDOW, loudness)
    next(pieces)
    assert taken == 26
    assert all(piece.samples.base is None for piece in (next(pieces), next(pieces))), "a piece keeps more than itself"


def test_speech_is_more_than_a_click() -> None:
    click = np.zeros(16_000 * 10, np.int16)
    click[100_000 : 100_000 + WINDOW] = 1
    word = np.zeros(16_000 * 10, np.int16)
    word[-WINDOW * 6 :] = 1
    assert not has_speech(np.zeros(0, np.int16), WINDOW, loudness)
    assert not has_speech(click, WINDOW, loudness)
    assert has_speech(word, WINDOW, loudness)


# Silero takes the beginning of "music-fast" for speech, for as long as a short word takes: that is left to the engines.
@pytest.mark.parametrize("noise", sorted(NOISES.keys() - {"music-fast"}))
def test_nobody_speaks_in_noise(noise: str) -> None:
    assert not is_spoken(Piece(0.0, NOISES[noise](4.0)))


@pytest.mark.parametrize("level", [1, 20], ids=["close", "far away"])
@pytest.mark.parametrize(("text", "voice"), [("да", "ru"), ("включи свет на кухне", "ru"), ("打开厨房的灯", "cmn")])
def test_a_single_sentence_in_a_long_silence_is_heard(text: str, voice: str, level: int) -> None:
    samples = np.concatenate([np.zeros(16_000 * 3, np.int16), spoken(text, voice) // level])
    assert is_spoken(Piece(0.0, samples))


def test_a_hint_has_devices_and_rooms_first_and_keeps_to_its_budget() -> None:
    vocabulary = Vocabulary(
        names=(Name("лампа", "light"), Name("лампа", "switch")), areas=("кухня",), titles=("Мимино",), topics=("насос",)
    )
    assert hint(vocabulary, len, 100) == "лампа, кухня, Мимино, насос"
    assert hint(vocabulary, len, len("лампа, кухня, ")) == "лампа, кухня"
    assert hint(vocabulary, len, 3) == ""
    assert hint(Vocabulary(), len, 100) == ""

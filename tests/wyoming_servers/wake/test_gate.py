"""Dead silence is not listened to, and no word after it is lost."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.fakes.spoken import spoken
from tests.wyoming_servers.wake.hearing import detected, in_a_room, scores_of
from wyoming_servers.wake.engines.openwakeword import OpenWakeWordEngine
from wyoming_servers.wake.gate import Gate
from wyoming_servers.wake.settings import GateSettings

SETTINGS = GateSettings(silent_peak=8, silent_windows=3)


def window(level: int) -> NDArray[np.int16]:
    return np.full(1280, level, np.int16)


def test_it_closes_after_enough_silence_and_opens_with_what_came_before_the_sound() -> None:
    gate = Gate(SETTINGS, memory_windows=2)
    passed = [len(gate.process(window(level))) for level in (100, 8, 8, 8, 8, 8, 8, 9, 0)]
    assert passed == [1, 1, 1, 1, 0, 0, 0, 3, 1]


def test_windows_are_given_back_in_order_and_once() -> None:
    gate = Gate(SETTINGS, memory_windows=3)
    for level in (0, 0, 0, 1, 2, 3, 4):
        gate.process(window(level))
    assert [int(one[0]) for one in gate.process(window(500))] == [2, 3, 4, 500]
    assert [int(one[0]) for one in gate.process(window(0))] == [0]


def test_a_negative_sample_is_a_sound_too() -> None:
    gate = Gate(SETTINGS, memory_windows=3)
    for _ in range(5):
        gate.process(window(0))
    assert gate.is_closed
    assert gate.process(np.full(1280, -32768, np.int16))
    assert not gate.is_closed


@pytest.mark.parametrize("noise", [0, 4], ids=["digital silence", "noise of four steps"])
def test_the_scores_of_a_word_after_silence_are_the_same_with_and_without_the_gate(
    openwakeword_engine: OpenWakeWordEngine, noise: int
) -> None:
    word = in_a_room(spoken("okay nabu", "en-us+f3", silence=0.0))
    for offset in range(0, 1280, 160):
        silence = np.random.default_rng(offset).integers(-noise, noise + 1, 7 * 16_000 + offset).astype(np.int16)
        heard = np.concatenate((silence, word, silence[:16_000]))
        gate = Gate(GateSettings(), openwakeword_engine.memory_windows)
        gated = scores_of(openwakeword_engine, heard, "okay_nabu", gate)
        whole = scores_of(openwakeword_engine, heard, "okay_nabu")
        begin = len(silence) // 1280
        np.testing.assert_allclose(gated[begin:], whole[begin:], atol=1e-3)
        assert detected(whole)
        assert not any(gated[40 : begin - 1]), "the gate was open"


def test_no_word_is_heard_at_the_gates_level_and_none_lost_just_above(
    openwakeword_engine: OpenWakeWordEngine,
) -> None:
    for name in ("okay_nabu", "hey_jarvis", "hey_rhasspy"):
        word = spoken(name.replace("_", " "), "en-us", silence=4.0).astype(np.float32)
        faint, louder = (np.rint(word / np.abs(word).max() * peak).astype(np.int16) for peak in (4, 8))
        assert not detected(scores_of(openwakeword_engine, faint, name))
        gate = Gate(GateSettings(), openwakeword_engine.memory_windows)
        assert detected(scores_of(openwakeword_engine, louder, name, gate))

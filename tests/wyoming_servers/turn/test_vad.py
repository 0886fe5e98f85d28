"""The voice activity detector on speech and on what is none."""

import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.fakes.sounds import NOISES
from tests.fakes.spoken import spoken
from wyoming_servers.runtime.child import child_environment
from wyoming_servers.turn.vad import WINDOW_SAMPLES, VoiceActivity


def probabilities(samples: NDArray[np.int16]) -> NDArray[np.float64]:
    return np.array(VoiceActivity().process(samples[: len(samples) - len(samples) % WINDOW_SAMPLES]))


@pytest.mark.parametrize(("voice", "text"), [("en-us", "turn on the kitchen light"), ("ru", "включи свет на кухне")])
def test_speech_is_told_from_the_silence_around_it(voice: str, text: str) -> None:
    heard = probabilities(spoken(text, voice, silence=1.0))
    windows_of_silence = 16_000 // WINDOW_SAMPLES
    assert np.median(heard[windows_of_silence:-windows_of_silence]) > 0.9
    assert max(heard[: windows_of_silence - 3]) < 0.5
    assert max(heard[-windows_of_silence + 10 :]) < 0.5


@pytest.mark.parametrize("name", NOISES)
def test_noise_is_no_lasting_speech(name: str) -> None:
    assert np.mean(probabilities(NOISES[name](3.0)) > 0.5) < 0.1


def test_windows_in_one_go_or_one_by_one_are_the_same() -> None:
    samples = spoken("good evening")[: 30 * WINDOW_SAMPLES]
    detector = VoiceActivity()
    one_by_one = [detector.process(window)[0] for window in samples.reshape(-1, WINDOW_SAMPLES)]
    assert one_by_one == list(VoiceActivity().process(samples))


def test_one_stream_does_not_hear_what_another_has_heard() -> None:
    samples = spoken("good evening")[: 30 * WINDOW_SAMPLES]
    VoiceActivity().process(samples)
    assert list(VoiceActivity().process(samples)) == list(VoiceActivity().process(samples))


def test_listening_takes_no_threads_of_its_own() -> None:
    program = """
import os
import numpy as np
from wyoming_servers.turn.vad import WINDOW_SAMPLES, VoiceActivity
before = len(os.listdir("/proc/self/task"))
VoiceActivity().process(np.zeros(4 * WINDOW_SAMPLES, np.int16))
print(len(os.listdir("/proc/self/task")) - before, os.environ["OMP_THREAD_LIMIT"])
"""
    said = subprocess.run(
        [sys.executable, "-c", program], env=child_environment(OMP_THREAD_LIMIT="7"), capture_output=True, check=True
    )
    assert said.stdout.split() == [b"0", b"7"]

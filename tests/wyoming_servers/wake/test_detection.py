"""The built-in words in synthetic voices that trigger them, with sounds that are no speech beside them and alone.

`hey_mycroft` is missing: of the synthetic voices at hand hardly one triggers it.
"""

import numpy as np
import pytest

from tests.fakes.sounds import NOISES
from tests.fakes.spoken import spoken
from tests.wyoming_servers.wake.hearing import detected, mixed, scores_of, windows_of
from wyoming_servers.wake.engine import Due
from wyoming_servers.wake.engines import openwakeword
from wyoming_servers.wake.engines.openwakeword import OpenWakeWordEngine

VOICES = {
    "okay_nabu": [("en-us", 170), ("en-us+f3", 150), ("en-us+m3", 150)],
    "hey_jarvis": [("en-us+f3", 150)],
    "hey_rhasspy": [("en-029", 130)],
    "alexa": [("en-us", 170)],
}
SPOKEN = [(word, *voice) for word, voices in VOICES.items() for voice in voices]
HEARD_BESIDE = {"alexa": {"music-quiet": 5}}
"""How many decibels a word may be above a sound at least; 5 if nothing stands here, and no such sound at all
for a word that stands here without it."""


@pytest.mark.parametrize("sound", ["pink-300", "music-quiet"])
@pytest.mark.parametrize(("word", "voice", "words_per_minute"), SPOKEN)
def test_a_word_is_heard_beside_a_sound(
    openwakeword_engine: OpenWakeWordEngine, word: str, voice: str, words_per_minute: int, sound: str
) -> None:
    lowest = HEARD_BESIDE.get(word, {sound: 5}).get(sound)
    if lowest is None:
        pytest.skip("the model does not hear this voice beside this sound")
    speech = spoken(word.replace("_", " "), voice, words_per_minute=words_per_minute, silence=1.0)
    for decibels in (20, 10, lowest):
        assert detected(scores_of(openwakeword_engine, mixed(speech, NOISES[sound], decibels), word)), decibels


def test_a_word_is_heard_wherever_it_falls_among_the_windows(openwakeword_engine: OpenWakeWordEngine) -> None:
    speech = spoken("okay nabu", "en-us+m3", silence=1.0)
    for offset in range(0, 1280, 160):
        moved = np.concatenate((np.zeros(offset, np.int16), speech))
        assert detected(scores_of(openwakeword_engine, moved, "okay_nabu")), offset


@pytest.mark.parametrize("sound", NOISES)
def test_no_word_is_heard_in_a_sound(openwakeword_engine: OpenWakeWordEngine, sound: str) -> None:
    stream = openwakeword_engine.open([file.name for file in openwakeword.builtin()])
    for window in windows_of(openwakeword_engine, NOISES[sound](6.0)):
        scores = openwakeword_engine.process([Due(stream, window)])[0].scores
        assert len(scores) == 5
        assert all(score.probability < 0.5 for score in scores)

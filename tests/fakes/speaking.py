"""What every speech engine keeps, as tests of a fixture `speaking`: imported where engines of an environment are."""

import threading
from dataclasses import dataclass, replace

import numpy as np
import pytest

from tests.waiting import PATIENCE_SECONDS
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.tts.engine import TtsEngine, Voice

SENTENCES = {
    "ru": "Свет на кухне включён.",
    "en": "The kitchen light is on.",
    "zh": "厨房的灯开了。",
}


@dataclass
class Speaking:
    """A loaded engine and what it announces."""

    name: str
    voices: list[Voice]
    engine: TtsEngine

    def say(self, text: str, voice: Voice) -> np.ndarray:
        return np.frombuffer(b"".join(self.engine.synthesize(text, voice)), "<i2").astype(np.int32)


def sentence_for(voice: Voice) -> str:
    return SENTENCES.get(voice.languages[0].split("-")[0], SENTENCES["en"])


def test_voices_have_the_agreed_form(speaking: Speaking) -> None:
    names = [voice.name for voice in speaking.voices]
    assert len(set(names)) == len(names) > 0
    for voice in speaking.voices:
        engine, language, speaker = voice.name.split("-", maxsplit=2)
        assert speaking.name in (engine, "auto")
        assert language.split("_")[0] == voice.languages[0].split("-")[0]
        assert speaker
        assert voice.description
        assert voice.author
        assert voice.url.startswith("https://")
    assert len({voice.description for voice in speaking.voices}) == len(names)


def test_every_voice_is_neither_silent_nor_clipped_and_speaks_at_its_rate(speaking: Speaking) -> None:
    for voice in speaking.voices:
        assert 8000 <= voice.rate <= 48_000
        samples = speaking.say(sentence_for(voice), voice)
        assert voice.rate / 4 < len(samples) < 20 * voice.rate, voice
        assert np.abs(samples).max() > 1000, f"{voice} is silent"
        assert np.mean(np.abs(samples) > 32_700) < 0.001, f"{voice} is clipped"


@pytest.mark.parametrize("text", ["", " \n", "...", "«»"])
def test_nothing_to_say_is_no_sound(text: str, speaking: Speaking) -> None:
    for voice in speaking.voices[:2]:
        samples = speaking.say(text, voice)
        assert len(samples) < voice.rate
        assert not samples.any()


def test_a_long_text_is_spoken_to_its_end(speaking: Speaking) -> None:
    voice = speaking.voices[0]
    once = len(speaking.say(sentence_for(voice), voice))
    blocks = list(speaking.engine.synthesize(f"{sentence_for(voice)} " * 20, voice))
    assert sum(map(len, blocks)) / 2 > 10 * once
    assert all(len(block) % 2 == 0 < len(block) for block in blocks)


def test_what_is_closed_before_it_begins_is_not_spoken(speaking: Speaking) -> None:
    voice = speaking.voices[0]
    speech = speaking.engine.synthesize(sentence_for(voice), voice)
    speech.close()
    assert list(speech) == []
    assert speaking.say(sentence_for(voice), voice).any()


def test_speech_can_be_closed_from_another_thread_and_the_engine_goes_on(speaking: Speaking) -> None:
    voice = speaking.voices[0]
    speech = speaking.engine.synthesize(f"{sentence_for(voice)} " * 100, voice)
    blocks: list[bytes] = []
    listener = threading.Thread(target=lambda: blocks.extend(speech))
    listener.start()
    speech.close()
    listener.join(PATIENCE_SECONDS)
    assert not listener.is_alive()
    assert list(speech) == []
    assert speaking.say(sentence_for(voice), voice).any()


def test_two_texts_may_be_spoken_in_turns(speaking: Speaking) -> None:
    voice = speaking.voices[0]
    first, second = (speaking.engine.synthesize(sentence_for(voice), voice) for _ in range(2))
    assert next(first)
    assert b"".join(second)
    first.close()


def test_an_unknown_voice_is_an_engine_error_that_names_it(speaking: Speaking) -> None:
    for name in ("tarkovsky", f"{speaking.name}-ru-tarkovsky", "espeak", "piper-ru"):
        speech = speaking.engine.synthesize("Да.", replace(speaking.voices[0], name=name))
        with pytest.raises(EngineError, match=name):
            list(speech)

"""A word enrolled with little effort, and the files that people record."""

import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.fakes.spoken import spoken
from wyoming_servers.wake.enrolment.enrol import Effort, Wish, enrol
from wyoming_servers.wake.enrolment.speakers import EspeakSpeaker, Speaker
from wyoming_servers.wake.own_word import OwnWord

SOME = Effort(word=40, other=80, held_out_word=10, held_out_other=10)
LITTLE = Effort(word=30, other=20, held_out_word=5, held_out_other=5)
VARIANTS = ("", "f1", "f2", "f4", "m1", "m2", "m3", "Alex", "Andrea", "Mario")
Record = Callable[..., Path]


class Unwatched:
    """A progress that nobody looks at."""

    def phase(self, title: str, steps: int) -> None:
        pass

    def step(self) -> None:
        pass


def few_speakers(language: str) -> list[Speaker]:
    name = {"zh": "cmn", "en": "en-us"}.get(language, language)
    return [EspeakSpeaker(name, variant) for variant in VARIANTS]


def write_wav(path: Path, samples: NDArray[np.int16], rate: int = 16_000, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as audio:
        audio.setnchannels(channels)
        audio.setsampwidth(2)
        audio.setframerate(rate)
        audio.writeframes(np.repeat(samples, channels).tobytes())
    return path


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """Return a function that writes a text, said by somebody, as a recording of a kitchen with a faint hum."""

    def recording(name: str, text: str, voice: str, words_per_minute: int = 150) -> Path:
        speech = spoken(text, voice, words_per_minute=words_per_minute, silence=0.6)
        hum = 20 * np.sin(np.arange(len(speech)) / 30)
        return write_wav(tmp_path / f"{name}.wav", (speech + hum).astype(np.int16))

    return recording


@pytest.fixture(scope="session")
def domovoy() -> OwnWord:
    """Return «домовой», said by synthetic voices alone."""
    return enrol(Wish("домовой", "ru", "домовой"), few_speakers, Unwatched(), SOME)

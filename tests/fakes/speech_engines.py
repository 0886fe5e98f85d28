"""Engines whose every step a test decides."""

import itertools
import threading
import time
from collections.abc import Generator, Sequence
from pathlib import Path

import numpy as np

from tests.waiting import PATIENCE_SECONDS
from wyoming_servers.runtime.audio import Samples
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.stt.engine import Transcription
from wyoming_servers.tts.engine import Speech, Voice
from wyoming_servers.wake.engine import Due, Heard, Score
from wyoming_servers.wake.library import WordFile, WordLibrary
from wyoming_servers.wake.settings import WakeSettings, WordSettings
from wyoming_servers.wake.words import Embeddings, Evidence

VOICES = (Voice("fake-ru", "Fake Russian", ("ru",), 8000), Voice("fake-en", "Fake English", ("en",), 8000))
WORDS = tuple(WordFile(Path(f"{name}.fake"), WordSettings(languages=("en",))) for name in ("loud", "silent"))


class FakeSttEngine:
    """Answers with the number of samples heard, as soon as `gate` is open."""

    name = "fake"
    languages = ("en",)

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.begun = threading.Event()
        self.failure: Exception | None = None
        self.calls: list[int] = []
        """How many samples each had, in order."""

    def transcribe(self, samples: Samples, language: str | None) -> Transcription:
        self.calls.append(len(samples))
        self.begun.set()
        self.gate.wait(PATIENCE_SECONDS)
        if self.failure is not None:
            raise self.failure
        return Transcription(str(len(samples)), language or "en")


class FakeTtsEngine:
    """Speaks `seconds` of constant audio in `pieces`; counts the sentences begun and those closed early."""

    name = "fake"

    def __init__(self, pieces: int = 2, seconds: int = 1) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.failure: Exception | None = None
        self.failing_after = 1_000_000
        """Sentences that are spoken before it fails."""

        self.spoken: list[tuple[str, str]] = []
        self.closed_early = threading.Event()
        self.is_endless = False
        self.blocks = 0
        self._pieces = pieces
        self._seconds = seconds

    def synthesize(self, text: str, voice: Voice) -> Speech:
        return Speech(self._blocks(text, voice))

    def close(self) -> None:
        pass

    def _blocks(self, text: str, voice: Voice) -> Generator[bytes]:
        self.spoken.append((text, voice.name))
        if self.failure is not None:
            raise self.failure
        if len(self.spoken) > self.failing_after:
            raise EngineError("out of breath")
        try:
            for _ in itertools.count() if self.is_endless else range(self._pieces):
                self.gate.wait(PATIENCE_SECONDS)
                self.blocks += 1
                time.sleep(0.005 if self.is_endless else 0)
                yield b"\0\x10" * (self._seconds * voice.rate // self._pieces)
        except GeneratorExit:
            self.closed_early.set()
            raise


class FakeWakeEngine:
    """Hears the word "loud" in a window whose peak is high, once `gate` is open."""

    name = "fake"
    window_samples = 1280
    lead_samples = 0
    memory_windows = 4

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.failure: Exception | None = None
        self.delay = 0.0
        """Seconds that each batch takes."""

        self.begun = threading.Event()
        """Set with the first window."""

        self.batches: list[int] = []
        """How many streams were in each."""

    @property
    def heard(self) -> int:
        """How many windows."""
        return sum(self.batches)

    def open(self, names: Sequence[str]) -> "FakeWakeStream":
        return FakeWakeStream(names)

    def process(self, due: Sequence[Due]) -> Sequence[Heard]:
        self.begun.set()
        self.gate.wait(PATIENCE_SECONDS)
        time.sleep(self.delay)
        if self.failure is not None:
            raise self.failure
        self.batches.append(len(due))
        return [one.stream.process(one.samples) for one in due if isinstance(one.stream, FakeWakeStream)]


class FakeWakeStream:
    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._window: Samples = np.empty(0, np.int16)

    def process(self, window: Samples) -> Heard:
        self._window = window
        loudness = float(abs(window).max()) / 32767
        return Heard([Score(name, loudness if name == "loud" else 0.0) for name in self._names])

    def evidence(self, score: Score) -> Evidence:
        nothing: Embeddings = np.empty((0, 96), np.float32)
        return Evidence(score.name, score.probability, self._window, nothing)


def fake_library(settings: WakeSettings) -> WordLibrary:
    """Return the words of the fake engine."""
    return WordLibrary(WORDS, settings)

"""Synthetic people: every voice that this machine has, varied in pace, pitch and size."""

import re
import subprocess
import tempfile
import wave
from collections.abc import Iterable, Sequence
from shutil import which
from typing import Protocol

import numpy as np
import soxr

from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.espeak import shared_espeak

from .errors import EnrolmentError

VARIANTS = (
    "", "f1", "f2", "f3", "f4", "f5", "m1", "m2", "m3", "m4", "m6", "m7", "klatt", "klatt2", "klatt4", "Alex",
    "Alicia", "Andrea", "Andy", "Annie", "Denis", "Diogo", "Gene", "Henrique", "Hugo", "Lee", "Marco", "Mario",
    "Michael", "Nguyen", "Storm", "adam", "anika", "antonio", "aunty", "belinda", "benjamin", "boris", "caleb",
    "david", "ed", "edward", "grandma", "grandpa", "iven", "john", "linda", "marcelo", "max", "michel", "miguel",
    "pablo", "paul", "pedro", "quincy", "rob", "robert", "sandro", "shelby", "steph", "travis", "victor", "zac",
)  # fmt: skip
"""eSpeak NG's formants; those for fun (whispering, robots) are left out."""

_ESPEAK_NAMES = {"zh": "cmn", "en": "en-us", "no": "nb"}
_ACCENTS = {"en": ("en-us", "en", "en-gb-scotland")}
_FLITE_VOICES = re.compile(r"Voices available: (.*)")
_TIMEOUT_SECONDS = 30


class Speaker(Protocol):
    """One person who can say anything."""

    name: str

    def say(self, text: str, random: np.random.Generator) -> Samples:
        """Return the text at a pace and pitch of the moment. Blocking. Raises: EnrolmentError."""


class EspeakSpeaker:
    """One of eSpeak NG's voices."""

    def __init__(self, voice: str, variant: str) -> None:
        self._voice = f"{voice}+{variant}" if variant else voice
        self.name = f"eSpeak {self._voice}"

    def say(self, text: str, random: np.random.Generator) -> Samples:
        """Return the text as a person of some size says it: all frequencies move together, as with the vocal tract."""
        size = random.uniform(0.85, 1.2)
        words_per_minute, pitch = int(random.uniform(120, 210) / size), int(random.uniform(15, 85))
        try:
            espeak = shared_espeak()
            pcm = espeak.synthesize(text, self._voice, words_per_minute=max(80, words_per_minute), pitch=pitch)
        except EngineError as err:
            raise EnrolmentError(f"{self.name} can't say {text!r}: {err}") from err
        return _resampled(np.frombuffer(pcm, np.int16), espeak.sample_rate * size)


class FliteSpeaker:
    """One of Flite's English voices, through its program."""

    def __init__(self, voice: str) -> None:
        self._voice = voice
        self.name = f"flite {voice}"

    def say(self, text: str, random: np.random.Generator) -> Samples:
        """Return the text."""
        size, stretch = random.uniform(0.92, 1.1), random.uniform(0.85, 1.15)
        with tempfile.NamedTemporaryFile(suffix=".wav") as file:
            command = ["flite", "-voice", self._voice, "--setf", f"duration_stretch={stretch:.2f}"]
            try:
                subprocess.run([*command, "-t", text, "-o", file.name], check=True, timeout=_TIMEOUT_SECONDS)  # noqa: S603
                with wave.open(file.name) as audio:
                    pcm = np.frombuffer(audio.readframes(audio.getnframes()), np.int16)
                    return _resampled(pcm, audio.getframerate() * size)
            except (OSError, subprocess.SubprocessError, wave.Error) as err:
                raise EnrolmentError(f"{self.name} can't say {text!r}: {err}") from err


class PcmSpeaker:
    """A voice of a synthesis engine, whatever it is: `synthesize` gives 16-bit mono PCM at `rate` hertz."""

    def __init__(self, name: str, rate: int, synthesize: "Synthesize") -> None:
        self.name = name
        self._rate = rate
        self._synthesize = synthesize

    def say(self, text: str, random: np.random.Generator) -> Samples:
        """Return the text as a person of some size says it."""
        pcm = np.frombuffer(b"".join(self._synthesize(text)), np.int16)
        return _resampled(pcm, self._rate * random.uniform(0.92, 1.1))


class Synthesize(Protocol):
    """Text to pieces of PCM."""

    def __call__(self, text: str, /) -> Iterable[bytes]:
        """Yield 16-bit mono PCM."""


def installed_speakers(language: str) -> Sequence[Speaker]:
    """Return eSpeak NG's voices of a language and, for English, Flite's where it is installed."""
    accents = _ACCENTS.get(language, (_espeak_name(language),))
    speakers: list[Speaker] = [
        EspeakSpeaker(accents[number % len(accents)], variant) for number, variant in enumerate(VARIANTS)
    ]
    if language == "en" and which("flite"):
        listed = subprocess.run(["flite", "-lv"], capture_output=True, text=True, check=False)  # noqa: S607
        if match := _FLITE_VOICES.search(listed.stdout):
            speakers += [FliteSpeaker(voice) for voice in match.group(1).split()]
    return speakers


def phonemes(text: str, language: str) -> Sequence[str]:
    """Return how a text sounds, by eSpeak NG. Raises: EnrolmentError for a language that it does not have."""
    try:
        return shared_espeak().phonemes(text, _espeak_name(language))
    except EngineError as err:
        raise EnrolmentError(f"No synthetic voice speaks {language!r}.") from err


def _espeak_name(language: str) -> str:
    return _ESPEAK_NAMES.get(language, language)


def _resampled(pcm: Samples, rate: float) -> Samples:
    """Return the speech at 16 kHz, without the silence around it."""
    sound = soxr.resample(pcm.astype(np.float32), rate, SAMPLE_RATE)
    audible = np.flatnonzero(np.abs(sound) > 0.02 * np.abs(sound).max(initial=1.0))
    if not len(audible):
        return np.empty(0, np.int16)
    kept: Samples = np.clip(sound[audible[0] : audible[-1] + 1], -32768, 32767).astype(np.int16)
    return kept

"""The demo's own voice: the sentences that the microphone hears."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import espeakng_loader
import numpy as np

from demo.audio import read_microphone, trim, write_wav
from demo.errors import SpeechError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

WAKE_PHRASE = "okay nabu"
PAUSE_SECONDS = 0.9
"""Between the wake word and the sentence; people wait about as long for the sound that says "I am listening"."""
MICROPHONE_RATE = 16_000

_SYNCHRONOUS = 2
_UTF8 = 1
_SPEED = 1
_WORDS_PER_MINUTE = 165
"""At this speed the `okay_nabu` model of openWakeWord is sure of this voice; at 130 it is not."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A WAV file for the microphone and the places in it that latencies are counted from."""

    path: Path
    seconds: float
    speech_end: float
    """Seconds from the start of the file to the end of the sentence."""
    wake_end: float | None = None
    """Seconds from the start of the file to the end of the wake word; None when there is none in it."""


def speak(text: str, voice: str, path: Path) -> None:
    """Write a text as spoken by a voice of eSpeak NG (`en-us`, `ru`) to a WAV file. Blocking, one call at a time.

    Raises: SpeechError.
    """
    engine = _engine()
    library, spoken = engine.library, engine.spoken
    spoken.clear()
    if library.espeak_SetVoiceByName(voice.encode()) != 0:
        raise SpeechError(f"eSpeak NG has no voice {voice}.")
    library.espeak_SetParameter(_SPEED, _WORDS_PER_MINUTE, 0)
    encoded = text.encode()
    library.espeak_Synth(encoded, len(encoded) + 1, 0, 0, 0, _UTF8, None, None)
    if not spoken:
        raise SpeechError(f"eSpeak NG said nothing for {text!r}.")
    write_wav(path, np.concatenate(spoken), engine.rate)


def record(sentence: str, path: Path, voice: str = "en-us") -> Recording:
    """Write "okay nabu", a pause and a sentence as one WAV file. Blocking."""
    wake_word = _words(WAKE_PHRASE, path, voice)
    words = _words(sentence, path, voice)
    pause = np.zeros(int(PAUSE_SECONDS * MICROPHONE_RATE), np.int16)
    samples = np.concatenate([wake_word, pause, words])
    write_wav(path, samples, MICROPHONE_RATE)
    seconds = samples.size / MICROPHONE_RATE
    return Recording(path, seconds, speech_end=seconds, wake_end=wake_word.size / MICROPHONE_RATE)


def _words(text: str, path: Path, voice: str) -> NDArray[np.int16]:
    speak(text, voice, path)
    return trim(read_microphone(path))


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


@dataclass(frozen=True, slots=True)
class _Engine:
    library: Any
    rate: int
    """Hertz."""
    spoken: list[NDArray[np.int16]]
    """Filled by the callback while the library speaks."""
    callback: object
    """Held here: a callback of ctypes lives only as long as somebody holds it."""


@cache
def _engine() -> _Engine:
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), 0)
    if rate <= 0:
        raise SpeechError("eSpeak NG did not start: its data could not be read.")
    spoken: list[NDArray[np.int16]] = []

    def collect(samples: Any, count: int, _events: object) -> int:
        if samples and count > 0:
            spoken.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    callback = _Callback(collect)
    library.espeak_SetSynthCallback(callback)
    return _Engine(library, rate, spoken, callback)

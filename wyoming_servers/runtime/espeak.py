"""eSpeak NG as a library: speech for the synthesis server, pronunciations for the recogniser.

The library keeps one global state, so a process has one `Espeak` and uses it under its lock.
"""

import ctypes as c
import os
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import espeakng_loader

from .errors import EngineError

_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000
_UTF8 = 1
_IPA = 2
_PHONEME_SEPARATOR = "_"
_ASCII_PHONEMES = ord(_PHONEME_SEPARATOR) << 8
_STRESS_MARKS = "',%="
_BY_CHARACTER = 1
_RATE_PARAMETER, _VOLUME_PARAMETER, _PITCH_PARAMETER = 1, 2, 3
_LONGEST_DATA_PATH = 140
"""The library copies the path into 160 bytes, with a folder name of its own behind it."""

_Callback = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_int, c.c_void_p)


_sharing = threading.Lock()
_shared: "Espeak | None" = None


def shared_espeak() -> "Espeak":
    """Return the process's one eSpeak NG. Raises: EngineError when the library can't be used."""
    global _shared  # noqa: PLW0603 (the library's state is as global)
    with _sharing:  # the engines of recognition and synthesis load at the same time
        if _shared is None:
            _shared = Espeak()
        return _shared


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of text between two pauses."""

    phonemes: str
    text: str
    """With the marks before and behind it."""


class Espeak:
    """The loaded library. Blocking; safe to call from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        try:
            self._library = c.CDLL(espeakng_loader.get_library_path())
        except OSError as err:
            raise EngineError(f"The eSpeak NG library can't be loaded: {err}") from err
        self._library.espeak_Initialize.argtypes = [c.c_int, c.c_int, c.c_char_p, c.c_int]
        self._library.espeak_Synth.argtypes = [
            c.c_char_p, c.c_size_t, c.c_uint, c.c_int, c.c_uint, c.c_uint, c.c_void_p, c.c_void_p
        ]  # fmt: skip
        self._library.espeak_TextToPhonemes.argtypes = [c.POINTER(c.c_char_p), c.c_int, c.c_int]
        self._library.espeak_TextToPhonemes.restype = c.c_char_p
        self._data, self._link = _short_path(Path(espeakng_loader.get_data_path()))
        self.sample_rate: int = self._library.espeak_Initialize(_SYNCHRONOUS, 0, str(self._data).encode(), _DONT_EXIT)
        """Hertz."""
        if self.sample_rate <= 0:
            raise EngineError(f"eSpeak NG finds no voices in {self._data}")

    def synthesize(
        self,
        text: str,
        voice: str,
        *,
        words_per_minute: int = 165,
        pitch: int = 50,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> bytes:
        """Return the text as 16-bit mono PCM at `sample_rate`; cut where `is_wanted`, asked now and then, denies.

        Raises: EngineError for an unknown voice or when the library fails.
        """
        pcm = bytearray()

        def collect(samples: int | None, count: int, _: int | None) -> int:
            if samples and count:
                pcm.extend(c.string_at(samples, count * 2))
            return 0 if is_wanted() else 1

        callback = _Callback(collect)  # kept here: the library holds no reference to it
        data = text.replace("\0", " ").encode(errors="replace")
        with self._lock:
            self._select(voice)
            self._library.espeak_SetParameter(_RATE_PARAMETER, words_per_minute, 0)
            self._library.espeak_SetParameter(_PITCH_PARAMETER, pitch, 0)
            self._library.espeak_SetSynthCallback(callback)
            status = self._library.espeak_Synth(data, len(data) + 1, 0, _BY_CHARACTER, 0, _UTF8, None, None)
            self._library.espeak_Synchronize()
        if status != 0:
            raise EngineError(f"eSpeak NG could not speak a text of {len(text)} characters (status {status})")
        return bytes(pcm)

    def phonemes(self, text: str, voice: str) -> list[str]:
        """Return the text's phonemes in eSpeak NG's ASCII notation, without stress marks."""
        pointer = c.c_char_p(text.encode(errors="replace"))
        parts: list[bytes] = []
        with self._lock:
            self._select(voice)
            while pointer.value:
                parts.append(self._library.espeak_TextToPhonemes(c.byref(pointer), _UTF8, _ASCII_PHONEMES))
        spoken = _PHONEME_SEPARATOR.encode().join(parts).decode().replace(" ", _PHONEME_SEPARATOR)
        return [phoneme for part in spoken.split(_PHONEME_SEPARATOR) if (phoneme := part.strip(_STRESS_MARKS))]

    def clauses(self, text: str, voice: str) -> list[Clause]:
        """Return the text's clauses in the International Phonetic Alphabet with stress, as the library cuts them.

        Raises: EngineError for an unknown voice.
        """
        data = text.replace("\0", " ").encode(errors="replace")
        buffer = c.create_string_buffer(data)
        start = 0
        position = c.c_char_p(c.addressof(buffer))
        clauses = []
        with self._lock:
            self._select(voice)
            while position.value:
                phonemes = self._library.espeak_TextToPhonemes(c.byref(position), _UTF8, _IPA)
                address = c.cast(position, c.c_void_p).value
                end = len(data) if address is None else address - c.addressof(buffer)
                read = data[start:end].decode(errors="ignore")
                # The library has read the first letter of the next clause already.
                clauses.append(Clause(phonemes.decode(), read if address is None else read[:-1]))
                start = end
        return clauses

    def _select(self, voice: str) -> None:
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise EngineError(f"eSpeak NG has no voice {voice!r}")


def _short_path(data: Path) -> "tuple[Path, tempfile.TemporaryDirectory[str] | None]":
    """Return the data folder under a path that the library's buffer holds, and what keeps that path alive."""
    if len(os.fsencode(data)) <= _LONGEST_DATA_PATH:
        return data, None
    folder = tempfile.TemporaryDirectory(prefix="espeak-")
    link = Path(folder.name) / "data"
    link.symlink_to(data, target_is_directory=True)
    return link, folder

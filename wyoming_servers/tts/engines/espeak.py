"""eSpeak NG: small, instant, no download, more than a hundred languages; `espeakng-loader` carries it."""

import threading
from collections.abc import Generator, Sequence

from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.espeak import Espeak, shared_espeak
from wyoming_servers.tts.engine import EngineOptions, Speech, Voice

_RATE = 22_050
_LANGUAGES = {
    "ru": ("Русский", ("ru", "ru-RU")),
    "en": ("English", ("en", "en-US", "en-GB")),
    "zh": ("中文", ("zh", "zh-CN")),
}
_OWN_NAMES = {"ru": "ru", "en": "en-us", "zh": "cmn"}
_SPEAKERS = {"male": "", "female": "+f3"}
_AUTHOR, _URL = "eSpeak NG", "https://github.com/espeak-ng/espeak-ng"


def voices(options: EngineOptions) -> Sequence[Voice]:  # noqa: ARG001 (it has no files of its own)
    """Return the voices without loading the engine; the first of a language is its default."""
    return [
        Voice(f"espeak-{language}-{speaker}", f"eSpeak {title} ({speaker})", codes, _RATE, _AUTHOR, _URL)
        for language, (title, codes) in _LANGUAGES.items()
        for speaker in _SPEAKERS
    ]


class EspeakEngine:
    """Speaks through the process's one eSpeak NG."""

    name = "espeak"

    def __init__(self, espeak: Espeak) -> None:
        self._espeak = espeak

    def synthesize(self, text: str, voice: Voice) -> Speech:
        """Return the text's audio, in one block: a sentence takes a few milliseconds."""
        is_left = threading.Event()
        return Speech(self._blocks(text, voice, is_left), is_left.set)

    def close(self) -> None:
        """Keep the library: the recogniser may use it."""

    def _blocks(self, text: str, voice: Voice, is_left: threading.Event) -> Generator[bytes]:
        if pcm := self._espeak.synthesize(text, _own_name(voice), is_wanted=lambda: not is_left.is_set()):
            yield pcm


def _own_name(voice: Voice) -> str:
    """Return what the library calls the voice. Raises: EngineError."""
    engine, language, speaker, *_ = (*voice.name.split("-"), "", "")
    if engine != "espeak" or language not in _OWN_NAMES or speaker not in _SPEAKERS:
        raise EngineError(f"eSpeak NG has no voice {voice.name!r}.")
    return _OWN_NAMES[language] + _SPEAKERS[speaker]


def load(options: EngineOptions) -> EspeakEngine:  # noqa: ARG001
    """Return the engine. Blocking. Raises: EngineError."""
    espeak = shared_espeak()
    if espeak.sample_rate != _RATE:
        raise EngineError(f"eSpeak NG speaks at {espeak.sample_rate} Hz here; {_RATE} were announced.")
    return EspeakEngine(espeak)

"""eSpeak NG: small, instant, no download, more than a hundred languages; `espeakng-loader` carries it."""

from collections.abc import Generator, Sequence

from wyoming_servers.runtime.espeak import Espeak, shared_espeak
from wyoming_servers.tts.engine import Voice

_LANGUAGES = {
    "ru": ("Русский", ("ru", "ru-RU"), "ru"),
    "en": ("English", ("en", "en-US", "en-GB"), "en-us"),
    "zh": ("中文", ("zh", "zh-CN"), "cmn"),
}
_SPEAKERS = {"male": "", "female": "+f3"}


def voices() -> Sequence[Voice]:
    """Return the voices without loading the engine; the first of a language is its default."""
    return [
        Voice(f"espeak-{language}-{speaker}", f"eSpeak {title} ({speaker})", codes)
        for language, (title, codes, _) in _LANGUAGES.items()
        for speaker in _SPEAKERS
    ]


class EspeakEngine:
    """Speaks through the process's one eSpeak NG."""

    name = "espeak"

    def __init__(self, espeak: Espeak) -> None:
        self._espeak = espeak
        self.sample_rate = espeak.sample_rate

    def synthesize(self, text: str, voice: Voice) -> Generator[bytes]:
        """Yield the sentence at once: it takes a few milliseconds."""
        _, language, speaker = voice.name.split("-")
        yield self._espeak.synthesize(text, _LANGUAGES[language][2] + _SPEAKERS[speaker])


def load() -> EspeakEngine:
    """Return the engine. Blocking."""
    return EspeakEngine(shared_espeak())

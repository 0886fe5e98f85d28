"""The Piper voices that are on this machine: downloaded ones and a folder of one's own."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.tts.engine import EngineOptions, Voice

from .catalogue import CONFIG_ENDING, DEFAULTS, PAGE, downloads, folder_of
from .config import VoiceConfig, read_config

_LOGGER = logging.getLogger(__name__)
_LOW_RATE, _RATE = 16_000, 22_050


@dataclass(frozen=True, slots=True)
class PiperVoice:
    """A voice that can be spoken with."""

    voice: Voice
    stem: str
    """Of its files."""

    network: Path
    config: VoiceConfig
    speaker: int | None
    """None of a network with one speaker."""


def present(options: EngineOptions) -> list[PiperVoice]:
    """Return the voices whose files are there, one's own first; a broken one is left out and told in the log once."""
    found: dict[str, PiperVoice] = {}
    for path in _configs(options):
        for piper_voice in _voices_of(path):
            found.setdefault(piper_voice.voice.name, piper_voice)
    return list(found.values())


def wanted(options: EngineOptions, here: Sequence[PiperVoice]) -> Sequence[str]:
    """Return the names that were asked for, else a default for each language that has no voice here."""
    if options.piper.voices or not options.piper.takes_defaults:
        return options.piper.voices
    spoken = {language for piper_voice in here for language in piper_voice.voice.languages}
    return [name for name in DEFAULTS if name.partition("_")[0] not in spoken]


def announced(options: EngineOptions) -> list[Voice]:
    """Return the wanted voices, also while they are downloaded, and all others that are there."""
    here = present(options)
    first: list[Voice] = []
    for stem in wanted(options, here):
        speakers = [piper_voice.voice for piper_voice in here if piper_voice.stem == stem]
        first += speakers or ([_expected(stem)] if folder_of(stem) else [])
    defaults = [piper_voice.voice for stem in DEFAULTS for piper_voice in here if piper_voice.stem == stem]
    own = [piper_voice.voice for piper_voice in here if piper_voice.stem not in DEFAULTS]
    return list(dict.fromkeys((*first, *own, *defaults)))


def _expected(name: str) -> Voice:
    """Return a voice of the catalogue as it will be once it is downloaded."""
    locale, speaker, quality = name.split("-")
    rate = _LOW_RATE if quality.endswith("low") else _RATE
    return Voice(
        _voice_name(name, locale, ""), f"Piper {speaker} ({locale}, {quality})", _languages(locale), rate, "Piper",
        f"{PAGE}/blob/main/{folder_of(name)}/MODEL_CARD",
    )  # fmt: skip


def _configs(options: EngineOptions) -> Iterator[Path]:
    folders = [downloads(options.models_folder)]
    if options.voices_folder is not None:
        folders.insert(0, options.voices_folder.expanduser())
    for folder in folders:
        yield from sorted(folder.rglob(f"*{CONFIG_ENDING}"))


def _voices_of(path: Path) -> Sequence[PiperVoice]:
    network = path.with_suffix("")
    try:
        files = network.stat(), path.stat()
    except OSError:
        return ()  # not there yet: an upload or a download under way
    version = "-".join(f"{file.st_mtime_ns:x}.{file.st_size:x}" for file in files)
    return _described(path, version) if files[0].st_size else ()


@lru_cache(maxsize=1024)
def _described(path: Path, version: str) -> Sequence[PiperVoice]:
    try:
        config = read_config(path)
    except EngineError as err:
        _LOGGER.warning("%s", err)
        return ()
    stem = path.name.removesuffix(CONFIG_ENDING)
    speakers: list[tuple[str, int | None]] = [*config.speakers.items()] or [("", None)]
    return [
        PiperVoice(_voice(stem, config, name, version), stem, path.with_suffix(""), config, number)
        for name, number in speakers
    ]


def _voice(stem: str, config: VoiceConfig, speaker: str, version: str) -> Voice:
    locale = config.locale
    title = stem.removeprefix(f"{locale}-").replace("-", " ")
    folder = folder_of(stem)
    return Voice(
        name=_voice_name(stem, locale, speaker),
        description=" ".join(filter(None, ("Piper", config.language or locale, title, speaker))),
        languages=_languages(locale),
        rate=config.rate,
        author="Piper",
        url=f"{PAGE}/blob/main/{folder}/MODEL_CARD" if folder else "",
        version=version,
    )


def _voice_name(stem: str, locale: str, speaker: str) -> str:
    named = stem if stem.startswith(locale) else f"{locale}-{stem}"
    return "-".join(filter(None, ("piper", named, speaker)))


def _languages(locale: str) -> tuple[str, ...]:
    family, _, region = locale.partition("_")
    return (family, f"{family}-{region}") if region else (family,)

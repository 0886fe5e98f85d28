"""Who XTTS speaks as: recordings in a folder of one's own, and speakers of the model."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from wyoming_servers.tts.engine import EngineOptions, Voice

RATE = 24_000
"""Hertz; the model's."""

_AUTHOR, _URL = "Coqui", "https://huggingface.co/coqui/XTTS-v2"
_REGIONS = {"ru": ("ru-RU",), "en": ("en-US", "en-GB"), "zh": ("zh-CN",)}


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whose voice it is."""

    title: str
    recording: Path | None
    """None of the model's own."""

    @property
    def slug(self) -> str:
        """Return the title as a part of a voice's name."""
        return "_".join(self.title.lower().split())

    @property
    def version(self) -> str:
        """Another one when the recording is; empty of the model's own."""
        try:
            file = self.recording.stat() if self.recording is not None else None
        except OSError:
            return ""  # it has just been removed
        return f"{file.st_mtime_ns:x}.{file.st_size:x}" if file is not None else ""


def speakers(options: EngineOptions) -> Sequence[Speaker]:
    """Return who there is now, one's own first."""
    own = sorted(options.voices_folder.expanduser().rglob("*.wav")) if options.voices_folder is not None else ()
    found = [
        *(Speaker(path.stem, path) for path in own),
        *(Speaker(title, None) for title in options.xtts.speakers),
    ]
    return list({speaker.slug: speaker for speaker in reversed(found)}.values())[::-1]


def voices(options: EngineOptions) -> Iterator[tuple[Voice, str, Speaker]]:
    """Yield each speaker in each language, with the language."""
    for language in options.xtts.languages:
        for speaker in speakers(options):
            codes = (language, *_REGIONS.get(language, ()))
            name, description = f"xtts-{language}-{speaker.slug}", f"XTTS {language} {speaker.title}"
            yield Voice(name, description, codes, RATE, _AUTHOR, _URL, speaker.version), language, speaker

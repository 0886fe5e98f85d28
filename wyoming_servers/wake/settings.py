"""What the wake word service can be told."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wyoming_servers.runtime.errors import EngineError

_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "phrase": str,
    "languages": list,
    "threshold": (int, float),
    "trigger_windows": int,
    "refractory_seconds": (int, float),
}


@dataclass(frozen=True, slots=True)
class TriggerSettings:
    """From scores to a detection."""

    threshold: float = 0.5
    """A window counts when its score is above this."""

    trigger_windows: int = 1
    """Consecutive windows of 80 ms above the threshold that make a detection."""

    refractory_seconds: float = 2.0
    """After a detection the same word stays silent for so long, counted in audio."""


@dataclass(frozen=True, slots=True)
class WordSettings:
    """How a word is shown and detected. None leaves it to who knows better: the server's settings, in the end."""

    phrase: str | None = None
    """As people say it."""

    languages: Sequence[str] = ()
    threshold: float | None = None
    trigger_windows: int | None = None
    refractory_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class GateSettings:
    """When a stream is so silent that nobody need listen."""

    silent_peak: int = 2
    """The largest sample of dead silence, of 32767. Synthetic voices with a peak of 4 can still trigger a word."""

    silent_windows: int = 38
    """The gate closes after so many silent windows in a row: 3 s."""


@dataclass(frozen=True, slots=True)
class WakeSettings:
    """How sure is sure enough, and what to do when the machine can't keep up."""

    trigger: TriggerSettings = field(default_factory=TriggerSettings)
    """For words that have no settings of their own."""

    words: Mapping[str, WordSettings] = field(default_factory=dict)
    """By name; they go before what the files say."""

    folder: Path | None = None
    """Where the household's own words are. None has the built-in ones alone."""

    is_checking_speakers: bool = False
    """Whether only voices in the folder's `speakers` may wake."""

    gate: GateSettings | None = field(default_factory=GateSettings)
    """None listens to silence too."""

    gather_seconds: float = 0.02
    """How long a window may wait for those of other streams, to be computed with them."""

    backlog_seconds: float = 1.0
    """Audio that may wait for an engine that is slower than real time; beyond it the oldest is skipped."""

    stale_seconds: float = 3.0
    """Audio that has waited for so long is skipped whatever the pace. Until then an engine that is fast enough catches
    up after the machine has stood still: a word noticed late is better than one lost."""


def default_words_folder() -> Path:
    """Return where the household's own words are kept unless told otherwise."""
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data).expanduser() / "voice-rag" / "wake"


def read_settings(values: Mapping[str, Any], source: str) -> WordSettings:
    """Return settings from a table. Raises: EngineError naming the source and the wrong entry."""
    for name, value in values.items():
        if name not in _KINDS:
            raise EngineError(f"{source} has an unknown setting {name!r}. Known: {', '.join(_KINDS)}.")
        if not isinstance(value, _KINDS[name]) or isinstance(value, bool):
            raise EngineError(f"{source} has a {name!r} of a wrong type: {value!r}.")
    settings = WordSettings(**values)
    if not all(isinstance(language, str) for language in settings.languages):
        raise EngineError(f"{source} has 'languages' that are not texts.")
    if settings.threshold is not None and not 0 <= settings.threshold < 1:
        raise EngineError(f"{source} has a threshold of {settings.threshold}; it must be from 0 to below 1.")
    if settings.trigger_windows is not None and settings.trigger_windows < 1:
        raise EngineError(f"{source} has trigger_windows below 1.")
    if settings.refractory_seconds is not None and settings.refractory_seconds < 0:
        raise EngineError(f"{source} has refractory_seconds below 0.")
    return settings

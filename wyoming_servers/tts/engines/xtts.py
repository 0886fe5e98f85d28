"""XTTS v2 through `coqui-tts`: any speaker from ten seconds of a recording, in 17 languages; it wants a GPU.

It runs in a process of its own, and may have an interpreter of its own: torch need not be where the server is.
"""

from collections.abc import Sequence

from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.model_store import fetch, locate
from wyoming_servers.tts.engine import EngineOptions, Voice
from wyoming_servers.tts.remote import Remote, RemoteEngine
from wyoming_servers.tts.xtts import speakers
from wyoming_servers.tts.xtts.options import LICENCE

_LONGEST_BLOCK_SECONDS = 180.0
"""A whole piece of text on a slow processor."""


def voices(options: EngineOptions) -> Sequence[Voice]:
    """Return each speaker in each language; recordings of one's own are looked for anew and come first."""
    return [voice for voice, _, _ in speakers.voices(options)]


def is_present(options: EngineOptions) -> bool:
    """Return whether the model needs no download."""
    return locate(options.xtts.files, options.models_folder) is not None


def load(options: EngineOptions) -> RemoteEngine:
    """Return the engine, having downloaded its model where the licence is accepted. Blocking. Raises: EngineError."""
    if not is_present(options) and not options.xtts.is_licence_accepted:
        raise EngineError(LICENCE)
    fetch(options.xtts.files, options.models_folder)
    remote = Remote(
        "xtts",
        "wyoming_servers.tts.xtts.synthesis",
        "tts-xtts",
        python=options.xtts.python,
        longest_block_seconds=_LONGEST_BLOCK_SECONDS,
    )
    return RemoteEngine(remote, options)

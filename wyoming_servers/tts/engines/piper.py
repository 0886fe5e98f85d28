"""Piper: natural voices on a processor, faster than they speak; each language's default is downloaded once.

A voice is a VITS network in ONNX and a description beside it. Those of Piper's repository are known by name, and any
others can lie in a folder of one's own. They speak in a process of their own.
"""

import logging
import threading
from collections.abc import Sequence
from importlib.util import find_spec

from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.model_store import fetch
from wyoming_servers.tts.engine import EngineOptions, Voice
from wyoming_servers.tts.piper.catalogue import DEFAULTS, files_of, folder_of
from wyoming_servers.tts.piper.library import PiperVoice, expected, present
from wyoming_servers.tts.remote import Remote, RemoteEngine

if find_spec("onnxruntime") is None:
    raise ImportError("No module named 'onnxruntime'")  # its process would say so too late

_LOGGER = logging.getLogger(__name__)
_REMOTE = Remote("piper", "wyoming_servers.tts.piper.synthesis", "tts-piper")


def voices(options: EngineOptions) -> Sequence[Voice]:
    """Return the wanted voices, also while they are downloaded, and all others that are there."""
    here = present(options)
    wanted: list[Voice] = []
    for stem in _wanted(options, here):
        speakers = [piper_voice.voice for piper_voice in here if piper_voice.stem == stem]
        wanted += speakers or ([expected(stem)] if folder_of(stem) else [])
    return list(dict.fromkeys((*wanted, *(piper_voice.voice for piper_voice in here))))


def is_present(options: EngineOptions) -> bool:
    """Return whether some voice needs no download."""
    return bool(present(options))


def load(options: EngineOptions) -> RemoteEngine:
    """Return the engine once it has a voice; others that are missing are downloaded meanwhile. Blocking.

    A voice that can't be had is told in the log. Raises: EngineError when there is none at all.
    """
    missing = [name for name in _wanted(options, present(options)) if name not in _stems(options)]
    failures = []
    while missing and not is_present(options):
        if failure := _download(missing.pop(0), options):
            failures.append(failure)
    if not is_present(options):
        raise EngineError(next(iter(failures), "There is no Piper voice."))
    rest = threading.Thread(target=_download_all, args=(missing, options), name="piper voices", daemon=True)
    rest.start()  # a download takes minutes; nobody waits for it at the end of the process
    return RemoteEngine(_REMOTE, options)


def _download_all(names: Sequence[str], options: EngineOptions) -> None:
    for name in names:
        _download(name, options)


def _download(name: str, options: EngineOptions) -> str | None:
    """Put the voice where it belongs; return what went wrong."""
    try:
        fetch(files_of(name), options.models_folder)
    except EngineError as err:
        _LOGGER.warning("The voice %s is missing: %s", name, err)
        return str(err)
    return None


def _stems(options: EngineOptions) -> set[str]:
    return {piper_voice.stem for piper_voice in present(options)}


def _wanted(options: EngineOptions, here: Sequence[PiperVoice]) -> Sequence[str]:
    """Return the voices that were asked for, else a default for each language that has no voice here."""
    if options.piper.voices:
        return options.piper.voices
    spoken = {language for piper_voice in here for language in piper_voice.voice.languages}
    return [name for name in DEFAULTS if name.partition("_")[0] not in spoken]

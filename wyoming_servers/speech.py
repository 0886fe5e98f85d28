"""The speech server: wake words, recognition and synthesis composed on one port."""

import asyncio
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .runtime.engines import import_engine, needing_extra
from .runtime.errors import EngineError, StartError
from .runtime.loading import LoadSettings
from .runtime.model_store import default_folder
from .runtime.server import WyomingServer
from .runtime.service import Service
from .runtime.settings import RuntimeSettings
from .stt.settings import EndOfTurn, SttSettings
from .tts.engine import EngineOptions as TtsOptions
from .turn.engine import DEFAULT_ENGINE, TurnOptions
from .turn.settings import Patience, TurnSettings
from .wake.settings import WakeSettings

if TYPE_CHECKING:
    from .tts.narrator import SpeechObserver
    from .wake.words import Verifier

_LOGGER = logging.getLogger(__name__)
_LAST_RESORT = "espeak"
"""Speaks when another engine fails: it needs no model and takes milliseconds."""


@dataclass(frozen=True, slots=True)
class SpeechSettings:
    """Which engines run, and how."""

    runtime: RuntimeSettings = field(default_factory=RuntimeSettings)
    data: Path | None = None
    """Folder for what the server keeps. None keeps nothing."""

    models: Path = field(default_factory=default_folder)
    """Folder for what is downloaded."""

    stt_engine: str | None = "pocketsphinx"
    stt_models: Sequence[str] = ()
    """The first is the default, clients may ask for the others by name. None leaves the choice to the engine."""

    stt_unload_seconds: float | None = None
    """A recogniser that nobody has used for so long is unloaded. None keeps it."""

    tts_engine: str | None = "espeak"
    tts: TtsOptions = field(default_factory=TtsOptions)
    """What the engine is loaded with; the folder for downloads is set by the server."""

    wake_engine: str | None = "openwakeword"
    """None leaves the service out."""

    end_of_turn: EndOfTurn = EndOfTurn.SERVER
    patience: Patience = Patience.DEFAULT
    """With speakers whose client asks for no other."""

    turn_engine: str = DEFAULT_ENGINE
    turn: TurnOptions = field(default_factory=TurnOptions)
    """What the engine is loaded with; folders and names of the house are set by the server."""

    wake: WakeSettings = field(default_factory=WakeSettings)


def build_server(settings: SpeechSettings) -> WyomingServer:
    """Return the server. Raises: StartError for an engine or a folder that can't be used."""
    if settings.data is not None:
        _check_folder(settings.data)
    services: list[Service] = []
    if settings.stt_engine:
        services.append(_stt(settings.stt_engine, settings.stt_models, _stt_settings(settings)))
    observers: list[SpeechObserver] = []
    if settings.wake_engine:
        wake, echo = _wake(settings.wake_engine, settings.wake)
        services.append(wake)
        observers.append(echo)
    if settings.tts_engine:
        services.append(_tts(settings.tts_engine, replace(settings.tts, models_folder=settings.models), observers))
    if not services:
        raise StartError("Nothing to serve: every engine is switched off. Leave at least one on.")
    return WyomingServer(services, settings.runtime)


def run(settings: SpeechSettings) -> int:
    """Serve until SIGTERM; return the process's exit code."""
    try:
        asyncio.run(build_server(settings).run())
    except StartError as err:
        _LOGGER.error("%s", err)  # noqa: TRY400 (the message is for people and complete)
        return 1
    return 0


def _stt_settings(settings: SpeechSettings) -> SttSettings:
    return SttSettings(
        data=settings.data,
        end_of_turn=settings.end_of_turn,
        turn=TurnSettings(patience=settings.patience),
        turn_engine=settings.turn_engine,
        turn_options=settings.turn,
        models_folder=settings.models,
        load=LoadSettings(idle_seconds=settings.stt_unload_seconds),
    )


# Each service is imported when it is wanted: a machine that has the packages of one need not have those of the others.
def _stt(name: str, models: Sequence[str], settings: SttSettings) -> Service:
    with needing_extra("stt"):
        from .stt.recognizer import Recognizer  # noqa: PLC0415
        from .stt.service import SttService  # noqa: PLC0415
    try:
        recognizers = [
            Recognizer.in_own_process(name, replace(settings, model=model)) for model in models or (settings.model,)
        ]
    except EngineError as err:
        raise StartError(str(err)) from err
    first, *others = recognizers
    return SttService(first, settings, others)


def _tts(name: str, options: TtsOptions, observers: "Sequence[SpeechObserver]") -> Service:
    with needing_extra("tts"):
        from .tts.service import TtsService  # noqa: PLC0415
        from .tts.settings import TtsSettings  # noqa: PLC0415
        from .tts.synthesizer import Synthesizer  # noqa: PLC0415
    settings = TtsSettings()
    synthesizer, fallback = Synthesizer.named(name, options, settings), None
    if name != _LAST_RESORT:
        fallback = Synthesizer.named(_LAST_RESORT, options, settings)
    return TtsService(synthesizer, settings, fallback, observers)


def _wake(name: str, settings: WakeSettings) -> "tuple[Service, SpeechObserver]":
    """Return the service, and what has to know what the assistant says."""
    with needing_extra("wake"):
        from .wake.echo import EchoVerifier  # noqa: PLC0415
        from .wake.library import WordLibrary  # noqa: PLC0415
        from .wake.listener import WordFinder  # noqa: PLC0415
        from .wake.service import WakeService  # noqa: PLC0415
        from .wake.speakers import FOLDER, SpeakerVerifier  # noqa: PLC0415
    engine = import_engine("wyoming_servers.wake.engines", name)
    library = WordLibrary(engine.builtin(), settings)
    echo = EchoVerifier(WordFinder(library).best_score)
    verifiers: list[Verifier] = [echo]
    if settings.is_checking_speakers and settings.folder is not None:
        verifiers.append(SpeakerVerifier(settings.folder / FOLDER))
    return WakeService(name, library, engine.load, settings, verifiers), echo


def _check_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        raise StartError(f"The data folder {path} can't be made: {err.strerror}. Choose another with --data.") from err
    if not os.access(path, os.W_OK | os.X_OK):
        raise StartError(f"No permission to write to the data folder {path}. Choose another with --data.")

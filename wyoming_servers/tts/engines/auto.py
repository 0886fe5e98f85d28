"""Leaves each language to the best engine for it that is here; it needs no setting and downloads nothing unasked.

XTTS where its model is here or its licence is accepted, else Piper where a voice is here or asked for, else eSpeak NG.
"""

import logging
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import replace
from types import ModuleType

from wyoming_servers.runtime.engines import import_engine
from wyoming_servers.runtime.errors import EngineError, StartError
from wyoming_servers.tts.engine import EngineOptions, Speech, TtsEngine, Voice

_LOGGER = logging.getLogger(__name__)
_BEST_FIRST = ("xtts", "piper", "espeak")
_START_SECONDS = 10.0
"""How long the first text waits for engines that are loaded in a second or two."""

_PATIENCE_SECONDS = 2.0
"""How long a text waits for an engine that loads; then another has to speak it."""

_RETRY_SECONDS = 60.0


class Part:
    """One of the engines, which loads in a thread of its own; a failed load is tried again for a later text."""

    def __init__(self, name: str, module: ModuleType, options: EngineOptions) -> None:
        self.name = name
        self.engine: TtsEngine | None = None
        self.failure: str | None = None
        self._module = module
        self._options = options
        self._failed_at = 0.0
        self._settled = threading.Event()
        self._is_closed = False

    def start(self) -> None:
        """Begin to load; returns at once."""
        self._settled.clear()
        threading.Thread(target=self._load, name=f"load {self.name}", daemon=True).start()

    def wait(self, seconds: float) -> bool:
        """Return whether the engine is loaded or has failed to by then. Blocking."""
        return self._settled.wait(seconds)

    def get(self, patience: float = _PATIENCE_SECONDS) -> TtsEngine:
        """Return the loaded engine. Blocking. Raises: EngineError when it is not there or takes too long."""
        if self._settled.is_set() and self.failure and time.monotonic() - self._failed_at > _RETRY_SECONDS:
            self.start()
        if not self.wait(patience):
            raise EngineError(f"The engine {self.name} is still loading.")
        if self.engine is None:
            raise EngineError(f"The engine {self.name} could not be loaded: {self.failure}")
        return self.engine

    def close(self) -> None:
        """Let the engine go, also one that is still being loaded."""
        self._is_closed = True
        if self.engine is not None:
            self.engine.close()

    def _load(self) -> None:
        try:
            engine: TtsEngine = self._module.load(self._options)
        except (EngineError, StartError, ImportError, OSError) as err:
            _LOGGER.warning("The engine %s can't be used: %s", self.name, err)
            self.failure, self._failed_at = str(err), time.monotonic()
        else:
            self.engine, self.failure = engine, None
            if self._is_closed:
                engine.close()
        self._settled.set()


class AutoEngine:
    """Several engines as one; a voice's name says whose it is."""

    name = "auto"

    def __init__(self, options: EngineOptions) -> None:
        """`options` are those of every engine."""
        self._options = options
        self._adding = threading.Lock()
        self._parts: dict[str, Part] = {}

    def synthesize(self, text: str, voice: Voice) -> Speech:
        """Return the text's audio by the voice's engine. The iteration raises EngineError."""
        delegated = _Delegated(self.part_of, text, voice)
        return Speech(delegated.blocks(), delegated.interrupt)

    def part_of(self, voice: Voice) -> Part:
        """Return the engine that has the voice; one whose first voice has just come begins to load.

        Raises: EngineError for an engine that is not here.
        """
        name = voice.name.partition("-")[0]
        with self._adding:
            if name not in self._parts and (module := _modules(self._options).get(name)):
                self.add(Part(name, module, self._options))
            if name not in self._parts:
                raise EngineError(f"No engine here has a voice {voice.name!r}.")
            return self._parts[name]

    def add(self, part: Part) -> None:
        """Have one more engine, which begins to load."""
        self._parts[part.name] = part
        part.start()

    def close(self) -> None:
        """Let all engines go."""
        for part in self._parts.values():
            part.close()

    def failures(self) -> Mapping[str, str]:
        """Return the engines that could not be loaded, and why."""
        return {name: part.failure for name, part in self._parts.items() if part.failure}


class _Delegated:
    """One text on its way through the engine that has its voice."""

    def __init__(self, part_of: Callable[[Voice], Part], text: str, voice: Voice) -> None:
        self._part_of = part_of
        self._text = text
        self._voice = voice
        self._speech: Speech | None = None

    def blocks(self) -> Generator[bytes]:
        self._speech = self._part_of(self._voice).get().synthesize(self._text, self._voice)
        try:
            yield from self._speech
        finally:
            self._speech.close()

    def interrupt(self) -> None:
        if self._speech is not None:
            self._speech.close()


def voices(options: EngineOptions) -> Sequence[Voice]:
    """Return the voices of all engines that are here, the best engine's first. Raises: EngineError without any."""
    options = _own(options)
    found = [voice for module in _modules(options).values() for voice in module.voices(options)]
    if not found:
        raise EngineError("No engine is installed. Install voice-rag[tts] or voice-rag[tts-piper].")
    return found


def load(options: EngineOptions) -> AutoEngine:
    """Return the engines, some of which may still load: a download or XTTS takes long. Blocking.

    Raises: EngineError when none is here.
    """
    options = _own(options)
    modules = _modules(options)
    if not modules:
        raise EngineError("No engine is installed. Install voice-rag[tts] or voice-rag[tts-piper].")
    engine = AutoEngine(options)
    parts = [Part(name, module, options) for name, module in modules.items()]
    for part in parts:
        engine.add(part)
    for part in parts:
        if part.name != "xtts" and _is_present(modules[part.name], options):
            part.wait(_START_SECONDS)
    return engine


def _own(options: EngineOptions) -> EngineOptions:
    """Return the options without Piper's defaults: what it has no voice for here, eSpeak NG speaks."""
    return replace(options, piper=replace(options.piper, takes_defaults=False))


def _modules(options: EngineOptions) -> dict[str, ModuleType]:
    """Return the engines that can speak without a download that nobody has asked for."""
    modules = {}
    for name in _BEST_FIRST:
        try:
            module = import_engine(__package__, name)
        except StartError as err:
            _LOGGER.debug("Not used: %s", err)
            continue
        if name in _asked_for(options) or _is_present(module, options):
            modules[name] = module
    return modules


def _is_present(module: ModuleType, options: EngineOptions) -> bool:
    return not hasattr(module, "is_present") or bool(module.is_present(options))


def _asked_for(options: EngineOptions) -> set[str]:
    wishes = {"xtts": options.xtts.is_licence_accepted, "piper": bool(options.piper.voices)}
    return {name for name, is_wished in wishes.items() if is_wished}

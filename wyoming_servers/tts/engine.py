"""What a speech synthesis engine does.

A module of `engines/` has two functions: `voices(options)` says what can be spoken with, the default of each language
first; it answers while the engine loads, and looks at the folders anew each time. `load(options)` returns the engine.
One whose models are downloaded has `is_present(options)` as well: whether it can speak without a download.
"""

import threading
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.model_store import default_folder

from .piper.options import PiperOptions
from .xtts.options import XttsOptions


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice as clients see it."""

    name: str
    """Engine, language and speaker, "espeak-ru-male": Home Assistant sends neither language nor speaker."""

    description: str
    languages: tuple[str, ...]
    rate: int
    """Hertz of its audio."""

    author: str = ""
    url: str = ""
    """Where the voice comes from and its licence is told."""

    version: str = ""
    """Another one when its files are; empty of a voice that comes with its engine."""


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """What an engine is loaded with."""

    models_folder: Path = field(default_factory=default_folder)
    """Where models are and where they are downloaded to."""

    voices_folder: Path | None = None
    """Voices of one's own, looked at anew whenever voices are asked for. None where there are none."""

    piper: PiperOptions = field(default_factory=PiperOptions)
    xtts: XttsOptions = field(default_factory=XttsOptions)


class Speech:
    """The audio of one text, block by block: 16-bit little-endian mono PCM at the voice's rate.

    An iterator for one worker thread. `close` may be called in any thread, also while `__next__` computes: that one
    stops as soon as the engine can and ends the iteration.
    """

    def __init__(self, blocks: Generator[bytes], interrupt: Callable[[], None] = lambda: None) -> None:
        """`interrupt` makes a computation of `blocks` under way end early, with whatever result or EngineError."""
        self._blocks = blocks
        self._interrupt = interrupt
        self._computing = threading.Lock()
        self._is_closed = False

    def __iter__(self) -> "Speech":
        """Return itself."""
        return self

    def __next__(self) -> bytes:
        """Return the next block. Blocking. Raises: EngineError."""
        with self._computing:
            try:
                block = b"" if self._is_closed else next(self._blocks)
            except EngineError:
                if not self._is_closed:
                    raise
            if not self._is_closed:
                return block
            self._blocks.close()
            raise StopIteration

    def close(self) -> None:
        """Stop; returns at once."""
        self._is_closed = True
        self._interrupt()
        if self._computing.acquire(blocking=False):
            try:
                self._blocks.close()
            finally:
                self._computing.release()


class TtsEngine(Protocol):
    """A loaded engine, shared by all clients, whose texts may take turns block by block."""

    name: str

    def synthesize(self, text: str, voice: Voice) -> Speech:
        """Return the audio of a text, which begins to be computed when its first block is asked for. In any thread.

        The iteration raises EngineError.
        """

    def close(self) -> None:
        """Give back what loading took. Blocking; a synthesis under way raises EngineError or ends."""


Voices = Callable[[], Sequence[Voice]]
"""Tells the voices that there are now; cheap."""

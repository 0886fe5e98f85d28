"""An engine inside its own process: what `RemoteEngine` calls there."""

import itertools
from importlib import import_module

from wyoming_servers.runtime.engines import needing_extra
from wyoming_servers.runtime.errors import EngineError

from .engine import EngineOptions, Speech, TtsEngine, Voice


class EngineHost:
    """Has one engine and what is being spoken. One call at a time, but for `interrupt`."""

    def __init__(self) -> None:
        self._engine: TtsEngine | None = None
        self._speeches: dict[int, Speech] = {}
        self._numbers = itertools.count()

    def load(self, module: str, extra: str, options: EngineOptions) -> None:
        """Load the engine of a module. Raises: StartError that names the extra, EngineError."""
        with needing_extra(extra):
            loadable = import_module(module)
        self._engine = loadable.load(options)

    def begin(self, text: str, voice: Voice) -> int:
        """Return a number for the text's audio. Raises: EngineError."""
        if self._engine is None:
            raise EngineError("No engine is loaded.")
        number = next(self._numbers)
        self._speeches[number] = self._engine.synthesize(text, voice)
        return number

    def next_block(self, number: int) -> bytes | None:
        """Return the next block; None after the last. Raises: EngineError."""
        try:
            return next(self._speeches[number], None)
        except BaseException:
            self.end(number)
            raise

    def end(self, number: int) -> None:
        """Forget the audio of that number."""
        if (speech := self._speeches.pop(number, None)) is not None:
            speech.close()

    def interrupt(self, number: int) -> None:
        """Stop computing the audio of that number, also while `next_block` does."""
        if (speech := self._speeches.get(number)) is not None:
            speech.close()

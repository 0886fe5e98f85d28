"""An engine inside its own process: what `RemoteEngine` calls there."""

from importlib import import_module

from wyoming_servers.runtime.engines import needing_extra
from wyoming_servers.runtime.errors import EngineError

from .engine import EngineOptions, Speech, TtsEngine, Voice


class EngineHost:
    """Has one engine and what is being spoken. One call at a time; `begin` and `end` come from another thread."""

    def __init__(self) -> None:
        self._engine: TtsEngine | None = None
        self._speeches: dict[int, Speech] = {}

    def load(self, module: str, extra: str, options: EngineOptions) -> None:
        """Load the engine of a module. Raises: StartError that names the extra, EngineError."""
        with needing_extra(extra):
            loadable = import_module(module)
        self._engine = loadable.load(options)

    def begin(self, number: int, text: str, voice: Voice) -> None:
        """Have the text's audio under that number; nothing is computed yet."""
        if self._engine is not None:
            self._speeches[number] = self._engine.synthesize(text, voice)

    def next_block(self, number: int) -> bytes | None:
        """Return the next block; None after the last and of what has been ended. Raises: EngineError."""
        if self._engine is None:
            raise EngineError("No engine is loaded.")
        if (speech := self._speeches.get(number)) is None:
            return None
        if (block := next(speech, None)) is None:
            self._speeches.pop(number, None)
        return block

    def end(self, number: int) -> None:
        """Forget the audio of that number, and stop computing it. From any thread."""
        if (speech := self._speeches.pop(number, None)) is not None:
            speech.close()

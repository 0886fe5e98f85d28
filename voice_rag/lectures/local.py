"""An engine of the speech server in a process of this program, while there is something to transcribe."""

import threading
from pathlib import Path

from knowledge.errors import SettingsError, TranscriberError, TranscriberUnavailableError
from knowledge.lectures.models import Segment
from knowledge.lectures.protocols import Piece
from wyoming_servers.runtime.errors import EngineError, StartError
from wyoming_servers.runtime.worker import WorkerError
from wyoming_servers.stt.engine import EngineOptions, Request, Transcription
from wyoming_servers.stt.recognizer import base_language
from wyoming_servers.stt.remote import RemoteEngine

from .attempts import Attempts
from .free_speech import chosen_model
from .segments import from_text, from_words

_LONGEST_SECONDS = 900.0
"""An engine that takes longer for a piece hangs."""

_NICENESS = 10
"""People who speak to the satellites go first."""


class LocalTranscriber:
    """One engine. Blocking; one caller at a time."""

    def __init__(self, engine: str, model: str | None, models: Path, idle_seconds: float) -> None:
        """Raises: SettingsError for an engine that is not there, or not installed."""
        self.name = ", ".join(filter(None, (engine, model)))
        self._engine = RemoteEngine(engine, _LONGEST_SECONDS, niceness=_NICENESS)
        self._options = EngineOptions(model=model, models_folder=models)
        self._idle_seconds = idle_seconds
        self._attempts = Attempts()
        self._using = threading.Lock()
        self._timer: threading.Timer | None = None
        self._is_loaded = False
        self._is_closed = False
        self._model: str | None = None
        self._check()

    def transcribe(self, piece: Piece, language: str | None) -> tuple[Segment, ...]:
        """Return what is said in a piece. Raises: TranscriberUnavailableError, TranscriberError."""
        try:
            with self._using:
                self._rest(0)
                said = self._perform(piece, language)
        except (EngineError, StartError, OSError) as err:
            raise self._failed(piece, err) from err
        finally:
            self._rest(self._idle_seconds)
        return from_words(said, piece) if said.words else from_text(said.text, piece)

    def close(self) -> None:
        """End the engine's process; from any thread."""
        self._is_closed = True
        self._rest(0)
        self._engine.unload()

    def _check(self) -> None:
        """Ask the engine what it has, in its own process: here its libraries would stay."""
        try:
            models = self._engine.models(self._options)
            self._model = chosen_model([model.name for model in models], f"The engine {self._engine.name}")
        except (StartError, EngineError, OSError, TranscriberUnavailableError) as err:
            raise SettingsError(f"--transcriber local: {err}") from err
        finally:
            self._engine.unload()

    def _perform(self, piece: Piece, language: str | None) -> Transcription:
        if self._is_closed:
            raise WorkerError("The program is ending.")
        if not (self._is_loaded and self._engine.is_alive):
            self._is_loaded = False
            self._engine.load(self._options)
            self._is_loaded = True
        base = base_language(language) if language else None
        known = base if base in self._engine.languages else None
        return self._engine.perform(Request(piece.samples, known, model=self._model, needs_words=True))

    def _failed(self, piece: Piece, err: Exception) -> TranscriberError:
        if not self._is_loaded or self._is_closed:  # a model that is not here may come
            return TranscriberUnavailableError(str(err))
        return self._attempts.failure(piece, str(err))

    def _rest(self, seconds: float) -> None:
        """Let the engine go in so many seconds; in none, not at all."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if seconds and not self._is_closed:
            self._timer = threading.Timer(seconds, self._let_go)
            self._timer.daemon = True
            self._timer.start()

    def _let_go(self) -> None:
        if self._using.acquire(blocking=False):  # else there is something to do again
            try:
                self._is_loaded = False
                self._engine.unload()
            finally:
                self._using.release()

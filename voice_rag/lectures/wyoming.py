"""Any Wyoming server for speech recognition: describe, info; then transcribe, audio-start, audio-chunk+, audio-stop,
transcript for each piece.

Wyoming has no times of words: those of the segments are estimates.
"""

import asyncio
import threading
from collections.abc import Sequence
from contextlib import suppress

from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncClient
from wyoming.error import Error
from wyoming.event import Event
from wyoming.info import AsrProgram, Describe, Info

from knowledge.errors import TranscriberUnavailableError
from knowledge.lectures.models import Segment
from knowledge.lectures.protocols import SAMPLE_RATE, Piece
from wyoming_servers.stt.recognizer import base_language

from .attempts import Attempts
from .free_speech import chosen_model
from .segments import from_text

_CONNECT_SECONDS = 10.0
_DESCRIBE_SECONDS = 30.0
_LEAST_SECONDS = 60.0
_SECONDS_A_SECOND = 20.0
"""Of waiting for each second of sound: a large model on a small machine, behind people who are speaking."""

_CHUNK_SAMPLES = 1600
_AWAY_CODES = frozenset({"busy", "loading", "stopping"})
"""Of our own server's errors; others give no code, or one of their own."""


class _RefusedError(Exception):
    """The server has answered with an error."""

    def __init__(self, error: Error) -> None:
        super().__init__(" ".join(error.text.split()))
        self.is_busy = error.code in _AWAY_CODES


class _LateError(Exception):
    """The server has taken a piece and does not answer."""


class WyomingTranscriber:
    """One server. Blocking; one caller at a time."""

    def __init__(self, url: str, model: str | None = None) -> None:
        """`url` is tcp://host:port or unix:///path."""
        self.name = model or url
        self._url = url
        self._model = model
        self._program: AsrProgram | None = None
        self._attempts = Attempts()
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[str] | None = None
        self._is_closed = False

    def transcribe(self, piece: Piece, language: str | None) -> tuple[Segment, ...]:
        """Return what is said in a piece. Raises: TranscriberUnavailableError, TranscriberError."""
        try:
            return from_text(asyncio.run(self._cancellable(piece, language)), piece)
        except _RefusedError as err:
            message = f"{self._url} answers: {err}"
            if err.is_busy:
                raise TranscriberUnavailableError(message) from err
            raise self._attempts.failure(piece, message) from err
        except _LateError as err:
            raise self._attempts.failure(piece, f"{self._url} does not answer in time.") from err
        except (OSError, asyncio.IncompleteReadError, ValueError, KeyError, TypeError) as err:
            raise TranscriberUnavailableError(
                f"{self._url} can't be reached: {str(err) or type(err).__name__}."
            ) from err
        except asyncio.CancelledError as err:
            raise TranscriberUnavailableError(f"The connection to {self._url} was closed.") from err

    def close(self) -> None:
        """End the transcription in work; from any thread."""
        with self._lock:
            self._is_closed = True
            if self._loop is not None and self._task is not None:
                with suppress(RuntimeError):  # it has ended meanwhile
                    self._loop.call_soon_threadsafe(self._task.cancel)

    async def _cancellable(self, piece: Piece, language: str | None) -> str:
        task = asyncio.create_task(self._transcribe(piece, language))
        with self._lock:
            self._loop, self._task = asyncio.get_running_loop(), task
            if self._is_closed:
                task.cancel()
        try:
            return await task
        finally:
            with self._lock:
                self._task = None

    async def _transcribe(self, piece: Piece, language: str | None) -> str:
        async with AsyncClient.from_uri(self._url, connect_timeout=_CONNECT_SECONDS) as client:
            if self._program is None:
                self._program = await self._described(client)
                names = [known.name for known in self._program.models]
                self._model = self._model or chosen_model(names, self._url)
            known = _known(language, self._program, self._model)
            try:
                async with asyncio.timeout(_LEAST_SECONDS + _SECONDS_A_SECOND * (piece.end - piece.start)):
                    await self._say(client, piece, known)
                    return Transcript.from_event(await _answer(client, Transcript)).text
            except TimeoutError as err:
                raise _LateError from err

    async def _described(self, client: AsyncClient) -> AsrProgram:
        """Return who recognises. Raises: TranscriberUnavailableError where nobody can."""
        async with asyncio.timeout(_DESCRIBE_SECONDS):
            await client.write_event(Describe().event())
            info = Info.from_event(await _answer(client, Info))
        return _chosen(info.asr, self._model, self._url)

    async def _say(self, client: AsyncClient, piece: Piece, language: str | None) -> None:
        form = {"rate": SAMPLE_RATE, "width": 2, "channels": 1}
        await client.write_event(Transcribe(name=self._model, language=language).event())
        await client.write_event(AudioStart(**form).event())
        for begin in range(0, len(piece.samples), _CHUNK_SAMPLES):
            chunk = piece.samples[begin : begin + _CHUNK_SAMPLES].tobytes()
            await client.write_event(AudioChunk(**form, audio=chunk).event())
        await client.write_event(AudioStop().event())


def _chosen(programs: Sequence[AsrProgram], model: str | None, url: str) -> AsrProgram:
    """Return the program that has the model. Raises: TranscriberUnavailableError."""
    able = [one for one in programs if model is None or any(known.name == model for known in one.models)]
    if not able:
        names = ", ".join(known.name for one in programs for known in one.models)
        message = f"{url} has no model {model!r}. Available: {names}." if names else f"{url} recognises no speech."
        raise TranscriberUnavailableError(message)
    if not able[0].requires_external_vad:
        raise TranscriberUnavailableError(
            f"{url} decides itself where an utterance ends, and would leave the rest of a lecture out. "
            "If it is Voice RAG's, use --transcriber openai with its side port, as http://HOST:10301."
        )
    return able[0]


def _known(language: str | None, program: AsrProgram, model: str | None) -> str | None:
    """Return the language as the server calls it, if it has it: a wish must not cost the words."""
    codes = [code for one in program.models if model in (None, one.name) for code in one.languages]
    if not language or not codes:
        return language
    return next((code for code in codes if base_language(code) == base_language(language)), None)


async def _answer(client: AsyncClient, kind: type[Info] | type[Transcript]) -> Event:
    """Return the next event of a kind. Raises: _RefusedError, ConnectionError."""
    while (event := await client.read_event()) is not None:
        if Error.is_type(event.type):
            raise _RefusedError(Error.from_event(event))
        if kind.is_type(event.type):
            return event
    raise ConnectionAbortedError("it has closed the connection")

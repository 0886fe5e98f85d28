"""A server with `POST /v1/audio/transcriptions`: our speech server's side port, OpenAI's, or one of those like it.

https://platform.openai.com/docs/api-reference/audio/createTranscription
"""

import json
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit
from uuid import uuid4

from knowledge.errors import TranscriberError, TranscriberUnavailableError
from knowledge.lectures.models import Segment
from knowledge.lectures.protocols import Piece

from .attempts import Attempts
from .free_speech import chosen_model
from .openai_wire import Answer, form, segments_in

_BASE = "/v1"
_PATH = "/audio/transcriptions"
_HEARS = "automatic-speech-recognition"
"""What servers that list voices as well say of the models that hear."""
_ANY_MODEL = "whisper-1"
"""Our server, and most others, take it for whatever they have; OpenAI's knows times with no other."""

_CONNECT_SECONDS = 10.0
_LEAST_SECONDS = 60.0
_SECONDS_A_SECOND = 20.0
"""Of waiting for each second of sound: a large model on a small machine, behind people who are speaking."""

_LARGEST_ANSWER = 4 << 20
_AWAY = frozenset({401, 403, 404, 408, 425, 429, 502, 503, 504})
"""Nothing that another piece would change, but an owner or time can."""

_HINTS = {
    401: "Put its token into VOICE_RAG_TRANSCRIBER_TOKEN.",
    403: "Put its token into VOICE_RAG_TRANSCRIBER_TOKEN.",
    404: "Check --transcriber-url and --transcriber-model.",
}


class _LateError(Exception):
    """The server has taken a request and does not answer."""


class OpenAiTranscriber:
    """One server. Blocking; one caller at a time."""

    def __init__(self, url: str, model: str | None = None, token: str | None = None) -> None:
        """`url` is the server's, with or without `/v1`."""
        parts = urlsplit(url)
        self.name = model or parts.netloc
        self._url = url
        self._wanted = model
        self._model = model
        """What is asked for; None until the server has told what it has."""

        self._host = parts.hostname or ""
        self._port = parts.port
        self._kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._base = parts.path.rstrip("/").removesuffix(_PATH).removesuffix(_BASE) + _BASE
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._attempts = Attempts()
        self._lock = threading.Lock()
        self._connection: HTTPConnection | None = None
        self._is_closed = False

    def transcribe(self, piece: Piece, language: str | None) -> tuple[Segment, ...]:
        """Return what is said in a piece. Raises: TranscriberUnavailableError, TranscriberError."""
        try:
            answer = self._ask(piece, language)
            if language and answer.status == 400 and "language" in answer.message:
                answer = self._ask(piece, None)  # a wish that the server can't fulfil
        except _LateError as err:
            raise self._attempts.failure(piece, f"{self._url} does not answer in time.") from err
        if answer.status != 200:
            raise self._refused(answer, piece)
        try:
            return segments_in(answer.content, piece)
        except (ValueError, KeyError, TypeError, AttributeError) as err:
            message = f"{self._url} does not answer as OpenAI's transcription does. Check --transcriber-url."
            raise TranscriberUnavailableError(message) from err

    def close(self) -> None:
        """End the request in work; from any thread."""
        self._is_closed = True
        with self._lock:
            connection = self._connection
        if connection is not None and connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    def _ask(self, piece: Piece, language: str | None) -> Answer:
        if self._model is None:
            self._model = self._chosen()
        boundary = uuid4().hex
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        body = form(boundary, piece, self._fields(self._model, language))
        seconds = _LEAST_SECONDS + _SECONDS_A_SECOND * (piece.end - piece.start)
        return self._exchange("POST", _PATH, body, kind, seconds)

    def _chosen(self) -> str:
        """Return the model to ask for. Raises: TranscriberUnavailableError where none hears free speech."""
        answer = self._exchange("GET", "/models", None, {}, _LEAST_SECONDS)
        try:
            listed = json.loads(answer.content)["data"] if answer.status == 200 else []
            known = [str(model["id"]) for model in listed if model.get("task", _HEARS) == _HEARS]
        except (ValueError, KeyError, TypeError, AttributeError):
            known = []
        return chosen_model(known, self._url) or _ANY_MODEL

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], seconds: float
    ) -> Answer:
        """Return what is answered, in at most so many seconds. Raises: TranscriberUnavailableError, _LateError."""
        with self._lock:
            connection = self._connection = self._kind(self._host, self._port, timeout=_CONNECT_SECONDS)
        try:
            connection.connect()
            if self._is_closed:
                raise ConnectionAbortedError
            connection.sock.settimeout(seconds)
            connection.request(method, self._base + path, body, {**headers, **self._headers})
            try:
                response = connection.getresponse()
                return Answer(response.status, response.read(_LARGEST_ANSWER))
            except TimeoutError as err:
                raise _LateError from err
        except (OSError, HTTPException) as err:
            reason = "it was closed" if self._is_closed else str(err) or type(err).__name__
            raise TranscriberUnavailableError(f"{self._url} can't be reached: {reason}.") from err
        finally:
            connection.close()

    def _fields(self, model: str, language: str | None) -> list[tuple[str, str]]:
        fields = [
            ("model", model),
            ("response_format", "verbose_json"),
            ("timestamp_granularities[]", "segment"),
            ("timestamp_granularities[]", "word"),
        ]
        return [*fields, ("language", language)] if language else fields

    def _refused(self, answer: Answer, piece: Piece) -> TranscriberError:
        message = " ".join(
            filter(None, (f"{self._url} answers {answer.status}: {answer.message}", _HINTS.get(answer.status)))
        )
        if answer.status == 404:  # it may have got other models since it was asked
            self._model = self._wanted
        if answer.status in _AWAY:
            return TranscriberUnavailableError(message)
        return self._attempts.failure(piece, message) if answer.status >= 500 else TranscriberError(message)

"""A server with `POST /v1/audio/transcriptions`: our speech server's side port, OpenAI's, or one of those like it.

https://platform.openai.com/docs/api-reference/audio/createTranscription
"""

import json
import socket
import threading
import wave
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from io import BytesIO
from math import isfinite
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from knowledge.errors import TranscriberError, TranscriberUnavailableError
from knowledge.lectures.models import Segment, Word
from knowledge.lectures.protocols import SAMPLE_RATE, Piece

from .attempts import Attempts
from .segments import from_text

_PATH = "/v1/audio/transcriptions"
_ANY_MODEL = "whisper-1"
"""Our server, and most others, take it for whatever they have; OpenAI's knows times with no other."""

_CONNECT_SECONDS = 10.0
_LEAST_SECONDS = 60.0
_SECONDS_A_SECOND = 20.0
"""Of waiting for each second of sound: a large model on a small machine, behind people who are speaking."""

_LARGEST_ANSWER = 4 << 20
_LONGEST_MESSAGE = 200
_AWAY = frozenset({401, 403, 404, 408, 425, 429, 502, 503, 504})
"""Nothing that another piece would change, but an owner or time can."""

_HINTS = {
    401: "Put its token into VOICE_RAG_TRANSCRIBER_TOKEN.",
    403: "Put its token into VOICE_RAG_TRANSCRIBER_TOKEN.",
    404: "Check --transcriber-url and --transcriber-model.",
}


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    content: bytes


class OpenAiTranscriber:
    """One server. Blocking; one caller at a time."""

    def __init__(self, url: str, model: str | None = None, token: str | None = None) -> None:
        """`url` is the server's, with or without `/v1`."""
        parts = urlsplit(url)
        self.name = model or parts.netloc
        self._url = url
        self._model = model or _ANY_MODEL
        self._host = parts.hostname or ""
        self._port = parts.port
        self._kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._path = parts.path.rstrip("/").removesuffix(_PATH).removesuffix("/v1") + _PATH
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._attempts = Attempts()
        self._lock = threading.Lock()
        self._connection: HTTPConnection | None = None
        self._is_closed = False

    def transcribe(self, piece: Piece, language: str | None) -> tuple[Segment, ...]:
        """Return what is said in a piece. Raises: TranscriberUnavailableError, TranscriberError."""
        answer = self._ask(piece, language)
        if language and answer.status == 400 and "language" in _message(answer):
            answer = self._ask(piece, None)  # a wish that the server can't fulfil
        if answer.status != 200:
            raise self._refused(answer, piece)
        try:
            return _segments(json.loads(answer.content), piece)
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

    def _ask(self, piece: Piece, language: str | None) -> _Answer:
        boundary = uuid4().hex
        body = _form(boundary, _wav(piece), self._fields(language))
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", **self._headers}
        try:
            with self._lock:
                connection = self._connection = self._kind(self._host, self._port, timeout=_CONNECT_SECONDS)
            return self._exchange(connection, body, headers, piece)
        except (OSError, HTTPException) as err:
            reason = "it was closed" if self._is_closed else str(err) or type(err).__name__
            raise TranscriberUnavailableError(f"{self._url} can't be reached: {reason}.") from err
        finally:
            connection.close()

    def _exchange(self, connection: HTTPConnection, body: bytes, headers: Mapping[str, str], piece: Piece) -> _Answer:
        connection.connect()
        if self._is_closed:
            raise ConnectionAbortedError
        connection.sock.settimeout(_LEAST_SECONDS + _SECONDS_A_SECOND * (piece.end - piece.start))
        connection.request("POST", self._path, body, dict(headers))
        response = connection.getresponse()
        return _Answer(response.status, response.read(_LARGEST_ANSWER))

    def _fields(self, language: str | None) -> list[tuple[str, str]]:
        fields = [
            ("model", self._model),
            ("response_format", "verbose_json"),
            ("timestamp_granularities[]", "segment"),
            ("timestamp_granularities[]", "word"),
        ]
        return [*fields, ("language", language)] if language else fields

    def _refused(self, answer: _Answer, piece: Piece) -> TranscriberError:
        message = " ".join(
            filter(None, (f"{self._url} answers {answer.status}: {_message(answer)}", _HINTS.get(answer.status)))
        )
        if answer.status in _AWAY:
            return TranscriberUnavailableError(message)
        return self._attempts.failure(piece, message) if answer.status >= 500 else TranscriberError(message)


def _wav(piece: Piece) -> bytes:
    content = BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(piece.samples.itemsize)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(piece.samples.tobytes())
    return content.getvalue()


def _form(boundary: str, recording: bytes, fields: list[tuple[str, str]]) -> bytes:
    head = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields
    )
    file = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="piece.wav"\r\n'
    return f"{head}{file}Content-Type: audio/wav\r\n\r\n".encode() + recording + f"\r\n--{boundary}--\r\n".encode()


def _message(answer: _Answer) -> str:
    """Return what the server says is wrong."""
    try:
        error = json.loads(answer.content)["error"]
        said = error["message"] if isinstance(error, dict) else error
    except (ValueError, KeyError, TypeError):
        said = answer.content.decode(errors="replace")
    return " ".join(str(said).split())[:_LONGEST_MESSAGE]


def _segments(body: Any, piece: Piece) -> tuple[Segment, ...]:
    """Return the segments of an answer; estimated ones of a server that tells no times."""
    segments = body.get("segments")
    if not segments:
        return from_text(body["text"], piece)
    words = [_word(word, piece) for word in body.get("words") or ()]
    starts = [_time(segment["start"], piece) for segment in segments[1:]]
    result = []
    for segment, following in zip(segments, [*starts, piece.end + 1], strict=True):
        own = []
        while words and (words[0].start + words[0].end) / 2 < following:
            own.append(words.pop(0))
        start, end = _time(segment["start"], piece), _time(segment["end"], piece)
        if text := str(segment["text"]).strip():
            result.append(Segment(text, start, max(start, end), tuple(own)))
    return tuple(result)


def _word(word: Mapping[str, Any], piece: Piece) -> Word:
    start = _time(word["start"], piece)
    return Word(str(word["word"]).strip(), start, max(start, _time(word["end"], piece)))


def _time(value: Any, piece: Piece) -> float:
    """Return seconds of the recording, in the piece: Whisper has told of times beyond its sound."""
    seconds = float(value)
    if not isfinite(seconds):
        raise ValueError(value)
    return round(min(max(piece.start + seconds, piece.start), piece.end), 3)

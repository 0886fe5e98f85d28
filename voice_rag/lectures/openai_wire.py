"""The form that OpenAI's transcription takes, and what its answer says. Pure."""

import json
import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from math import isfinite
from typing import Any

from knowledge.lectures.models import Segment, Word
from knowledge.lectures.protocols import SAMPLE_RATE, Piece

from .segments import from_text

_LONGEST_MESSAGE = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answers."""

    status: int
    content: bytes

    @property
    def message(self) -> str:
        """What the server says is wrong."""
        try:
            error = json.loads(self.content)["error"]
            said = error["message"] if isinstance(error, dict) else error
        except (ValueError, KeyError, TypeError):
            said = self.content.decode(errors="replace")
        return " ".join(str(said).split())[:_LONGEST_MESSAGE]


def form(boundary: str, piece: Piece, fields: Sequence[tuple[str, str]]) -> bytes:
    """Return the body of a request."""
    head = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields
    )
    file = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="piece.wav"\r\n'
    return f"{head}{file}Content-Type: audio/wav\r\n\r\n".encode() + _wav(piece) + f"\r\n--{boundary}--\r\n".encode()


def segments_in(content: bytes, piece: Piece) -> tuple[Segment, ...]:
    """Return the segments of an answer; estimated ones of a server that tells no times.

    Raises: ValueError, KeyError, TypeError, AttributeError for what is no such answer.
    """
    body = json.loads(content)
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


def _wav(piece: Piece) -> bytes:
    content = BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(piece.samples.itemsize)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(piece.samples.tobytes())
    return content.getvalue()


def _word(word: Mapping[str, Any], piece: Piece) -> Word:
    start = _time(word["start"], piece)
    return Word(str(word["word"]).strip(), start, max(start, _time(word["end"], piece)))


def _time(value: Any, piece: Piece) -> float:
    """Return seconds of the recording, in the piece: Whisper has told of times beyond its sound."""
    seconds = float(value)
    if not isfinite(seconds):
        raise ValueError(value)
    return round(min(max(piece.start + seconds, piece.start), piece.end), 3)

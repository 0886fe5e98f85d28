"""The form of `POST /v1/audio/transcriptions`, as OpenAI's clients fill it in, and the answers that they understand.

https://platform.openai.com/docs/api-reference/audio/createTranscription
"""

import asyncio
import json
import math
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from aiohttp import BodyPartReader, MultipartReader, web

from wyoming_servers.runtime.openai import RequestError

from .formats import to_srt, to_vtt, word_json
from .settings import UploadLimits
from .transcripts import Segment, Transcript

_CHUNK = 1 << 18
_LONGEST_FIELD = 1 << 16
_MOST_PARTS = 64
_MOST_TERMS = 100
_LONGEST_TERM = 200


@dataclass(slots=True)
class Form:
    """What is asked for. Fields that have no meaning here, such as the temperature, are left out."""

    model: str | None = None
    language: str | None = None
    response_format: str = "json"
    terms: tuple[str, ...] = ()
    """Of the prompt: what stands between its commas and line ends."""

    granularities: set[str] = field(default_factory=set)
    has_file: bool = False

    @property
    def needs_words(self) -> bool:
        """Whether the answer has times."""
        return self.response_format not in ("json", "text")


async def read_form(request: web.Request, path: Path, limits: UploadLimits) -> Form:
    """Return the form; its file is written to `path`. Raises: RequestError."""
    most_bytes = limits.most_bytes
    if not request.content_type.startswith("multipart/"):
        raise RequestError(400, "bad_request", "Send a form (multipart/form-data) with the recording in 'file'.")
    if (request.content_length or 0) > most_bytes:
        raise _too_large(most_bytes)
    form = Form()
    try:
        async with asyncio.timeout(limits.upload_seconds):
            await _read_parts(await request.multipart(), form, path, most_bytes)
    except ValueError as err:
        raise RequestError(400, "bad_request", f"The form is broken: {err}") from err
    except TimeoutError as err:
        raise RequestError(408, "too_slow", f"The form took longer than {limits.upload_seconds:g} s.") from err
    except (ConnectionError, web.RequestPayloadError) as err:
        raise RequestError(499, "gone", "The program left before its recording was here.") from err
    except OSError as err:
        raise RequestError(507, "not_kept", f"The recording can't be kept here: {err.strerror}.") from err
    if not form.has_file:
        raise RequestError(400, "bad_request", "The form has no field 'file' with a recording.", parameter="file")
    return form


async def _read_parts(reader: MultipartReader, form: Form, path: Path, most_bytes: int) -> None:
    for _ in range(_MOST_PARTS):
        part = await reader.next()
        if part is None:
            return
        if not isinstance(part, BodyPartReader):
            raise RequestError(400, "bad_request", "The form has a form within it.")
        if part.name == "file":
            await _save(part, path, most_bytes)
            form.has_file = True
        else:
            _take(form, part.name or "", await _text(part))
    raise RequestError(400, "bad_request", f"The form has more than {_MOST_PARTS} fields.")


async def _save(part: BodyPartReader, path: Path, most_bytes: int) -> None:
    size = 0
    with await asyncio.to_thread(path.open, "wb") as file:
        while not part.at_eof():
            chunk = await part.read_chunk(_CHUNK)
            size += len(chunk)
            if size > most_bytes:
                raise _too_large(most_bytes)
            await asyncio.to_thread(_write, file, chunk)


def _write(file: BinaryIO, chunk: bytes) -> None:
    file.write(chunk)


async def _text(part: BodyPartReader) -> str:
    content = bytearray()
    while not part.at_eof():
        content += await part.read_chunk()
        if len(content) > _LONGEST_FIELD:
            raise RequestError(400, "bad_request", f"The field {part.name!r} is too long.", parameter=part.name)
    return content.decode(errors="replace").strip()


def _take(form: Form, name: str, value: str) -> None:
    """Put a field into the form. Raises: RequestError."""
    if name == "model":
        form.model = value or None
    elif name == "language":
        form.language = value or None
    elif name == "prompt":
        form.terms = _terms(value)
    elif name == "response_format":
        if value not in ANSWERS:
            known = ", ".join(ANSWERS)
            message = f"There is no response_format {value!r:.40}. Available: {known}."
            raise RequestError(400, "bad_request", message, parameter=name)
        form.response_format = value
    elif name.removesuffix("[]") == "timestamp_granularities":
        form.granularities.add(value)


def _terms(prompt: str) -> tuple[str, ...]:
    parts = (part.strip() for part in prompt.replace("\n", ",").replace(";", ",").split(","))
    return tuple(dict.fromkeys(part for part in parts if 0 < len(part) <= _LONGEST_TERM))[:_MOST_TERMS]


def _too_large(most_bytes: int) -> RequestError:
    message = f"The recording has more than {most_bytes / 1e6:.0f} MB. Send it in parts, or compressed."
    return RequestError(413, "too_large", message, parameter="file")


def _to_json(transcript: Transcript, form: Form) -> web.Response:
    del form
    usage = {"type": "duration", "seconds": math.ceil(transcript.duration)}
    return _json({"text": transcript.text, "usage": usage})


def _to_verbose_json(transcript: Transcript, form: Form) -> web.Response:
    body: dict[str, Any] = {
        "task": "transcribe",
        "language": transcript.language,
        "duration": transcript.duration,
        "text": transcript.text,
    }
    if "segment" in form.granularities or not form.granularities:
        body["segments"] = [_segment_json(number, segment) for number, segment in enumerate(transcript.segments)]
    if "word" in form.granularities:
        body["words"] = [word_json(word) for segment in transcript.segments for word in segment.words]
    return _json(body)


def _json(body: Mapping[str, Any]) -> web.Response:
    return web.json_response(body, dumps=partial(json.dumps, ensure_ascii=False))


def _segment_json(number: int, segment: Segment) -> Mapping[str, Any]:
    """Return a segment with all fields that clients check; those that only Whisper has are neutral."""
    known = [word.probability for word in segment.words if word.probability]
    raw = segment.text.encode()
    return {
        "id": number,
        "seek": 0,
        "start": segment.start,
        "end": segment.end,
        "text": segment.text,
        "tokens": [],
        "temperature": 0.0,
        "avg_logprob": sum(map(math.log, known)) / len(known) if known else 0.0,
        "compression_ratio": len(raw) / len(zlib.compress(raw)),
        "no_speech_prob": 0.0,
    }


ANSWERS: Mapping[str, Callable[[Transcript, Form], web.Response]] = {
    "json": _to_json,
    "text": lambda transcript, _: web.Response(text=f"{transcript.text}\n"),
    "srt": lambda transcript, _: web.Response(text=to_srt(transcript), content_type="application/x-subrip"),
    "verbose_json": _to_verbose_json,
    "vtt": lambda transcript, _: web.Response(text=to_vtt(transcript), content_type="text/vtt"),
}
"""By `response_format`."""

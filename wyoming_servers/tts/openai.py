"""Synthesis for other programs, over HTTP as OpenAI offers it: `POST /v1/audio/speech`.

The side port serves it, which asks for a token or listens on loopback only.
https://platform.openai.com/docs/api-reference/audio/createSpeech
"""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from wyoming.tts import SynthesizeVoice

from wyoming_servers.runtime import metrics
from wyoming_servers.runtime.errors import ServerError, StalledError, UnknownNameError
from wyoming_servers.runtime.openai import RequestError, refusal, unknown_model

from .answer import Answer
from .encoding import FORMATS, Format, has_av
from .loudness import to_floats, to_int16
from .narrator import Narration, Narrator
from .tempo import Tempo

_LOGGER = logging.getLogger(__name__)

_RATE = 24_000
"""Hertz of OpenAI's own audio, which programs that ask for `pcm` take for granted."""

_MODELS = frozenset({"tts-1", "tts-1-hd", "gpt-4o-mini-tts"})
_VOICES = frozenset(
    ("alloy", "ash", "ballad", "coral", "echo", "fable", "onyx", "nova", "sage", "shimmer", "verse", "marin", "cedar")
)
"""Names that programs have built in: they mean whatever there is, in the language of the text."""

_SPEEDS = (0.25, 4.0)


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """What is asked for. Fields that have no meaning here, such as the instructions, are left out."""

    text: str
    voice: SynthesizeVoice | None
    format: Format
    speed: float


class OpenAiSpeech:
    """Speaks texts by the engines and under the limits that satellites have."""

    def __init__(self, narrator: Narrator) -> None:
        self._narrator = narrator

    def routes(self) -> Iterable[web.RouteDef]:
        """Return what the side port serves."""
        return [web.post("/v1/audio/speech", self._post)]

    async def _post(self, request: web.Request) -> web.StreamResponse:
        try:
            return await self._answer(request, self._read(await _json_of(request)))
        except ServerError as err:
            metrics.ERRORS.labels(err.code).inc()
            _LOGGER.warning("Told the program: %s (%s)", err, err.code)
            return refusal(err).response()

    async def _answer(self, request: web.Request, wanted: SpeechRequest) -> web.StreamResponse:
        answer = Answer(self._narrator.settings.longest_text)
        answer.add(wanted.text)
        answer.finish()
        try:
            async with (
                self._narrator.narrating(answer, wanted.voice, _RATE) as narration,
                aclosing(_encoded(narration, wanted)) as parts,
            ):
                return await self._send(request, parts, wanted.format)
        except UnknownNameError as err:
            raise RequestError(400, "unknown_voice", str(err), parameter="voice") from err

    async def _send(self, request: web.Request, parts: AsyncGenerator[bytes], form: Format) -> web.StreamResponse:
        """Send the audio while it is made. Raises: ServerError while none of it has been sent."""
        first = await anext(parts)
        response = web.StreamResponse(headers={"Content-Type": form.media_type})
        try:
            await response.prepare(request)
            await self._write(response, first)
            async for part in parts:
                await self._write(response, part)
            await response.write_eof()
        except ConnectionError:
            metrics.ABANDONED.labels("tts").inc()
            _LOGGER.info("The program left before the end of its speech")
        except ServerError as err:
            metrics.ERRORS.labels(err.code).inc()
            _LOGGER.warning("Broke off speech for a program: %s (%s)", err, err.code)
            if request.transport is not None:
                request.transport.abort()  # an orderly end would pass for a whole answer
        return response

    async def _write(self, response: web.StreamResponse, part: bytes) -> None:
        seconds = self._narrator.settings.stall_seconds
        try:
            async with asyncio.timeout(seconds):
                await response.write(part)
        except TimeoutError as err:
            raise StalledError(seconds) from err

    def _read(self, fields: dict[str, Any]) -> SpeechRequest:
        """Return the request. Raises: RequestError that names the field."""
        self._check_model(_text(fields, "model"))
        text = _text(fields, "input")
        if len(text) > self._narrator.settings.longest_text:
            limit = self._narrator.settings.longest_text
            raise RequestError(400, "too_long", f"The input has more than {limit} characters.", parameter="input")
        if fields.get("stream_format", "audio") != "audio":
            raise RequestError(400, "bad_request", "Only the stream_format 'audio' is here.", parameter="stream_format")
        return SpeechRequest(text, _voice(fields), _format(fields), _speed(fields))

    def _check_model(self, name: str) -> None:
        known = self._narrator.synthesizer.engine_name
        if name != known and not any(name == model or name.startswith(f"{model}-20") for model in _MODELS):
            raise unknown_model(name, [known])


async def _encoded(narration: Narration, wanted: SpeechRequest) -> AsyncGenerator[bytes]:
    """Yield the narration in the format; at least one part, before which all that can fail early has failed."""
    tempo, encoder = Tempo(_RATE, wanted.speed), wanted.format.encoder(_RATE)

    def encode(pcm: bytes) -> bytes:
        return encoder.feed(to_int16(tempo.feed(to_floats(pcm))).tobytes())

    def finish() -> bytes:
        return encoder.feed(to_int16(tempo.finish()).tobytes()) + encoder.finish()

    async for pcm in narration.blocks():
        if part := await asyncio.to_thread(encode, pcm):
            yield part
    yield await asyncio.to_thread(finish)


async def _json_of(request: web.Request) -> dict[str, Any]:
    try:
        fields = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError) as err:
        raise RequestError(400, "bad_request", f"The body is not JSON: {err}") from err
    if not isinstance(fields, dict):
        raise RequestError(400, "bad_request", "The body is not a JSON object.")
    return fields


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value.strip():
        raise RequestError(400, "bad_request", f"Send a text in {name!r}.", parameter=name)
    return value


def _voice(fields: dict[str, Any]) -> SynthesizeVoice | None:
    value = fields.get("voice")
    name = value.get("id") if isinstance(value, dict) else value
    if not isinstance(name, str):
        raise RequestError(400, "bad_request", "Send the name of a voice in 'voice'.", parameter="voice")
    return None if name in _VOICES else SynthesizeVoice(name=name)


def _format(fields: dict[str, Any]) -> Format:
    name = fields.get("response_format") or "mp3"
    form = FORMATS.get(name) if isinstance(name, str) else None
    if form is None:
        message = f"There is no response_format {name!r:.40}. Available: {', '.join(FORMATS)}."
        raise RequestError(400, "bad_request", message, parameter="response_format")
    if form.needs_av and not has_av():
        message = f"{name} can't be made here. Ask for wav or pcm, or install voice-rag[transcribe]."
        raise RequestError(400, "not_installed", message, parameter="response_format")
    return form


def _speed(fields: dict[str, Any]) -> float:
    value = fields.get("speed", 1.0)
    low, high = _SPEEDS
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        message = f"The speed has to be from {low} to {high}."
        raise RequestError(400, "bad_request", message, parameter="speed")
    return float(value)

"""Recognition for other programs, over HTTP as OpenAI offers it: `POST /v1/audio/transcriptions`.

The side port serves it, which asks for a token or listens on loopback only.
"""

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from aiohttp import web

from wyoming_servers.runtime import metrics
from wyoming_servers.runtime.errors import BusyError, ServerError, UnknownNameError
from wyoming_servers.runtime.openai import RequestError, refusal, unknown_model

from .engine import Transcription
from .floor import Floor
from .openai_form import ANSWERS, Form, read_form
from .pauses import Piece
from .recognizer import Recognizer, choose
from .recordings import TranscriptBuilder
from .settings import UploadLimits
from .transcripts import Transcript
from .uploads import reading

_LOGGER = logging.getLogger(__name__)

_ALIASES = frozenset({"whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe"})
"""Names that programs have built in: they mean whatever there is."""

_NAME = "The recording"
"""As messages call it: the name that a program gives it is none of ours to open."""

_BUSY_WAITS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds; a recording half done is not given up because the queue is full."""

_FLOOR_SECONDS = 60.0
"""A piece waits at most so long for people at the satellites to end: no utterance is longer."""


class OpenAiRoutes:
    """Transcribes recordings with the engines that the satellites use, a piece at a time and while nobody speaks."""

    def __init__(self, recognizers: Sequence[Recognizer], limits: UploadLimits, floor: Floor) -> None:
        """People who have the `floor` go first."""
        self._recognizers = recognizers
        self._limits = limits
        self._floor = floor
        self._under_way = 0
        self._turn = asyncio.Lock()
        """Whose piece is in the engine's queue: a satellite waits for one, however many recordings there are."""

    def routes(self) -> Iterable[web.RouteDef]:
        """Return what the side port serves."""
        return [web.post("/v1/audio/transcriptions", self._post)]

    async def _post(self, request: web.Request) -> web.Response:
        try:
            async with self._place():
                return await self._answer(request)
        except ServerError as err:
            metrics.ERRORS.labels(err.code).inc()
            _LOGGER.warning("Told the program: %s (%s)", err, err.code)
            return refusal(err).response()

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        """Count one request while the context lasts. Raises: BusyError."""
        if self._under_way >= self._limits.most_at_once:
            raise BusyError("Transcription", self._limits.most_at_once)
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1

    async def _answer(self, request: web.Request) -> web.Response:
        if find_spec("av") is None:
            raise RequestError(501, "not_installed", "Recordings can't be read here. Install voice-rag[transcribe].")
        with tempfile.TemporaryDirectory(prefix="voice-rag-") as folder:
            path = Path(folder) / _NAME
            form = await read_form(request, path, self._limits)
            transcript = await self._transcribe(request, path, form)
        return ANSWERS[form.response_format](transcript, form)

    async def _transcribe(self, request: web.Request, path: Path, form: Form) -> Transcript:
        recognizer, model, language = self._chosen(form)
        builder = TranscriptBuilder(language)
        hear = partial(recognizer.transcribe, model=model, terms=form.terms, needs_words=form.needs_words)
        async with reading(path, self._limits) as pieces:
            async for piece, is_speech in pieces:
                if request.transport is None or request.transport.is_closing():
                    metrics.ABANDONED.labels("stt").inc()
                    raise RequestError(499, "gone", "The program left before its transcript.")
                said = await self._hear(partial(hear, piece.samples, builder.language), piece) if is_speech else None
                builder.add(piece, said)
        return builder.transcript()

    def _chosen(self, form: Form) -> tuple[Recognizer, str | None, str | None]:
        """Return who recognises, by which of its models, and the language as it calls it. Raises: RequestError."""
        model = None if form.model in _ALIASES else form.model
        known = [announced.name for recognizer in self._recognizers for announced in recognizer.models]
        if model is not None and model not in known:
            raise unknown_model(model, known)
        try:
            recognizer = choose(self._recognizers, model, form.language)
            return recognizer, model, recognizer.check_language(form.language)
        except UnknownNameError as err:
            raise RequestError(400, "unknown_language", str(err), parameter="language") from err

    async def _hear(self, hear: Callable[[], Awaitable[Transcription]], piece: Piece) -> Transcription:
        """Return what is said in a piece; one that is not the first waits for its place. Raises: ServerError."""
        async with self._turn:
            await self._floor.wait(_FLOOR_SECONDS)
            for seconds in _BUSY_WAITS if piece.start else ():
                try:
                    return await hear()
                except BusyError:
                    await asyncio.sleep(seconds)
            return await hear()

"""The transcript on its way to the client: transcript-start, transcript-chunk*, transcript, transcript-stop."""

import asyncio

from wyoming.asr import Transcript, TranscriptChunk, TranscriptStart, TranscriptStop

from wyoming_servers.runtime.service import Send

from .engine import Transcription
from .partials import Partials


class Reply:
    """Tells one utterance's words as they become sure. Methods raise ConnectionError when the client has gone."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._partials = Partials()
        self._is_begun = False

    async def guess(self, words: Transcription) -> None:
        """Tell what is sure of the words so far, if anything is."""
        if not (more := self._partials.guess(words.text)):
            return
        try:
            if not self._is_begun:
                await self._begin(words)
            await self._send(TranscriptChunk(text=more))
        except asyncio.CancelledError:
            self._partials.told = ""  # whether it went out is not known: the stream begins anew
            raise

    async def finish(self, words: Transcription) -> None:
        """Tell the rest, and the whole: clients that know no chunks wait for it."""
        rest = self._partials.finish(words.text)
        if rest.is_new:
            await self._begin(words)
        if rest.text:
            await self._send(TranscriptChunk(text=rest.text))
        await self._send(Transcript(text=words.text, language=words.language or None))
        await self._send(TranscriptStop())

    async def _begin(self, words: Transcription) -> None:
        self._is_begun = True
        await self._send(TranscriptStart(language=words.language or None))

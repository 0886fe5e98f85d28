"""A Wyoming server for speech recognition that does as it is told."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStop
from wyoming.error import Error
from wyoming.event import async_read_event, async_write_event
from wyoming.info import AsrModel, AsrProgram, Attribution, Describe, Info

_ATTRIBUTION = Attribution("", "")


@dataclass
class WyomingStt:
    """Serves on loopback in a thread of its own while entered."""

    text: str = "Hello there."
    error: Error | None = None
    """Answered instead of a transcript."""

    is_hanging_up: bool = False
    """Whether it closes instead of answering."""

    is_silent: bool = False
    """Whether it never answers."""

    ends_turns: bool = False
    languages: tuple[str, ...] = ("en", "ru")
    heard: list[bytes] = field(default_factory=list)
    asked: list[Transcribe] = field(default_factory=list)
    got_audio: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Yield the address."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        server = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._serve, "127.0.0.1", 0), loop).result()
        try:
            yield f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            asyncio.run_coroutine_threadsafe(_stop(server), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        audio = b""
        try:
            while (event := await async_read_event(reader)) is not None:
                if Describe.is_type(event.type):
                    await async_write_event(self._info().event(), writer)
                elif Transcribe.is_type(event.type):
                    self.asked.append(Transcribe.from_event(event))
                elif AudioChunk.is_type(event.type):
                    audio += AudioChunk.from_event(event).audio
                elif AudioStop.is_type(event.type):
                    self.heard.append(audio)
                    self.got_audio.set()
                    if self.is_hanging_up:
                        return
                    if not self.is_silent:
                        await async_write_event((self.error or Transcript(text=self.text)).event(), writer)
        finally:
            writer.close()

    def _info(self) -> Info:
        model = AsrModel("tiny", _ATTRIBUTION, True, "", "1", list(self.languages))
        program = AsrProgram("fake", _ATTRIBUTION, True, "", "1", [model], requires_external_vad=not self.ends_turns)
        return Info(asr=[program])


async def _stop(server: asyncio.Server) -> None:
    server.close()
    own = asyncio.current_task()
    others = [task for task in asyncio.all_tasks() if task is not own]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)

"""A scripted Wyoming server: it hears what it was told it would hear, and speaks a tone.

As a program it stands in for the speech server: `python wyoming_server.py --port P --side-port S [--hears TEXT ...]`.
"""

from __future__ import annotations

import argparse
import asyncio
import math
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import web
from wyoming.asr import Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event, async_read_event, async_write_event
from wyoming.info import AsrModel, AsrProgram, Attribution, Info, TtsProgram, TtsVoice, WakeModel, WakeProgram
from wyoming.wake import Detection

if TYPE_CHECKING:
    from collections.abc import Sequence

RATE = 16_000
SPEECH_RMS = 300.0
WORD_END_SECONDS = 0.3
"""So much quiet after sound, and a word or sentence is taken to be over."""
NOBODY = Attribution(name="A test fake", url="")


@dataclass
class Ear:
    """Tells sound from silence in 16-bit mono chunks and notices when sound has ended."""

    heard: bool = False
    quiet_seconds: float = 0.0

    def is_end(self, audio: bytes) -> bool:
        samples = array("h", audio)
        rms = math.sqrt(sum(sample * sample for sample in samples) / max(1, len(samples)))
        self.heard = self.heard or rms > SPEECH_RMS
        self.quiet_seconds = 0.0 if rms > SPEECH_RMS else self.quiet_seconds + len(samples) / RATE
        return self.heard and self.quiet_seconds > WORD_END_SECONDS


@dataclass
class WyomingFake:
    """Answers detect and transcribe at the end of the first sound, with the next of the given texts."""

    hears: list[str] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        mode, ear, done = "", Ear(), False
        try:
            while (event := await async_read_event(reader)) is not None:
                if event.type in ("detect", "transcribe"):
                    mode, ear, done = event.type, Ear(), False
                elif event.type == "audio-chunk" and not done and ear.is_end(event.payload or b""):
                    done = True
                    await async_write_event(self._heard(mode), writer)
                elif event.type == "describe":
                    await async_write_event(info().event(), writer)
                elif event.type == "synthesize":
                    await self._say(event.data["text"], writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _heard(self, mode: str) -> Event:
        if mode == "detect":
            return Detection(name="okay_nabu", timestamp=0).event()
        return Transcript(text=self.hears.pop(0) if self.hears else "").event()

    async def _say(self, text: str, writer: asyncio.StreamWriter) -> None:
        self.spoken.append(text)
        tone = array("h", (int(8000 * math.sin(i * 0.17)) for i in range(RATE // 2))).tobytes()
        await async_write_event(AudioStart(RATE, 2, 1).event(), writer)
        await async_write_event(AudioChunk(RATE, 2, 1, tone).event(), writer)
        await async_write_event(AudioStop().event(), writer)


def info() -> Info:
    common = {"attribution": NOBODY, "installed": True, "description": "fake", "version": "1"}
    voices = [TtsVoice(name=f"fake-{tag}", languages=[tag], **common) for tag in ("en", "ru")]
    return Info(
        asr=[AsrProgram(name="fake", models=[AsrModel(name="fake", languages=["en"], **common)], **common)],
        tts=[TtsProgram(name="fake", voices=voices, **common)],
        wake=[
            WakeProgram(
                name="fake", models=[WakeModel(name="okay_nabu", phrase="okay nabu", languages=[], **common)], **common
            )
        ],
    )


async def run(fake: WyomingFake, port: int, side_port: int) -> None:
    vocabulary = {"names": 0, "topics": 0}

    async def health(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok", "vocabulary": vocabulary})

    async def learn(request: web.Request) -> web.Response:
        body = await request.json()
        vocabulary.update(names=len(body["names"]), topics=len(body["topics"]))
        return web.json_response({})

    app = web.Application()
    app.add_routes([web.get("/health", health), web.put("/vocabulary", learn)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", side_port).start()
    server = await asyncio.start_server(fake.serve, "127.0.0.1", port)
    await server.serve_forever()


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--side-port", type=int, required=True)
    parser.add_argument("--hears", nargs="*", default=[])
    given = parser.parse_args(argv)
    asyncio.run(run(WyomingFake(list(given.hears)), given.port, given.side_port))


if __name__ == "__main__":
    main()

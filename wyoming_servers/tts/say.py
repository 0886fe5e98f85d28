"""`voice-rag say`: a text in, speech out, by the voices and the ways of the server."""

import asyncio
import codecs
import logging
import os
import sys
import threading
import wave
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from wyoming.tts import SynthesizeVoice

from wyoming_servers.runtime.errors import NotReadyError, ServerError, StartError

from .answer import Answer
from .engine import EngineOptions, Voice
from .narrator import Narration, Narrator
from .settings import TtsSettings
from .synthesizer import Synthesizer

_LOGGER = logging.getLogger(__name__)
_PART = ".part"
_CHUNK = 1 << 16

Write = Callable[[bytes], object]


@dataclass(frozen=True, slots=True)
class SaySettings:
    """What is said, by whom, and where to."""

    text: str | None
    """None is standard input, spoken while it arrives."""

    engine: str = "espeak"
    voice: str | None = None
    language: str | None = None
    """With neither voice nor language, the letters of the text choose."""

    output: Path | None = None
    """A WAV file, which is replaced. None is standard output, as bare 16-bit mono PCM."""

    options: EngineOptions = field(default_factory=EngineOptions)


def voices(engine: str, options: EngineOptions) -> Sequence[Voice]:
    """Return what can be spoken with. Raises: StartError."""
    return Synthesizer.named(engine, options, TtsSettings()).voices()


def run(settings: SaySettings) -> int:
    """Say the text; return the exit code. Raises: StartError that says what to do."""
    if settings.output is None and sys.stdout.isatty():
        raise StartError("Audio is nothing for a terminal. Use --output FILE.wav, or pipe it into a player.")
    try:
        asyncio.run(_say(settings))
    except ServerError as err:
        raise StartError(str(err)) from err
    except BrokenPipeError:
        _LOGGER.info("Nobody listens any more")
    return 0


async def _say(settings: SaySettings) -> None:
    limits = TtsSettings(longest_text=sys.maxsize)
    synthesizer = Synthesizer.named(settings.engine, settings.options, limits)
    wanted = SynthesizeVoice(name=settings.voice, language=settings.language)
    synthesizer.find_voice(wanted)  # before anything is loaded or read
    synthesizer.loader.start()
    try:
        await _loaded(synthesizer)
        answer = Answer(limits.longest_text)
        _fill(answer, settings.text)
        async with Narrator(synthesizer, limits).narrating(answer, wanted) as narration:
            await _write(narration, settings.output)
    finally:
        await synthesizer.stop()


async def _loaded(synthesizer: Synthesizer) -> None:
    """Return when the engine is there; its voice may be downloaded first. Raises: EngineError."""
    while True:
        try:
            await synthesizer.loader.get()
        except NotReadyError:
            _LOGGER.info("The voice is still being loaded")
        else:
            return


def _fill(answer: Answer, text: str | None) -> None:
    if text is not None:
        answer.add(text)
        answer.finish()
        return
    loop = asyncio.get_running_loop()
    # No thread of the loop's pool: the process must not wait for the end of an input that nobody needs any more.
    threading.Thread(target=_read, args=(answer, loop), daemon=True).start()


def _read(answer: Answer, loop: asyncio.AbstractEventLoop) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    while data := os.read(sys.stdin.fileno(), _CHUNK):
        loop.call_soon_threadsafe(answer.add, decoder.decode(data))
    loop.call_soon_threadsafe(answer.finish)


async def _write(narration: Narration, output: Path | None) -> None:
    rate = await narration.rate()
    seconds = 0.0
    with _opened(output, rate) as write:
        async for pcm in narration.blocks():
            write(pcm)
            seconds += len(pcm) / 2 / rate
    _LOGGER.info("%.1f s of speech, %d Hz, 16 bit, mono: %s", seconds, rate, output or "standard output")


@contextmanager
def _opened(output: Path | None, rate: int) -> Iterator[Write]:
    """Yield what takes the audio; a file is there whole or not at all. Raises: StartError."""
    if output is None:
        yield sys.stdout.buffer.write
        sys.stdout.buffer.flush()
        return
    part = output.with_name(output.name + _PART)
    try:
        with wave.open(str(part), "wb") as file:
            file.setparams((1, 2, rate, 0, "NONE", ""))
            yield file.writeframes
        part.replace(output)
    except OSError as err:
        raise StartError(f"{output} can't be written: {err.strerror}.") from err
    finally:
        part.unlink(missing_ok=True)

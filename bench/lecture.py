"""What a lecture costs beside its engine: computing by step, waiting, and the first passage.

    python -m bench.lecture --minutes 60

The lecture is eSpeak NG's voices with pauses, noise and music, over and over. Computing is that of all
processes together. The engines beside which it stands are PocketSphinx as it is served, and Whisper of the size of tiny
with random weights, which says four words and ends: a real one writes more and takes longer. What people wait for is
measured with a stand-in that takes a tenth of the time of the sound, asleep, as an engine on another machine would.
"""

import argparse
import asyncio
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from bench.lecture_stand_in import StandIn, become_ready, open_and_close, write
from knowledge.lectures.protocols import Piece
from tests.fakes import tiny_whisper
from voice_rag.lectures.openai import OpenAiTranscriber
from voice_rag.lectures.recordings import FileRecordings
from wyoming_servers.runtime.audio import Samples
from wyoming_servers.runtime.server import WyomingServer
from wyoming_servers.runtime.settings import RuntimeSettings
from wyoming_servers.stt.engine import EngineOptions, Request, SttEngine, Transcription, perform
from wyoming_servers.stt.engines import faster_whisper, pocketsphinx
from wyoming_servers.stt.recognizer import Recognizer
from wyoming_servers.stt.service import SttService
from wyoming_servers.stt.settings import SttSettings

STAND_IN = 0.1
"""Of the time of the sound."""

RAW_PIECES = 8


class Mute:
    """An engine that costs nothing."""

    name = "mute"
    languages = ("ru",)

    def transcribe(self, samples: Samples, language: str | None) -> Transcription:
        """Return always the same."""
        del samples, language
        return Transcription("градиентный спуск ищет наименьшее значение функции", "ru")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=int, default=60, help="of sound for computing (%(default)s)")
    parser.add_argument("--waiting", type=int, default=10, help="minutes of sound for waiting (%(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lecture-") as name:
        folder = Path(name)
        _computing(folder, write(folder / "long" / "lectures" / "lecture.flac", options.minutes * 60))
        _waiting(folder, write(folder / "short" / "lectures" / "lecture.flac", options.waiting * 60))


def _computing(folder: Path, path: Path) -> None:
    pieces: list[Piece] = []
    print("| step | computing per hour of sound |\n|---|---|")
    reading = _cost(lambda: pieces.extend(_read(path)))
    seconds = pieces[-1].end
    _row("decoding, listening for pauses", reading, seconds)
    spoken = [piece for piece in pieces if piece.is_spoken]
    sending = _cost(lambda: _send(spoken)) - _cost(lambda: _send(spoken[:1]))
    _row("to the speech server and back", sending, seconds)
    started, again = (_cost(lambda: open_and_close(folder, folder / "none")) for _ in range(2))
    keeping = _cost(lambda: become_ready(path.parents[1], folder / "data", StandIn(0.0))) - reading - again
    _row("store, passages, index", keeping, seconds)
    _row("together", reading + sending + keeping, seconds)
    model = tiny_whisper.build(folder / "whisper", size=tiny_whisper.WHISPER_TINY)
    some = list(islice(spoken, RAW_PIECES))
    for title, engine in (
        ("raw PocketSphinx", pocketsphinx.load(EngineOptions())),
        ("raw Whisper tiny", faster_whisper.load(EngineOptions(model=str(model)))),
    ):
        _row(title, _raw(engine, some) * len(spoken) / len(some), seconds)
    print(f"\nthe start of the service, once: {started:.1f} s of computing", flush=True)


def _waiting(folder: Path, path: Path) -> None:
    stand_in = StandIn(STAND_IN)
    started = time.perf_counter()
    first, transcribed = become_ready(path.parents[1], folder / "data2", stand_in)
    begun = stand_in.calls[0] - started
    print(f"\nfirst piece at the engine after {begun:.1f} s, first passage found after {first:.1f} s", flush=True)
    print(f"from there on {transcribed - begun:.1f} s, of which the engine {stand_in.waited:.1f} s: ", end="")
    print(f"{(transcribed - begun) / stand_in.waited - 1:+.1%}", flush=True)


def _send(pieces: Sequence[Piece]) -> None:
    with _serving(Mute()) as url:
        transcriber = OpenAiTranscriber(url)
        for piece in pieces:
            transcriber.transcribe(piece, None)


def _read(path: Path) -> list[Piece]:
    recording = FileRecordings().open(path)
    try:
        return list(recording.pieces())
    finally:
        recording.close()


def _raw(engine: SttEngine, pieces: Sequence[Piece]) -> float:
    perform(engine, Request(pieces[0].samples, needs_words=True))
    return _cost(lambda: [perform(engine, Request(piece.samples, needs_words=True)) for piece in pieces])


def _cost(work: Callable[[], object]) -> float:
    """Return the seconds of computing of this process and of those that it starts and ends."""
    before = os.times()
    work()
    return sum(os.times()[:4]) - sum(before[:4])


def _own_cost(work: Callable[[], object]) -> float:
    """Return the seconds of computing of this process alone: the service's, without the reader's."""
    before = time.process_time()
    work()
    return time.process_time() - before


def _row(title: str, computing: float, seconds: float) -> None:
    print(f"| {title} | {computing / seconds * 3600:.0f} s, {computing / seconds:.2%} |", flush=True)


@contextmanager
def _serving(engine: SttEngine) -> Iterator[str]:
    """Yield the address of the side port of our speech server with an engine."""
    recognizer = Recognizer(engine.name, engine.languages, lambda _: engine, SttSettings())
    server = WyomingServer([SttService(recognizer, SttSettings())], RuntimeSettings(port=0, side_port=0))
    is_up, stopping = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with server.serving():
            is_up.set()
            await stopping.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    is_up.wait()
    try:
        yield f"http://127.0.0.1:{server.side_port}"
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join()
        loop.close()


if __name__ == "__main__":
    main()

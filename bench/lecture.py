"""What a lecture costs beside its engine: computing by step, waiting, memory over hours, and the first passage.

    python -m bench.lecture --minutes 20 --hours 3

The lecture is eSpeak NG's voices with pauses, noise and music, over and over. Computing is that of all
processes together. The engines beside which it stands are PocketSphinx as it is served, and Whisper of the size of tiny
with random weights, which says four words and ends: a real one writes more and takes longer. What people wait for is
measured with a stand-in that takes a tenth of the time of the sound, asleep, as an engine on another machine would.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import av
import numpy as np

from knowledge.base import KnowledgeBase
from knowledge.lectures.models import LectureState, Segment
from knowledge.lectures.protocols import SAMPLE_RATE, Piece, Transcriber
from knowledge.search.retrieval import Query
from knowledge.settings import IngestSettings, KnowledgeSettings
from tests.fakes import tiny_whisper
from tests.fakes.spoken_lecture import speak
from voice_rag.lectures.openai import OpenAiTranscriber
from voice_rag.lectures.recordings import FileRecordings
from wyoming_servers.runtime.audio import Samples
from wyoming_servers.runtime.server import WyomingServer
from wyoming_servers.runtime.settings import RuntimeSettings
from wyoming_servers.runtime.worker import resident_bytes
from wyoming_servers.stt.engine import EngineOptions, Request, SttEngine, Transcription, perform
from wyoming_servers.stt.engines import faster_whisper, pocketsphinx
from wyoming_servers.stt.recognizer import Recognizer
from wyoming_servers.stt.service import SttService
from wyoming_servers.stt.settings import SttSettings

STAND_IN = 0.1
"""Of the time of the sound."""

RAW_PIECES = 8
WORDS = (
    "градиент",
    "функция",
    "значение",
    "минимум",
    "шаг",
    "скорость",
    "данные",
    "ошибка",
    "модель",
    "вес",
    "слой",
    "сеть",
)
WORD_SECONDS = 0.5
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class StandIn:
    """Waits as long as an engine would, and makes up what was said."""

    share: float
    """Of the time of the sound; 0 costs nothing."""

    name: str = "stand-in"
    waited: float = 0.0
    calls: list[float] = field(default_factory=list)
    """When each began, by perf_counter."""

    memory: list[tuple[float, float, float]] = field(default_factory=list)
    """Second of the recording, MB of this process, MB of its children."""

    def transcribe(self, piece: Piece, language: str | None) -> tuple[Segment, ...]:
        """Return sentences after a while."""
        del language
        seconds = (piece.end - piece.start) * self.share
        self.calls.append(time.perf_counter())
        time.sleep(seconds)
        self.waited += seconds
        own, children = resident_bytes(os.getpid()) / 1e6, sum(map(resident_bytes, _children())) / 1e6
        self.memory.append((piece.end, own, children))
        return tuple(_sentences(piece))

    def close(self) -> None:
        """There is nothing to let go of."""


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
    parser.add_argument("--minutes", type=int, default=20, help="of sound for computing and waiting (%(default)s)")
    parser.add_argument("--hours", type=int, default=3, help="of sound for the memory (%(default)s); 0 leaves it out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lecture-") as name:
        folder = Path(name)
        path = write(folder / "short" / "lectures" / "lecture.flac", options.minutes * 60)
        _computing(folder, path)
        _waiting(folder, path)
        path.unlink()
        if options.hours:
            _memory(folder, write(folder / "long" / "lectures" / "lecture.flac", options.hours * 3600))


def _computing(folder: Path, path: Path) -> None:
    pieces: list[Piece] = []
    print("| step | computing per hour of sound |\n|---|---|")
    reading = _cost(lambda: pieces.extend(_read(path)))
    seconds = pieces[-1].end
    _row("decoding, listening for pauses", reading, seconds)
    spoken = [piece for piece in pieces if piece.is_spoken]
    with _serving(Mute()) as url:
        transcriber = OpenAiTranscriber(url)
        transcriber.transcribe(spoken[0], None)
        _row(
            "to the speech server and back",
            _cost(lambda: [transcriber.transcribe(one, None) for one in spoken]),
            seconds,
        )
    whole = _cost(lambda: _become_ready(path.parents[1], folder / "data", StandIn(0.0)))
    _row("store, passages, index", whole - reading, seconds)
    model = tiny_whisper.build(folder / "whisper", size=tiny_whisper.WHISPER_TINY)
    some = list(islice(spoken, RAW_PIECES))
    for title, engine in (
        ("raw PocketSphinx", pocketsphinx.load(EngineOptions())),
        ("raw Whisper tiny", faster_whisper.load(EngineOptions(model=str(model)))),
    ):
        _row(title, _raw(engine, some) * len(spoken) / len(some), seconds)


def _waiting(folder: Path, path: Path) -> None:
    stand_in = StandIn(STAND_IN)
    started = time.perf_counter()
    first, transcribed = _become_ready(path.parents[1], folder / "data2", stand_in)
    begun = stand_in.calls[0] - started
    print(f"\nfirst piece at the engine after {begun:.1f} s, first passage found after {first:.1f} s", flush=True)
    print(f"from there on {transcribed - begun:.1f} s, of which the engine {stand_in.waited:.1f} s: ", end="")
    print(f"{(transcribed - begun) / stand_in.waited - 1:+.1%}\n", flush=True)


def _memory(folder: Path, path: Path) -> None:
    stand_in = StandIn(0.0)
    _become_ready(path.parents[1], folder / "data3", stand_in)
    print("| second of the recording | this process | readers |\n|---|---|---|")
    for end, own, children in stand_in.memory[2 :: len(stand_in.memory) // 12]:
        print(f"| {end:.0f} | {own:.0f} MB | {children:.0f} MB |", flush=True)


def _become_ready(folder: Path, data: Path, transcriber: Transcriber) -> tuple[float, float]:
    """Return the seconds until something of the lecture is found, and until all of it is transcribed."""
    settings = KnowledgeSettings(folder, data, IngestSettings(settle_seconds=0.0))
    stale = threading.Event()
    first = None
    started = time.perf_counter()
    with KnowledgeBase(settings, FileRecordings(), transcriber) as base:
        base.on_stale(stale.set)
        while True:
            base.scan()
            if first is None and base.search(Query("градиент")).hits:
                first = time.perf_counter() - started
            [lecture] = base.lectures.all()
            if lecture.state is LectureState.FAILED:
                sys.exit(f"The lecture failed: {lecture.problem}")
            if lecture.state in (LectureState.WRITING, LectureState.READY):
                return first or 0.0, time.perf_counter() - started
            stale.wait(0.2)
            stale.clear()


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


def _row(title: str, computing: float, seconds: float) -> None:
    print(f"| {title} | {computing / seconds * 3600:.0f} s, {computing / seconds:.2%} |", flush=True)


def _children() -> list[int]:
    pids: list[int] = []
    for task in Path("/proc/self/task").iterdir():
        pids += map(int, (task / "children").read_text(encoding="ascii").split())
    return pids


def _sentences(piece: Piece) -> Iterator[Segment]:
    """Yield sentences at the pace of speech, the same for the same piece."""
    chooser = random.Random(piece.start)
    start = piece.start
    while start + 8 * WORD_SECONDS < piece.end:
        text = " ".join(chooser.choices(WORDS, k=8)).capitalize() + "."
        yield Segment(text, start, start + 8 * WORD_SECONDS)
        start += 8 * WORD_SECONDS


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


def write(path: Path, seconds: int) -> Path:
    """Write a lecture of at least so many seconds."""
    path.parent.mkdir(parents=True)
    part = speak(40).samples
    with av.open(str(path), "w") as container:
        stream = container.add_stream("flac", rate=SAMPLE_RATE, layout="mono")
        for number in range(-(-seconds * SAMPLE_RATE // len(part))):
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(part[None]), format="s16", layout="mono")
            frame.sample_rate = SAMPLE_RATE
            frame.pts = number * len(part)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


if __name__ == "__main__":
    main()

"""A synthetic lecture as a file, who transcribes it without an engine, and the service that works on it."""

import random
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np

from knowledge.base import KnowledgeBase
from knowledge.lectures.models import LectureState, Segment
from knowledge.lectures.protocols import SAMPLE_RATE, Piece, Transcriber
from knowledge.search.retrieval import Query
from knowledge.settings import IngestSettings, KnowledgeSettings
from tests.fakes.spoken_lecture import speak
from voice_rag.lectures.recordings import FileRecordings

_WORDS = (
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
_WORD_SECONDS = 0.5


@dataclass
class StandIn:
    """Waits as long as an engine would, and makes up what was said."""

    share: float
    """Of the time of the sound; 0 costs nothing."""

    name: str = "stand-in"
    waited: float = 0.0
    calls: list[float] = field(default_factory=list)
    """When each began, by perf_counter."""

    def transcribe(self, piece: Piece, language: str | None) -> tuple[Segment, ...]:
        """Return sentences after a while."""
        del language
        seconds = (piece.end - piece.start) * self.share
        self.calls.append(time.perf_counter())
        time.sleep(seconds)
        self.waited += seconds
        return tuple(_sentences(piece))

    def close(self) -> None:
        """There is nothing to let go of."""


def open_and_close(folder: Path, data: Path) -> None:
    """Start the service on a folder without recordings, and end it."""
    with _base(folder, data, StandIn(0.0)) as base:
        base.scan()


def become_ready(folder: Path, data: Path, transcriber: Transcriber) -> tuple[float, float]:
    """Return the seconds until something of the lecture is found, and until all of it is transcribed."""
    stale = threading.Event()
    first = None
    started = time.perf_counter()
    with _base(folder, data, transcriber) as base:
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


def _base(folder: Path, data: Path, transcriber: Transcriber) -> KnowledgeBase:
    settings = KnowledgeSettings(folder, data, IngestSettings(settle_seconds=0.0))
    return KnowledgeBase(settings, FileRecordings(), transcriber)


def _sentences(piece: Piece) -> Iterator[Segment]:
    """Yield sentences at the pace of speech, the same for the same piece."""
    chooser = random.Random(piece.start)
    start = piece.start
    while start + 8 * _WORD_SECONDS < piece.end:
        text = " ".join(chooser.choices(_WORDS, k=8)).capitalize() + "."
        yield Segment(text, start, start + 8 * _WORD_SECONDS)
        start += 8 * _WORD_SECONDS

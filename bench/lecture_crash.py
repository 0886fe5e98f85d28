"""Kills of a program that works on a lecture: python -m bench.lecture_crash [--kills N] [--sentences N].

The lecture is spoken by synthetic voices with music, noise and silence between them; it is decoded and cut by the same
code as any recording, and transcribed by somebody who knows every sentence and takes a tenth of a second for a piece.
The program is killed at random moments until that has happened N times, then left to end. Each sentence must be there
once and in its place. It prints how many pieces were begun again.
"""

from __future__ import annotations

import argparse
import os
import pickle
import random
import signal
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from knowledge.errors import TranscriberError
from knowledge.files.folder import file_state
from knowledge.files.lectures import LectureFile
from knowledge.lectures.library import LectureLibrary
from knowledge.lectures.models import LectureState, Segment
from knowledge.lectures.protocols import SAMPLE_RATE
from knowledge.lectures.store import LectureStore
from knowledge.settings import KnowledgeSettings
from tests.fakes.lecture_work import Author
from tests.fakes.spoken_lecture import SpokenLecture, speak
from voice_rag.lectures.recordings import FileRecordings

if TYPE_CHECKING:
    from knowledge.lectures.protocols import Piece

_PATH = "lectures/a.wav"
_KILL_SECONDS = (0.2, 2.0)
_PIECE_SECONDS = 0.1


class Listener:
    """Knows what is said when, notes what it was asked for, and takes its time."""

    name = "listener"

    def __init__(self, lecture: SpokenLecture, log: Path) -> None:
        self._lecture = lecture
        self._log = log

    def transcribe(self, piece: Piece, language: str | None) -> tuple[Segment, ...]:  # noqa: ARG002  it knows
        """Return the sentences of a piece. Raises: TranscriberError if it is not the sound of its place."""
        with self._log.open("a") as log:
            log.write(f"{piece.start}\n")
        time.sleep(_PIECE_SECONDS)
        first = round(piece.start * SAMPLE_RATE)
        if not np.array_equal(self._lecture.samples[first : first + len(piece.samples)], piece.samples):
            raise TranscriberError(f"{piece.start} s is not where this piece is from.")
        said = [one for one in self._lecture.sentences if piece.start <= one.start < piece.end]
        return tuple(Segment(one.text, one.start, one.end) for one in said)

    def close(self) -> None:
        """There is nothing to let go of."""


def main() -> None:
    """Run the parent or, with a folder, the program that is killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--sentences", type=int, default=120)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.work is not None:
        work(arguments.work)
        return
    with tempfile.TemporaryDirectory() as root:
        run(Path(root), arguments.kills, speak(arguments.sentences))


def run(root: Path, kills: int, lecture: SpokenLecture) -> None:
    """Kill and start anew, then check what is there."""
    (root / "lectures").mkdir()
    with wave.open(str(root / _PATH), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(lecture.samples.tobytes())
    (root / "lecture.pickle").write_bytes(pickle.dumps(lecture))
    command = [sys.executable, "-m", "bench.lecture_crash", "--work", str(root)]
    killed = 0
    while killed < kills:
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(random.uniform(*_KILL_SECONDS))
            if process.poll() is not None:
                break
            os.kill(process.pid, signal.SIGKILL)
            killed += 1
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    report(root, killed, lecture)


def report(root: Path, killed: int, lecture: SpokenLecture) -> None:
    """Compare the transcript with what was said."""
    store = LectureStore(root / "lectures.sqlite")
    (entry,) = store.all()
    found = store.segments(entry.id)
    store.close()
    begun = (root / "begun.txt").read_text().split()
    texts = [segment.text for segment in found]
    print(f"{len(lecture.samples) / SAMPLE_RATE:.0f} s, {len(lecture.sentences)} sentences, {killed} kills")
    print(f"lost {len({one.text for one in lecture.sentences} - set(texts))}, doubled {len(texts) - len(set(texts))}")
    print(f"pieces {len(set(begun))}, begun again {len(begun) - len(set(begun))}")


def work(root: Path) -> None:
    """Be the program: go on with the lecture until it is ready."""
    lecture: SpokenLecture = pickle.loads((root / "lecture.pickle").read_bytes())
    store = LectureStore(root / "lectures.sqlite")
    sound = (FileRecordings(), Listener(lecture, root / "begun.txt"))
    lectures = LectureLibrary(KnowledgeSettings(root, root), store, Author(), sound)
    state = file_state(root / _PATH)
    assert state is not None
    lectures.take_in(LectureFile(_PATH, root / _PATH, "f" * 64, state))
    lectures.start()
    print("started", flush=True)
    while (now := lectures.all()[0]).state is not LectureState.READY:
        if now.state is LectureState.FAILED:
            sys.exit(str(now.problem))
        time.sleep(0.02)
    lectures.close()


if __name__ == "__main__":
    main()

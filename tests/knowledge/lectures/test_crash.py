"""Nothing is lost or doubled, wherever the pieces are cut and wherever the work ends."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.lectures.store import LectureStore
from tests.fakes.lecture_work import recording
from tests.knowledge.lectures.conftest import LectureHouse
from tests.waiting import PATIENCE_SECONDS

ROOT = Path(__file__).parents[3]
WORK = """
import sys, time
from pathlib import Path
from tests.fakes.lecture_work import Author, Oracle, ScriptedRecordings
from knowledge.lectures.library import LectureLibrary
from knowledge.lectures.store import LectureStore
from knowledge.settings import KnowledgeSettings

class Slow(Oracle):
    def transcribe(self, piece, language):
        time.sleep(0.004)
        return super().transcribe(piece, language)

folder, data = Path(sys.argv[1]), Path(sys.argv[2])
recordings = ScriptedRecordings()
store = LectureStore(data / "lectures.sqlite")
lectures = LectureLibrary(KnowledgeSettings(folder, data), store, Author(), (recordings, Slow(recordings)))
lectures.start()
print("started", flush=True)
while any(one.state != "ready" for one in lectures.all()):
    time.sleep(0.01)
lectures.close()
"""


class Cut(BaseException):
    """Ends the work at a step, as a kill would."""


def work_until(house: LectureHouse, steps: int) -> bool:
    """Work on a lecture for some transactions of the store, then lose all that is not on disk; say whether it ended."""
    left = steps
    writing = LectureStore._writing

    def counted(store: LectureStore) -> object:
        nonlocal left
        left -= 1
        if left < 0:
            raise Cut
        return writing(store)

    house.open()
    jobs = house.lectures._jobs
    jobs.close()  # the steps are taken in this thread
    jobs._stopping.clear()
    house.oracle._is_closed = False
    LectureStore._writing = counted  # type: ignore[assignment,method-assign]
    try:
        house.scan()
        while jobs._work_once():
            pass
    except Cut:
        return False
    finally:
        LectureStore._writing = writing  # type: ignore[method-assign]
        house.close()
    return True


@settings(max_examples=20, deadline=None)
@given(
    sentences=st.lists(st.booleans(), min_size=1, max_size=12),
    sizes=st.lists(st.integers(1, 4), min_size=1, max_size=3),
    cuts=st.lists(st.integers(1, 14), max_size=4),
)
def test_work_that_ends_anywhere_loses_and_doubles_nothing(
    sentences: list[bool], sizes: list[int], cuts: list[int]
) -> None:
    spoken = [f"Это предложение номер {number}." if is_said else "" for number, is_said in enumerate(sentences)]
    with tempfile.TemporaryDirectory() as root:
        house = LectureHouse(Path(root))
        house.put("a.mp3", spoken)
        for number, steps in enumerate((*cuts, 1_000)):
            house.recordings.piece_sentences = sizes[number % len(sizes)]  # cut elsewhere each time
            if work_until(house, steps):
                break
        house.open()
        assert house.only().state == ("ready" if any(sentences) else "failed")
        assert house.said() == [text for text in spoken if text]
        house.close()


@pytest.mark.timeout(240)
def test_a_killed_program_goes_on_where_it_was(tmp_path: Path) -> None:
    house = LectureHouse(tmp_path)
    spoken = [f"Это предложение номер {number}." for number in range(400)]
    house.put("a.mp3", recording(spoken))
    house.open(has_transcriber=False)
    house.scan()
    house.close()
    data = house.data / "lectures"
    command = (sys.executable, "-c", WORK, str(house.folder), str(data))
    done = list[float]()
    for _ in range(3):
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(random.uniform(0.1, 0.4))
            os.kill(process.pid, signal.SIGKILL)
        store = LectureStore(data / "lectures.sqlite")
        done.append(store.all()[0].done_until)
        store.close()
    assert done == sorted(done)
    assert done[-1] > 0
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, timeout=PATIENCE_SECONDS)
    store = LectureStore(data / "lectures.sqlite")
    (entry,) = store.all()
    assert [segment.text for segment in store.segments(entry.id)] == spoken
    assert [segment.start for segment in store.segments(entry.id)] == [5.0 * number for number in range(400)]
    store.close()
    assert np.isclose(entry.done_until, 2_000.0)

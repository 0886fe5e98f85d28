"""From a file in the folder to what was said in it, with every part but the engine as people run it."""

import threading
from pathlib import Path

import pytest

from knowledge.base import KnowledgeBase
from knowledge.lectures.models import Lecture, LectureState
from knowledge.search.retrieval import Query
from knowledge.settings import IngestSettings, KnowledgeSettings
from tests.fakes.recordings import write
from tests.fakes.sounds import silence
from tests.fakes.spoken_lecture import Oracle, SpokenLecture, speak
from voice_rag.lectures.recordings import FileRecordings

AT_ONCE = IngestSettings(settle_seconds=0.0)


@pytest.fixture(scope="module")
def lecture() -> SpokenLecture:
    return speak(6)


def become_ready(base: KnowledgeBase) -> Lecture:
    """Scan as often as the lecture wants it, until nothing is left to be done."""
    stale = threading.Event()
    base.on_stale(stale.set)
    while True:
        base.scan()
        [lecture] = base.lectures.all()
        if lecture.state in (LectureState.READY, LectureState.FAILED):
            base.scan()
            return lecture
        stale.wait(0.2)
        stale.clear()


def test_a_recording_can_be_searched_and_has_all_that_was_said(lecture: SpokenLecture, tmp_path: Path) -> None:
    folder = tmp_path / "knowledge" / "lectures"
    folder.mkdir(parents=True)
    write(folder / "2026-11-18 Оптимизация.mp3", lecture.samples)
    with KnowledgeBase(
        KnowledgeSettings(folder.parent, tmp_path / "data", AT_ONCE), FileRecordings(), Oracle(lecture)
    ) as base:
        ready = become_ready(base)
        transcript = base.lectures.transcript(ready.id)
        assert base.search(Query("градиентный спуск")).hits
    assert (ready.state, ready.problem, ready.transcriber) == (LectureState.READY, None, "oracle")
    assert transcript is not None
    assert [one.text for one in transcript.segments] == [one.text for one in lecture.sentences]
    for heard, said in zip(transcript.segments, lecture.sentences, strict=True):
        assert (heard.start, heard.end) == (pytest.approx(said.start, abs=0.3), pytest.approx(said.end, abs=0.3))


def test_a_recording_in_which_nobody_speaks_needs_no_engine(lecture: SpokenLecture, tmp_path: Path) -> None:
    folder = tmp_path / "knowledge" / "lectures"
    folder.mkdir(parents=True)
    write(folder / "silence.flac", silence(40))
    oracle = Oracle(lecture)
    with KnowledgeBase(KnowledgeSettings(folder.parent, tmp_path / "data", AT_ONCE), FileRecordings(), oracle) as base:
        become_ready(base)
    assert oracle.heard == []

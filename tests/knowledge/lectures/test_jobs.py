import errno
from pathlib import Path

import pytest

from knowledge.errors import (
    LectureChangedError,
    LectureStateError,
    LectureTemplateError,
    TranscriberError,
    UnknownTemplateError,
)
from knowledge.lectures import jobs
from knowledge.lectures.models import LectureState, Maker
from knowledge.lectures.store import LectureStore
from knowledge.models import Kind, Status
from knowledge.reasons import Reason
from tests.fakes.lecture_work import AWAY
from tests.knowledge.lectures.conftest import LectureHouse
from tests.waiting import wait_until

SPEECH = [f"Это предложение номер {number}." for number in range(10)]


def test_a_recording_becomes_a_transcript_and_content(house: LectureHouse) -> None:
    house.put("Физика/2026-11-18 Спуск.mp3", [*SPEECH, "", "", "Овраг — это долина."])
    house.scan()
    lecture = house.wait()
    assert house.said() == [*SPEECH, "Овраг — это долина."]
    assert (lecture.title, lecture.held_on and lecture.held_on.isoformat()) == ("Спуск", "2026-11-18")
    assert (lecture.duration, lecture.transcriber, lecture.language, lecture.progress) == (65.0, "oracle", "ru", None)
    content = house.lectures.content(lecture.id)
    assert [term.term for term in content.glossary] == ["овраг"]
    assert 55.0 not in house.oracle.asked  # nobody speaks there


def test_the_events_tell_each_state_and_the_progress(house: LectureHouse) -> None:
    house.put("a.mp3", SPEECH)
    house.scan()
    house.wait()
    wait_until(lambda: house.events[-1].state is LectureState.READY)
    # An event tells how a lecture is when it is heard of: the first may be work already.
    states = list(dict.fromkeys(event.state for event in house.events if event.state is not LectureState.WAITING))
    assert states == [LectureState.TRANSCRIBING, LectureState.WRITING, LectureState.READY]
    done = [event.progress.done for event in house.events if event.progress and event.state == "transcribing"]
    assert done == sorted(done)
    assert done[-1] == 50.0


LONG = [f"{sentence[:-1]}, {'и так далее, ' * 400}и всё." for sentence in SPEECH]
"""Sentences that take a page of the database each, and more."""


def leave_room(store: LectureStore, pages: int) -> None:
    """Let the database grow by a number of pages and no further, as on a disk that is nearly full."""
    with store._reading() as database:
        (count,) = database.execute("PRAGMA page_count").fetchone()
        database.execute(f"PRAGMA max_page_count = {count + pages}")


@pytest.mark.parametrize(("state", "pages"), [("transcribing", 0), ("transcribing", 10), ("writing", 0)])
def test_a_full_disk_is_waited_for_and_nothing_is_lost(
    state: str, pages: int, house: LectureHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_DISK_SECONDS", 0.05)
    held = house.oracle.go if state == "transcribing" else house.author.go
    held.clear()
    house.put("a.mp3", LONG)
    house.scan()
    house.wait(LectureState(state))
    leave_room(house.store, pages)
    held.set()
    wait_until(lambda: any(event.problem for event in house.events))
    lecture = house.only()
    assert (lecture.state, lecture.problem and lecture.problem.reason) == (state, Reason.NO_ROOM)
    leave_room(house.store, 1_000_000)
    assert house.wait().problem is None
    assert house.said() == LONG


def test_a_full_disk_of_somebody_else_who_writes_is_waited_for_too(
    house: LectureHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_DISK_SECONDS", 0.05)
    house.oracle.failures = [OSError(errno.ENOSPC, "No space left on device")]
    house.put("a.mp3", SPEECH)
    house.scan()
    house.wait()
    assert house.said() == SPEECH
    assert Reason.NO_ROOM in {event.problem.reason for event in house.events if event.problem}


def test_a_paused_lecture_stops_after_the_piece_in_work_and_goes_on_from_there(house: LectureHouse) -> None:
    house.oracle.go.clear()
    house.put("a.mp3", SPEECH)
    house.scan()
    lecture = house.wait(LectureState.TRANSCRIBING)
    house.lectures.pause(lecture.id)
    house.oracle.go.set()
    wait_until(lambda: house.said() == SPEECH[:2])
    paused = house.lectures.lecture(lecture.id)
    assert (paused.state, paused.progress and paused.progress.done) == (LectureState.PAUSED, 10.0)
    house.lectures.resume(lecture.id)
    house.wait()
    assert house.said() == SPEECH
    assert house.oracle.asked == [0.0, 10.0, 20.0, 30.0, 40.0]


def test_the_first_words_are_found_before_the_rest_is_transcribed(house: LectureHouse) -> None:
    house.oracle.go.clear()
    house.put("a.mp3", SPEECH)
    house.scan()
    house.lectures.pause(house.wait(LectureState.TRANSCRIBING).id)
    house.oracle.go.set()
    wait_until(lambda: house.said() == SPEECH[:2])
    house.scan()
    assert house.find("предложен") == [" ".join(SPEECH[:2])]


def test_a_cancelled_lecture_keeps_what_it_has_and_can_be_begun_again(house: LectureHouse) -> None:
    house.oracle.go.clear()
    house.put("a.mp3", SPEECH)
    house.scan()
    lecture = house.wait(LectureState.TRANSCRIBING)
    house.lectures.cancel(lecture.id)
    house.oracle.go.set()
    wait_until(lambda: house.said() == SPEECH[:2])
    with pytest.raises(LectureStateError, match="cancelled"):
        house.lectures.pause(lecture.id)
    house.lectures.resume(lecture.id)
    house.wait()
    assert house.said() == SPEECH


def test_a_lecture_that_is_deleted_while_it_is_transcribed_leaves_no_word_and_the_next_one_is_worked_on(
    house: LectureHouse,
) -> None:
    house.oracle.go.clear()
    deleted = house.put("a.mp3", SPEECH)
    house.scan()
    lecture = house.wait(LectureState.TRANSCRIBING)
    deleted.unlink()
    assert house.lectures.remove(lecture.path)
    assert not house.lectures.remove(lecture.path)
    house.oracle.go.set()
    house.put("b.mp3", SPEECH[:3])
    house.scan()
    wait_until(lambda: [one.state for one in house.lectures.all()] == [LectureState.READY])
    assert house.said() == SPEECH[:3]
    assert house.store.segments(lecture.id) == ()


def test_a_piece_that_cannot_be_done_is_tried_again_when_asked(house: LectureHouse) -> None:
    house.oracle.go.clear()
    house.put("a.mp3", SPEECH)
    house.scan()
    house.oracle.failures = [TranscriberError("the piece is odd")]
    house.oracle.go.set()
    lecture = house.wait(LectureState.FAILED)
    assert lecture.problem is not None
    assert (lecture.problem.reason, lecture.problem.detail) == (Reason.TRANSCRIBER_FAILED, "the piece is odd")
    house.scan()
    assert house.library.catalogue.files()[0].status is Status.FAILED
    house.lectures.retry(lecture.id)
    house.wait()
    assert house.said() == SPEECH


def test_a_speech_server_that_is_away_is_waited_for_in_sight(house: LectureHouse) -> None:
    house.oracle.failures = [AWAY]
    house.put("a.mp3", SPEECH)
    house.scan()
    wait_until(lambda: house.only().problem)
    lecture = house.only()
    assert (lecture.state, lecture.problem and lecture.problem.reason) == ("waiting", Reason.TRANSCRIBER_AWAY)
    house.lectures.pause(lecture.id)
    house.lectures.resume(lecture.id)  # who asks need not wait
    assert house.wait().problem is None
    assert house.said() == SPEECH


def test_lectures_that_need_no_speech_server_do_not_wait_for_it(house: LectureHouse) -> None:
    house.oracle.failures = [AWAY] * 9
    house.put("a.mp3", SPEECH)
    house.put("b.txt", "Просто текст.")
    house.scan()
    wait_until(lambda: {one.title: one.state for one in house.lectures.all()} == {"a": "waiting", "b": "ready"})


def test_a_file_that_is_no_recording_says_so(house: LectureHouse) -> None:
    house.put("a.mp3", "text under a false name")
    house.scan()
    lecture = house.wait(LectureState.FAILED)
    house.scan()
    (record,) = house.library.catalogue.files()
    assert (record.kind, record.status, record.problem) == (Kind.LECTURE, Status.FAILED, lecture.problem)


def test_silence_is_a_reason(house: LectureHouse) -> None:
    house.put("a.mp3", ["", "", ""])
    house.scan()
    problem = house.wait(LectureState.FAILED).problem
    assert problem is not None
    assert problem.reason is Reason.NO_SPEECH


def test_without_a_transcriber_a_recording_says_what_to_do_and_transcripts_work(house: LectureHouse) -> None:
    house.close()
    house.open(has_transcriber=False)
    house.put("a.mp3", SPEECH)
    house.put("b.srt", "1\n00:00:01,000 --> 00:00:04,000\nКлетка делится.\n")
    report = house.scan()
    wait_until(lambda: any(one.state == "ready" for one in house.lectures.all()))
    problems = {one.title: one.problem and one.problem.reason for one in house.lectures.all()}
    assert problems == {"a": Reason.NO_TRANSCRIBER, "b": None}
    assert (report.failed, report.indexed) == (1, 1)
    house.close()
    house.open()
    wait_until(lambda: all(one.state == "ready" for one in house.lectures.all()))
    house.scan()
    assert {record.status for record in house.library.catalogue.files()} == {Status.INDEXED}


def test_what_was_written_without_a_model_is_completed_when_there_is_one(house: LectureHouse) -> None:
    house.author.maker = Maker.EXTRACT
    house.put("a.txt", "Овраг — это долина.")
    house.scan()
    lecture = house.wait()
    house.close()
    house.author.maker, house.author.has_model = Maker.MODEL, True
    house.open()
    wait_until(lambda: house.lectures.content(lecture.id).is_complete)
    assert house.lectures.lecture(lecture.id).ready_at == lecture.ready_at


def test_a_lecture_that_a_model_cannot_complete_is_not_tried_for_ever(house: LectureHouse) -> None:
    house.author.maker, house.author.has_model = Maker.EXTRACT, True
    house.put("a.txt", "Овраг — это долина.")
    house.scan()
    house.wait()
    wait_until(lambda: house.author.calls >= 2)
    assert house.only().state == "ready"


def test_corrections_do_not_use_up_the_tries_to_complete_a_lecture(
    house: LectureHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_MODEL_SECONDS", 0.01)
    house.author.maker = Maker.EXTRACT
    house.put("a.txt", "Первое. Второе.")
    house.scan()
    lecture = house.wait()
    house.author.go.clear()
    house.author.maker, house.author.has_model = Maker.MODEL, True
    for turn in range(4):
        calls = house.author.calls
        house.lectures.correct(lecture.id, house.only().version, {0: f"Первое {turn}."})
        wait_until(lambda calls=calls: house.author.calls > calls)
    house.author.go.set()
    wait_until(lambda: house.lectures.content(lecture.id).is_complete)


def test_a_summary_is_written_anew_by_a_template(house: LectureHouse) -> None:
    house.put("a.txt", "Овраг — это долина.")
    house.scan()
    lecture = house.wait()
    with pytest.raises(UnknownTemplateError, match="short, long"):
        house.lectures.write(lecture.id, "nothing")
    assert house.lectures.write(lecture.id, "long").state in {"writing", "ready"}
    after = house.wait()
    summary = house.lectures.content(lecture.id).summary
    assert summary is not None
    assert (summary.template, after.version > lecture.version) == ("long", True)


def test_a_template_that_fails_can_be_changed_for_another(house: LectureHouse) -> None:
    house.put("a.txt", "Овраг — это долина.")
    house.scan()
    lecture = house.wait()
    house.author.failures = [LectureTemplateError(Path("long.md.j2"), 3, "no such variable")]
    house.lectures.write(lecture.id, "long")
    assert house.wait(LectureState.FAILED).problem is not None
    house.lectures.write(lecture.id, "short")
    assert house.wait().problem is None


def test_half_a_character_costs_no_lecture(house: LectureHouse) -> None:
    house.put("a.json", '{"segments": [{"text": "Клетка \\ud83d делится.", "start": 0, "end": 2}]}')
    house.scan()
    lecture = house.wait()
    assert house.said() == ["Клетка ? делится."]
    house.lectures.correct(lecture.id, lecture.version, {0: "Ядро \ud83d делится."})
    assert house.said() == ["Ядро ? делится."]


def test_a_recording_that_breaks_after_its_transcript_has_come_is_no_failure(house: LectureHouse) -> None:
    house.oracle.go.clear()
    house.put("a.mp3", SPEECH)
    house.scan()
    house.wait(LectureState.TRANSCRIBING)
    house.put("a.srt", "1\n00:00:01,500 --> 00:00:04,000\nКлетка делится надвое.\n")
    house.scan()
    house.oracle.failures = [TranscriberError("the piece is odd")]
    house.oracle.go.set()
    house.wait()
    assert house.said() == ["Клетка делится надвое."]


def test_a_correction_needs_the_version_that_was_read_and_a_lecture_that_is_ready(house: LectureHouse) -> None:
    house.author.go.clear()
    house.put("a.txt", "Первое. Второе. Третье.")
    house.scan()
    lecture = house.wait(LectureState.WRITING)
    with pytest.raises(LectureStateError):
        house.lectures.correct(lecture.id, lecture.version, {0: "x"})
    house.author.go.set()
    lecture = house.wait()
    corrected = house.lectures.correct(lecture.id, lecture.version, {1: "Вторая мысль.", 2: ""})
    assert house.said() == ["Первое.", "Вторая мысль."]
    assert house.lectures.content(lecture.id).chapters[0].paragraphs[0].end_segment == 2
    with pytest.raises(LectureChangedError):
        house.lectures.correct(lecture.id, lecture.version, {0: "x"})
    house.lectures.correct(lecture.id, corrected.version, {1: "Второе."})
    transcript = house.lectures.transcript(lecture.id)
    assert transcript is not None
    assert [segment.is_corrected for segment in transcript.segments] == [False, False]

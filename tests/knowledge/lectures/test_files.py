"""What happens to the files of lectures, and what becomes of what is known of them."""

import os
import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest

from knowledge.errors import FolderFullError, LecturesDamagedError, LectureStateError, UnknownLectureError
from knowledge.files.folder import file_state
from knowledge.lectures.files import date_of, slides_beside, title_of, transcripts_beside
from knowledge.lectures.hashing import Hashing
from knowledge.lectures.models import LectureState, Maker
from knowledge.lectures.store import LectureStore
from knowledge.models import Kind, Status
from knowledge.store.catalogue import Catalogue
from knowledge.text import analyzer
from tests.knowledge.lectures.conftest import LectureHouse
from tests.waiting import wait_until

SPEECH = [f"Это предложение номер {number}." for number in range(10)]
SRT = "1\n00:00:01,500 --> 00:00:04,000\nКлетка делится надвое.\n"


def test_a_lecture_that_is_renamed_or_moved_is_the_same_lecture(house: LectureHouse) -> None:
    path = house.put("a.mp3", SPEECH)
    house.scan()
    lecture = house.wait()
    (house.folder / "lectures" / "Физика").mkdir()
    path.rename(house.folder / "lectures" / "Физика" / "2026-11-18 Спуск.mp3")
    house.scan()
    after = house.only()
    assert (after.id, after.title, after.path) == (lecture.id, "Спуск", "lectures/Физика/2026-11-18 Спуск.mp3")
    assert house.said() == SPEECH
    assert house.recordings.opened == 1
    assert [record.path for record in house.library.catalogue.files()] == [after.path]


def test_a_file_that_is_gone_is_forgotten_and_known_again_when_it_comes_back(house: LectureHouse) -> None:
    path = house.put("a.mp3", SPEECH)
    house.scan()
    lecture = house.wait()
    house.scan()
    content = path.read_bytes()
    path.unlink()
    house.scan()
    assert house.lectures.all() == []
    assert house.find("номер") == []
    with pytest.raises(UnknownLectureError):
        house.lectures.lecture(lecture.id)
    path.write_bytes(content)
    house.scan()
    assert house.only().state == "ready"
    assert house.recordings.opened == 1


def test_corrections_stay_when_the_recording_of_a_transcript_comes(house: LectureHouse) -> None:
    house.put("a.srt", SRT)
    house.scan()
    lecture = house.wait()
    house.lectures.correct(lecture.id, lecture.version, {0: "Ядро делится надвое."})
    house.put("a.mp3", SPEECH)
    house.scan()
    assert (house.only().path, house.said()) == ("lectures/a.mp3", ["Ядро делится надвое."])


def test_what_lists_show_is_known_of_lectures_from_before_it_was_kept(house: LectureHouse) -> None:
    house.put("a.txt", "Овраг — это долина.")
    house.scan()
    lecture = house.wait()
    house.close()
    added = ("summary_by", "terms", "gone_days", "counted_on")
    with sqlite3.connect(house.data / "lectures" / "lectures.sqlite") as database:
        database.executescript(
            "".join(f"ALTER TABLE lectures DROP COLUMN {column};" for column in added) + "PRAGMA user_version = 1;"
        )
    database.close()
    house.open()
    after = house.only()
    assert (after.summary_by, after.terms) == (lecture.summary_by, lecture.terms) == (Maker.MODEL, 1)


def test_a_link_out_of_the_folder_is_no_transcript_of_the_recording_beside_it(
    house: LectureHouse, tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_text("Пароль никому не говорят.")
    house.put("a.mp3", SPEECH)
    (house.folder / "lectures" / "a.txt").symlink_to(tmp_path / "secret.txt")
    house.scan()
    house.wait()
    assert house.said() == SPEECH
    link = house.library.catalogue.file("lectures/a.txt")
    assert link is not None
    assert link.status is Status.FAILED


def test_what_has_been_gone_for_a_month_is_deleted(house: LectureHouse) -> None:
    path = house.put("a.mp3", SPEECH)
    house.scan()
    house.wait()
    path.unlink()
    house.scan()
    house.close()
    store, begin = LectureStore(house.data / "lectures" / "lectures.sqlite"), date(2040, 1, 1)
    for day in range(29):
        store.purge(begin + timedelta(day))
        store.purge(begin + timedelta(day))
    rows = "SELECT count(*) FROM segments"
    database = sqlite3.connect(house.data / "lectures" / "lectures.sqlite")
    assert database.execute(rows).fetchone() == (10,)
    for day in range(29, 32):
        store.purge(begin + timedelta(day))
    assert database.execute(rows).fetchone() == (0,)
    database.close()
    store.close()


def test_a_clock_that_leaps_deletes_nothing(house: LectureHouse) -> None:
    path = house.put("a.mp3", SPEECH)
    house.scan()
    house.wait()
    content = path.read_bytes()
    path.unlink()
    house.scan()
    house.store.purge(date(2070, 1, 1))
    house.store.purge(date(1970, 1, 1))
    path.write_bytes(content)
    house.scan()
    assert house.only().state is LectureState.READY
    assert house.recordings.opened == 1


def test_a_file_that_goes_while_it_is_worked_on_takes_its_job_with_it(house: LectureHouse) -> None:
    house.oracle.go.clear()
    path = house.put("a.mp3", SPEECH)
    house.scan()
    house.wait(LectureState.TRANSCRIBING)
    path.unlink()
    house.scan()
    house.oracle.go.set()
    house.put("b.mp3", ["Другая лекция."])
    house.scan()
    assert house.wait().title == "b"


def test_a_recording_that_is_replaced_is_another_lecture(house: LectureHouse) -> None:
    house.put("a.mp3", SPEECH)
    house.scan()
    before = house.wait()
    house.put("a.mp3", ["Совсем другая речь."])
    house.scan()
    after = house.wait()
    assert after.id != before.id
    assert house.said() == ["Совсем другая речь."]


def test_a_recording_that_is_replaced_in_mid_work_lends_no_words_to_the_old_one(house: LectureHouse) -> None:
    house.oracle.go.clear()
    house.put("a.mp3", SPEECH)
    house.scan()
    old = house.wait(LectureState.TRANSCRIBING)
    house.put("a.mp3", ["Совсем другая речь."])
    house.oracle.go.set()
    wait_until(lambda: house.lectures._jobs._not_before)
    assert house.store.segments(old.id) == ()
    house.scan()
    house.wait()
    assert house.said() == ["Совсем другая речь."]


def test_a_recording_that_is_only_touched_goes_on(house: LectureHouse) -> None:
    house.oracle.go.clear()
    path = house.put("a.mp3", SPEECH)
    house.scan()
    house.wait(LectureState.TRANSCRIBING)
    os.utime(path, (1_000_000_000, 1_000_000_000))
    house.oracle.go.set()
    wait_until(lambda: house.lectures._jobs._not_before)
    house.scan()
    house.wait()
    assert house.said() == SPEECH


def test_a_copy_is_no_second_lecture_and_takes_the_place_of_the_first(house: LectureHouse) -> None:
    path = house.put("a.mp3", SPEECH)
    house.put("b.mp3", SPEECH)
    report = house.scan()
    lecture = house.wait()
    assert (lecture.path, report.duplicates) == ("lectures/a.mp3", 1)
    path.unlink()
    house.scan()
    assert (house.only().id, house.only().path) == (lecture.id, "lectures/b.mp3")


@pytest.mark.parametrize("has_transcriber", [True, False])
def test_copies_come_to_rest_whatever_their_format_is_called(house: LectureHouse, *, has_transcriber: bool) -> None:
    house.close()
    house.open(has_transcriber=has_transcriber)
    house.put("a.mp4", SPEECH)
    house.put("b.m4v", SPEECH)
    house.scan()
    if has_transcriber:
        house.wait()
    house.scan()
    house.ingester.events.subscribe(lambda event: pytest.fail(f"{event} again"))
    house.scan()
    assert house.only().path == "lectures/a.mp4"


def test_a_transcript_beside_a_recording_is_used_instead_of_a_speech_server(house: LectureHouse) -> None:
    house.put("a.mp4", SPEECH)
    house.put("a.ru.srt", SRT)
    house.put("a.notes.txt", "Не расшифровка этой записи.")
    house.scan()
    wait_until(lambda: all(one.state == "ready" for one in house.lectures.all()))
    titles = {one.title: (one.transcriber, one.has_media) for one in house.lectures.all()}
    assert titles == {"a": ("a.ru.srt", True), "a.notes": ("a.notes.txt", False)}
    assert house.oracle.asked == []


def test_a_transcript_that_comes_later_or_changes_is_taken_over(house: LectureHouse) -> None:
    house.put("a.mp4", SPEECH)
    house.scan()
    house.wait()
    house.put("a.srt", SRT)
    house.scan()
    wait_until(lambda: house.only().transcriber == "a.srt" and house.only().state == "ready")
    assert house.said() == ["Клетка делится надвое."]
    house.put("a.srt", SRT.replace("надвое", "пополам"))
    house.scan()
    house.wait()
    house.scan()
    assert "Клетка делится пополам." in house.find(analyzer.terms("пополам")[0])
    assert house.find(analyzer.terms("надвое")[0]) == []
    assert [record.path for record in house.library.catalogue.files()] == ["lectures/a.mp4"]


def test_a_transcript_that_becomes_a_recording_s_is_no_lecture_any_more(house: LectureHouse) -> None:
    house.put("a.srt", SRT)
    house.scan()
    assert house.wait().has_media is False
    house.put("a.mp3", SPEECH)
    house.scan()
    lecture = house.wait()
    assert (lecture.path, lecture.has_media, house.said()) == ("lectures/a.mp3", True, ["Клетка делится надвое."])


def test_corrections_survive_a_new_index_and_a_transcript_that_is_read_again(house: LectureHouse) -> None:
    house.put("a.srt", SRT + "\n2\n00:00:05,000 --> 00:00:09,000\nТак она ростёт.\n")
    house.scan()
    lecture = house.wait()
    house.lectures.correct(lecture.id, lecture.version, {1: "Так она растёт."})
    house.scan()
    assert "Так она растёт." in house.find("растет")[0]
    house.close()
    for name in ("catalogue.sqlite", "catalogue.sqlite-wal", "catalogue.sqlite-shm"):
        (house.data / name).unlink(missing_ok=True)
    house.open()
    house.scan()
    assert "Так она растёт." in house.find("растет")[0]
    house.put("a.mp3", SPEECH)  # the transcript is its from now on
    house.put(
        "a.srt", "1\n00:00:00,000 --> 00:00:01,000\nДобрый день.\n\n" + (house.folder / "lectures/a.srt").read_text()
    )
    house.scan()
    house.wait()
    assert house.said() == ["Добрый день.", "Клетка делится надвое.", "Так она растёт."]


def test_a_recording_is_transcribed_after_all_when_the_transcript_beside_it_is_gone(house: LectureHouse) -> None:
    house.put("a.mp3", [*SPEECH, "Клетка делится надвое."])
    beside = house.put("a.srt", SRT)
    house.scan()
    lecture = house.wait()
    with pytest.raises(LectureStateError):
        house.lectures.retry(lecture.id)
    house.lectures.correct(lecture.id, lecture.version, {0: "Клетка делится пополам."})
    beside.unlink()
    house.scan()
    lecture = house.only()
    assert (lecture.state, lecture.transcriber, lecture.can_transcribe) == ("ready", "a.srt", True)
    assert house.said() == ["Клетка делится пополам."]
    house.lectures.retry(lecture.id)
    lecture = house.wait()
    assert (lecture.transcriber, lecture.can_transcribe) == ("oracle", False)
    assert house.said() == [*SPEECH, "Клетка делится надвое."]
    with pytest.raises(LectureStateError):
        house.lectures.retry(lecture.id)


def test_a_folder_that_is_away_is_no_transcript_that_is_gone(house: LectureHouse) -> None:
    house.put("a.mp3", SPEECH)
    house.put("a.srt", SRT)
    house.scan()
    house.wait()
    (house.folder / "lectures").rename(house.folder / "elsewhere")
    assert not house.only().can_transcribe


def test_a_transcript_is_kept_where_nobody_could_transcribe_the_recording(house: LectureHouse) -> None:
    house.put("a.mp3", SPEECH)
    beside = house.put("a.srt", SRT)
    house.scan()
    house.wait()
    house.close()
    house.open(has_transcriber=False)
    beside.unlink()
    house.scan()
    with pytest.raises(LectureStateError):
        house.lectures.retry(house.only().id)
    assert house.said() == ["Клетка делится надвое."]


def test_corrections_follow_their_words_when_the_transcript_beside_changes(house: LectureHouse) -> None:
    house.put("a.mp3", SPEECH)
    house.put("a.srt", SRT + "\n2\n00:00:05,000 --> 00:00:09,000\nТак она ростёт.\n")
    house.scan()
    lecture = house.wait()
    house.lectures.correct(lecture.id, lecture.version, {1: "Так она растёт."})
    srt = house.folder / "lectures" / "a.srt"
    srt.write_text("0\n00:00:00,000 --> 00:00:01,000\nДобрый день.\n\n" + srt.read_text())
    house.scan()
    house.wait()
    assert house.said() == ["Добрый день.", "Клетка делится надвое.", "Так она растёт."]


def test_a_lecture_is_found_while_it_is_still_transcribed(house: LectureHouse) -> None:
    house.recordings.piece_sentences = 1
    house.put("a.mp3", [f"Слово номер {number}." for number in range(60)])
    stale: list[int] = []
    house.lectures.on_stale = lambda: stale.append(len(house.said()))
    house.scan()
    house.wait()
    wait_until(lambda: len(stale) > 2 and stale[-1] == 60)
    assert any(0 < said < 12 for said in stale)  # soon
    assert len(stale) < 30  # not after each piece


def test_the_passages_of_an_unfinished_lecture_are_searched(house: LectureHouse) -> None:
    house.put("a.mp3", [f"Слово номер {number}." for number in range(60)])
    house.scan()
    wait_until(lambda: len(house.said()) >= 12)
    house.lectures.pause(house.only().id)
    house.scan()
    assert house.find("номер")
    assert house.only().state in {"paused", "writing", "ready"}


def test_a_recording_that_is_still_being_copied_waits(house: LectureHouse, tmp_path: Path) -> None:
    house.ingester._settling._seconds = 60.0
    house.put("a.mp3", SPEECH)
    report = house.scan()
    assert (report.unsettled, house.lectures.all()) == (1, [])


def test_a_large_file_is_hashed_a_little_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    path.write_bytes(os.urandom(9 << 20))
    state = file_state(path)
    assert state is not None
    clock = iter(range(100))
    hashing = Hashing(1.0, lambda: float(next(clock)))
    turns = []
    for _ in range(4):
        hashing.next_turn()
        turns.append(hashing.sha256(path, state))
    assert turns[:3] == [None, None, None]
    assert turns[3] == Hashing().sha256(path, state)


def test_large_files_share_one_turn(tmp_path: Path) -> None:
    for name in ("a.mkv", "b.mkv"):
        (tmp_path / name).write_bytes(name.encode())
    state = file_state(tmp_path / "a.mkv")
    assert state is not None
    moments = iter([0.0, 1.0, 1.0, 2.0, 2.0])
    hashing = Hashing(1.0, lambda: next(moments))
    assert [hashing.sha256(tmp_path / name, state) for name in ("a.mkv", "b.mkv")] == [None, None]
    hashing.next_turn()
    assert hashing.sha256(tmp_path / "a.mkv", state) == Hashing().sha256(tmp_path / "a.mkv", state)


def test_a_lost_catalogue_does_not_have_recordings_hashed_again(
    house: LectureHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.put("a.mp3", SPEECH)
    house.scan()
    lecture = house.wait()
    house.close()
    (house.data / "catalogue.sqlite").unlink()
    house.open()
    monkeypatch.setattr(Hashing, "sha256", lambda *_: pytest.fail("it was hashed"))
    house.scan()
    assert (house.only().id, house.said()) == (lecture.id, SPEECH)
    assert house.find("номер")


def test_a_damaged_store_is_said_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "lectures" / "lectures.sqlite"
    LectureStore(file).close()
    file.write_bytes(b"no database at all, but somebody's work" * 100)
    before = file.read_bytes()
    with pytest.raises(LecturesDamagedError, match=r"backup"):
        LectureStore(file)
    assert file.read_bytes() == before


def test_a_full_disk_at_the_start_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> sqlite3.Connection:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE  # seen on a tmpfs without a page left
        raise error

    monkeypatch.setattr(sqlite3, "connect", full)
    for opened in (LectureStore, Catalogue):
        with pytest.raises(FolderFullError, match="no room left"):
            opened(tmp_path / "lectures.sqlite")


def test_a_store_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "lectures.sqlite"
    LectureStore(file).close()
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(LecturesDamagedError, match="newer program"):
        LectureStore(file)


def test_a_file_among_lectures_that_is_none_is_a_document(house: LectureHouse) -> None:
    house.put("slides.md", "# Слайды\nО клетке.\n")
    house.put("a.json", '{"no": "transcript"}')
    house.scan()
    kinds = {record.path: (record.kind, record.status) for record in house.library.catalogue.files()}
    assert kinds == {
        "lectures/slides.md": (Kind.DOCUMENT, Status.INDEXED),
        "lectures/a.json": (Kind.LECTURE, Status.FAILED),
    }
    assert house.lectures.all() == []


@pytest.mark.parametrize(
    ("name", "day", "title"),
    [
        ("2026-11-18 Градиентный спуск.mp3", "2026-11-18", "Градиентный спуск"),
        ("Клетка_20261103.m4a", "2026-11-03", "Клетка"),
        ("03.11.2026 — Вирусы.mp4", "2026-11-03", "Вирусы"),
        ("Лекция 3 ноября 2026 года.ogg", "2026-11-03", "Лекция"),
        ("Cells, November 3, 2026.mp3", "2026-11-03", "Cells"),
        ("2026年11月3日 细胞.mp3", "2026-11-03", "细胞"),
        ("2026-11-18.mp3", "2026-11-18", "2026-11-18"),
        ("Глава 12.mp3", None, "Глава 12"),
        ("2026-13-45 x.mp3", None, "2026-13-45 x"),
    ],
)
def test_the_name_of_a_file_tells_day_and_title(name: str, day: str | None, title: str) -> None:
    found = date_of(f"lectures/{name}")
    assert (found and found.isoformat(), title_of(f"lectures/{name}")) == (day, title)


def test_transcripts_belong_to_recordings_of_their_name_and_folder() -> None:
    beside = transcripts_beside(
        ["lectures/a.mp4", "lectures/a.txt", "lectures/a.en.vtt", "lectures/x/a.srt", "lectures/ab.srt", "a.srt"]
    )
    assert beside == {"lectures/a.mp4": ["lectures/a.en.vtt", "lectures/a.txt"]}


@pytest.mark.parametrize(
    ("lecture", "slides"),
    [
        ("lectures/Оптика.mp3", "lectures/Оптика.pdf"),
        ("lectures/Физика/waves.srt", "lectures/Физика/Waves.PPTX"),
        ("lectures/Физика/Оптика.mp3", None),
        ("lectures/Оптика 2.mp3", None),
    ],
)
def test_slides_stand_beside_a_lecture_under_its_name(lecture: str, slides: str | None) -> None:
    paths = [
        "lectures/Оптика.docx",
        "lectures/Оптика.pptx",
        "lectures/Оптика.pdf",
        "lectures/Физика/Waves.PPTX",
        "lectures/Физика/Осень/Оптика.pdf",
    ]
    assert slides_beside(lecture, paths) == slides

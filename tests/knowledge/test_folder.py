"""What is taken from the knowledge folder, and how its owner hears of the rest."""

import os
import shutil
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge import KnowledgeBase, KnowledgeSettings
from knowledge.errors import FolderError, NoteError, UnknownNoteError
from knowledge.events import Events, IngestEvent, Stage
from knowledge.files.folder import FolderProblem, find_problem, listing
from knowledge.files.ingest import ScanReport
from knowledge.files.uploads import Upload, upload_path
from knowledge.models import Collection, Filters, Kind, Language, Status
from knowledge.places import collection_of
from knowledge.reasons import _SENTENCES, Problem, Reason
from knowledge.search.retrieval import Query
from tests.knowledge.conftest import AT_ONCE
from tests.waiting import wait_until


@pytest.fixture
def base(folder: Path, data: Path) -> Iterator[KnowledgeBase]:
    with KnowledgeBase(KnowledgeSettings(folder, data, AT_ONCE)) as base:
        yield base


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def found(base: KnowledgeBase, word: str, filters: Filters | None = None) -> list[str]:
    return sorted(hit.document for hit in base.search(Query(word, filters=filters or Filters())).hits)


def reason(base: KnowledgeBase, path: str) -> str | None:
    record = base.document(path)
    assert record is not None
    return record.reason


@pytest.mark.parametrize(
    ("path", "collection"),
    [
        ("a.md", ""),
        ("documents/a.md", ""),
        ("documents/Дача/Насосы/a.md", "Дача/Насосы"),
        ("films/Комедии/list.csv", "Комедии"),
        ("lectures/uploads/Биология/a.srt", "Биология"),
        ("documents/uploads/a.pdf", ""),
        ("Разное/a.md", "Разное"),
    ],
)
def test_what_is_deeper_than_a_kind_is_a_collection(path: str, collection: str) -> None:
    assert collection_of(path) == collection


def test_collections_are_listed_and_searched_with_what_is_below_them(base: KnowledgeBase, folder: Path) -> None:
    write(folder, "documents/a.md", "valve one")
    write(folder, "documents/Дача/b.md", "valve two")
    write(folder, "documents/Дача/Насосы/c.md", "valve three")
    base.scan()
    assert base.collections() == [Collection("", 1, 1), Collection("Дача", 1, 1), Collection("Дача/Насосы", 1, 1)]
    assert found(base, "valve", Filters(collection="Дача")) == ["documents/Дача/b.md", "documents/Дача/Насосы/c.md"]
    assert found(base, "valve", Filters(collection="Дача/Насосы")) == ["documents/Дача/Насосы/c.md"]


def test_a_transcript_among_lectures_is_a_lecture(base: KnowledgeBase, folder: Path) -> None:
    write(folder, "lectures/Биология/1.srt", "1\n00:01:05,000 --> 00:01:09,000\nКлетка делится надвое.\n")
    base.scan()
    (hit,) = base.search(Query("как делится клетка", filters=Filters(kinds=frozenset({Kind.LECTURE})))).hits
    assert (hit.passage.kind, hit.passage.start_seconds) == (Kind.LECTURE, 65)


def test_a_copy_says_what_it_is_the_same_as_and_takes_its_place(base: KnowledgeBase, folder: Path) -> None:
    first = write(folder, "a.md", "valve")
    write(folder, "b.md", "valve")
    write(folder, "c.md", "valve")
    assert base.scan() == ScanReport(indexed=1, duplicates=2)
    assert (found(base, "valve"), reason(base, "b.md")) == (["a.md"], "The same as a.md.")
    assert base.scan() == ScanReport()
    first.unlink()
    assert base.scan() == ScanReport(indexed=1, duplicates=1, removed=1)
    assert (found(base, "valve"), reason(base, "c.md")) == (["b.md"], "The same as b.md.")
    write(folder, "b.md", "boiler")
    assert base.scan() == ScanReport(indexed=2)
    assert (found(base, "valve"), found(base, "boiler")) == (["c.md"], ["b.md"])


def test_the_same_table_as_films_and_as_a_document_is_no_copy(base: KnowledgeBase, folder: Path) -> None:
    for name in ("films/a.csv", "documents/a.csv"):
        write(folder, name, "title,year\nСолярис,1972\n")
    assert base.scan() == ScanReport(indexed=2)


def test_a_file_that_moves_is_no_copy_of_itself(base: KnowledgeBase, folder: Path) -> None:
    path = write(folder, "a.md", "valve")
    base.scan()
    path.rename(folder / "b.md")
    assert base.scan() == ScanReport(indexed=1, removed=1)


def test_patterns_of_the_owner_keep_files_out(base: KnowledgeBase, folder: Path) -> None:
    for name in ("private/a.md", "notes/draft-1.md", "notes/a.md", "notes/keep-draft.md", "deep/private/b.md"):
        write(folder, name, f"valve {name}")
    base.scan()
    write(folder, ".voiceragignore", "# mine\n/private/\ndraft-*.md\n*.tmp.md\n")
    assert base.scan() == ScanReport(removed=2)
    assert found(base, "valve") == ["deep/private/b.md", "notes/a.md", "notes/keep-draft.md"]
    write(folder, ".voiceragignore", "*.md\n!keep-*.md\n")
    base.scan()
    assert found(base, "valve") == ["notes/keep-draft.md"]


@pytest.mark.parametrize("text", ["[z-a]\n***\n", "\x00\xff", "!" * 100])
def test_patterns_without_sense_keep_nothing_out(folder: Path, text: str) -> None:
    write(folder, "a.md", "valve")
    write(folder, ".voiceragignore", text)
    assert "a.md" in listing(folder).files


def test_a_link_out_of_the_folder_is_refused_and_one_inside_is_read(base: KnowledgeBase, folder: Path) -> None:
    outside = write(folder.parent, "secret.md", "combination of the safe")
    (folder / "link.md").symlink_to(outside)
    (folder / "away").symlink_to(folder.parent)
    inside = write(folder, "a.md", "valve")
    (folder / "again.md").symlink_to(inside)
    assert base.scan() == ScanReport(indexed=1, failed=1, duplicates=1)
    assert "leads out of the knowledge folder" in (reason(base, "link.md") or "")
    assert found(base, "safe") == []
    assert base.locate("link.md") is None


def test_a_name_that_a_mac_composed_otherwise_is_the_name_that_people_ask_for(
    base: KnowledgeBase, folder: Path
) -> None:
    name = "Чайник.md"
    write(folder, unicodedata.normalize("NFD", name), "valve")
    base.scan()
    assert found(base, "valve", Filters(document="чайник")) == [name]
    place = base.locate(name)
    assert place is not None
    assert place.read_text() == "valve"
    assert base.scan() == ScanReport()


def test_a_file_becomes_readable_without_a_new_date(
    base: KnowledgeBase, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, "a.md", "valve")
    opened = Path.open

    def refuse(path: Path, *args: object, **kwargs: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert base.scan() == ScanReport(failed=1)
    assert "Permission denied" in (reason(base, "a.md") or "")
    monkeypatch.setattr(Path, "open", opened)
    assert base.scan() == ScanReport(indexed=1)
    assert reason(base, "a.md") is None


def test_every_reason_is_a_sentence_in_every_language() -> None:
    for reason_ in Reason:
        assert set(_SENTENCES[reason_]) == set(Language)
        for language in Language:
            said = Problem(reason_, "7").said(language)
            assert said.endswith((".", "。"))
            assert "{" not in said
            assert (("7" in said) or not any("{}" in text for text in _SENTENCES[reason_].values())) is True
    assert Problem(Reason.NO_TEXT_LAYER).said(Language.RUSSIAN).startswith("В PDF нет текстового слоя")


def test_a_scan_tells_each_step_to_who_listens(base: KnowledgeBase, folder: Path) -> None:
    write(folder, "a.md", "valve")
    write(folder, "b.pdf", "no PDF")
    heard: list[IngestEvent] = []
    end = base.subscribe(heard.append)
    base.scan()
    assert [(event.stage, event.path, event.done, event.total) for event in heard] == [
        (Stage.READING, "a.md", 0, 2),
        (Stage.INDEXED, "a.md", 1, 2),
        (Stage.READING, "b.pdf", 1, 2),
        (Stage.FAILED, "b.pdf", 2, 2),
        (Stage.DONE, "", 2, 2),
    ]
    assert heard[3].problem == Problem(Reason.BROKEN)
    end()
    (folder / "a.md").unlink()
    base.scan()
    assert len(heard) == 5


def test_a_listener_that_fails_is_let_go_and_the_others_hear_on() -> None:
    events, heard = Events(), []

    def fail(event: IngestEvent) -> None:
        raise RuntimeError("closed")

    events.subscribe(fail)
    events.subscribe(heard.append)
    for _ in range(2):
        events.emit(IngestEvent(Stage.DONE))
    assert len(heard) == 2
    assert len(events._listeners) == 1


def test_an_upload_is_found_and_can_be_removed(base: KnowledgeBase, folder: Path) -> None:
    path = base.add_file(Upload("Насос.md", collection="Дача"), [b"# ", "Кран".encode(), b"\nvalve"])
    assert path == "documents/uploads/Дача/Насос.md"
    base.scan()
    record = base.document(path)
    assert record is not None
    assert (record.collection, record.status) == ("Дача", Status.INDEXED)
    assert [passage.text for passage in base.passages(path)] == ["valve"]
    base.remove_file(path)
    base.scan()
    assert base.document(path) is None


def test_a_lecture_stays_with_its_corrections_when_one_of_two_copies_is_deleted(base: KnowledgeBase) -> None:
    first, second = (
        base.add_file(Upload(name, Kind.LECTURE), [b"The cell devides. It grows."]) for name in ("a.txt", "b.txt")
    )
    base.scan()
    (lecture,) = base.lectures.all()
    wait_until(lambda: base.lectures.lecture(lecture.id).ready_at)
    base.lectures.correct(lecture.id, base.lectures.lecture(lecture.id).version, {0: "The cell divides."})
    base.remove_file(first)
    base.scan()
    assert [one.path for one in base.lectures.all()] == [second]
    transcript = base.lectures.transcript(lecture.id)
    assert transcript is not None
    assert [segment.text for segment in transcript.segments] == ["The cell divides.", "It grows."]


def test_a_recording_never_takes_the_place_of_another_one(base: KnowledgeBase, folder: Path) -> None:
    upload = Upload("Запись.m4a", Kind.LECTURE)
    paths = [base.add_file(upload, [said]) for said in (b"first", b"second", b"first")]
    assert paths == [f"lectures/uploads/{name}.m4a" for name in ("Запись", "Запись 2", "Запись")]
    assert [(folder / path).read_bytes() for path in paths[:2]] == [b"first", b"second"]


@pytest.mark.parametrize(
    ("upload", "path"),
    [
        (Upload("../../etc/passwd.txt"), "documents/uploads/passwd.txt"),
        (Upload("C:\\Users\\a.md"), "documents/uploads/a.md"),
        (Upload(".hidden.md", collection="../.."), None),
        (Upload("a.md", collection="../x"), None),
        (Upload("a.md", collection="a/b/c/d/e"), None),
        (Upload("a.exe"), None),
        (Upload("..."), None),
        (Upload("list.csv", Kind.FILM), "films/uploads/list.csv"),
        (Upload("я" * 300 + ".md"), "documents/uploads/" + "я" * 118 + ".md"),
    ],
)
def test_an_upload_stays_in_its_folder(upload: Upload, path: str | None) -> None:
    try:
        assert upload_path(upload) == path
    except NoteError:
        assert path is None


def test_of_an_upload_that_is_too_large_nothing_stays(folder: Path, data: Path) -> None:
    with KnowledgeBase(KnowledgeSettings(folder, data, replace(AT_ONCE, max_file_bytes=10))) as base:
        with pytest.raises(NoteError, match="larger than"):
            base.add_file(Upload("a.md"), [b"12345678", b"9012"])
        assert [path for path in folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    "path", ["documents/a.md", "documents/uploads/../a.md", "documents/uploads/", "documents/uploads/b.md", "uploads/a"]
)
def test_only_uploads_can_be_removed(base: KnowledgeBase, folder: Path, path: str) -> None:
    write(folder, "documents/a.md", "valve")
    (folder / "documents" / "uploads").mkdir()
    with pytest.raises(UnknownNoteError):
        base.remove_file(path)
    assert (folder / "documents" / "a.md").exists()


def test_an_upload_does_not_follow_a_link_out_of_the_folder(base: KnowledgeBase, folder: Path) -> None:
    (folder / "documents").mkdir()
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir()
    (folder / "documents" / "uploads").symlink_to(elsewhere)
    with pytest.raises(NoteError, match="leads out"):
        base.add_file(Upload("a.md"), [b"x"])
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(("mode", "problem"), [(0o000, "unreadable"), (0o500, "read_only"), (0o700, None)])
@pytest.mark.skipif(os.geteuid() == 0, reason="root may do everything")
def test_permissions_are_told_apart(tmp_path: Path, mode: int, problem: str | None) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()
    folder.chmod(mode)
    try:
        assert find_problem(folder, is_empty=False) == problem
    finally:
        folder.chmod(0o700)


def test_a_folder_that_is_empty_and_gone_is_gone(tmp_path: Path) -> None:
    assert find_problem(tmp_path, is_empty=True) is FolderProblem.EMPTY
    shutil.rmtree(tmp_path)
    assert find_problem(tmp_path, is_empty=True) is FolderProblem.MISSING


@pytest.mark.parametrize("content", [b"no database at all" * 100, None], ids=["damaged", "of a later version"])
def test_a_catalogue_that_cannot_be_read_says_what_to_delete_and_that_helps(
    folder: Path, data: Path, content: bytes | None
) -> None:
    settings = KnowledgeSettings(folder, data, AT_ONCE)
    (folder / "a.txt").write_text("The valve is in the cellar.")
    with KnowledgeBase(settings) as base:
        base.scan()
    catalogue = data / "catalogue.sqlite"
    if content is not None:
        catalogue.write_bytes(content)
    else:
        with closing(sqlite3.connect(catalogue)) as database:
            database.execute("PRAGMA user_version = 10000")
    with pytest.raises(FolderError, match=r"Delete catalogue\.sqlite in it"), KnowledgeBase(settings):
        pass
    catalogue.unlink()
    with KnowledgeBase(settings) as base:
        base.scan()
        assert [hit.document for hit in base.search(Query("valve")).hits] == ["a.txt"]


def test_folders_that_cannot_be_used_are_named(folder: Path, data: Path, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    for settings, problem in (
        (KnowledgeSettings(tmp_path / "none", data), "none does not exist"),
        (KnowledgeSettings(folder, file / "data"), "data cannot be created"),
    ):
        with pytest.raises(FolderError, match=problem), KnowledgeBase(settings):
            pass

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge import KnowledgeSettings
from knowledge.errors import FolderError, IndexDamagedError
from knowledge.files.ingest import Ingester, ScanReport
from knowledge.lectures.library import LectureLibrary
from knowledge.lectures.store import LectureStore
from knowledge.lectures.writer import LectureWriter
from knowledge.models import FileRecord, Status
from knowledge.settings import IngestSettings
from knowledge.store.catalogue import Catalogue
from knowledge.store.lancedb_index import PassageIndex
from knowledge.store.library import Library
from tests.fakes.parser import InlineParser

NOW = 2_000_000_000.0


class House:
    """A folder, what is known of it, and a clock that the test moves."""

    def __init__(self, folder: Path, data: Path, ingest: IngestSettings | None = None) -> None:
        data.mkdir(exist_ok=True)
        self.folder, self.now = folder, NOW
        self.parser = InlineParser()
        self.index = PassageIndex(data / "index")
        self.library = Library(Catalogue(data / "catalogue.sqlite"), self.index)
        settings = KnowledgeSettings(folder, data, ingest or IngestSettings())
        lectures = LectureLibrary(settings, LectureStore(data / "lectures.sqlite"), LectureWriter(None))
        self.ingester = Ingester(settings, self.library, self.parser, lectures, clock=lambda: self.now)

    def write(self, name: str, text: str, age_seconds: float = 60) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (self.now - age_seconds, self.now - age_seconds))
        return path

    def scan(self) -> ScanReport:
        return self.ingester.scan()

    def find(self, word: str) -> list[str]:
        return sorted(hit.document for hit in self.library.search([word], 10))

    def record(self, path: str) -> FileRecord:
        return next(record for record in self.library.catalogue.files() if record.path == path)


@pytest.fixture
def house(folder: Path, data: Path) -> Iterator[House]:
    house = House(folder, data)
    yield house
    house.library.close()


def test_a_new_file_deep_in_the_folder_is_found(house: House) -> None:
    house.write("documents/a/b/Как быть.md", "# Дом\nВентиль в подвале")
    assert house.scan() == ScanReport(indexed=1)
    assert house.find("вентил") == ["documents/a/b/Как быть.md"]
    assert house.record("documents/a/b/Как быть.md").title == "Дом"


def test_an_unchanged_file_is_not_read_twice(house: House) -> None:
    house.write("a.txt", "valve")
    house.scan()
    assert house.scan() == ScanReport()
    assert house.parser.read == ["a.txt"]


def test_a_file_saved_again_with_the_same_content_is_not_read_twice(house: House) -> None:
    house.write("a.txt", "valve")
    house.scan()
    house.write("a.txt", "valve", age_seconds=30)
    house.scan()
    house.scan()
    assert house.parser.read == ["a.txt"]


def test_a_changed_file_is_found_by_its_new_words_only(house: House) -> None:
    house.write("a.txt", "valve")
    house.scan()
    house.write("a.txt", "boiler", age_seconds=30)
    assert house.scan() == ScanReport(indexed=1)
    assert (house.find("valv"), house.find("boiler")) == ([], ["a.txt"])
    assert [generation for _, generation, _ in house.index.texts()] == [house.record("a.txt").generation]


def test_a_moved_file_is_found_at_its_new_place_only(house: House) -> None:
    path = house.write("a.txt", "valve")
    house.scan()
    path.rename(house.folder / "b.txt")
    assert house.scan() == ScanReport(indexed=1, removed=1)
    assert house.find("valv") == ["b.txt"]


def test_a_deleted_file_is_forgotten_with_its_words(house: House) -> None:
    path = house.write("a.md", "# Valve\nvalve")
    house.scan()
    path.unlink()
    assert house.scan() == ScanReport(removed=1)
    assert house.find("valv") == []
    assert house.library.catalogue.files() == []
    assert house.library.vocabulary().topics == ()
    assert list(house.index.texts()) == []


def test_a_broken_file_costs_only_itself_and_says_why(house: House) -> None:
    house.write("a.pdf", "this is no PDF")
    house.write("b.txt", "valve")
    assert house.scan() == ScanReport(indexed=1, failed=1)
    assert house.find("valv") == ["b.txt"]
    record = house.record("a.pdf")
    assert record.status is Status.FAILED
    assert "damaged" in (record.reason or "")
    assert record.indexed_at is None


def test_a_broken_file_is_tried_again_when_it_changes_or_when_asked(house: House) -> None:
    house.write("a.pdf", "this is no PDF")
    house.scan()
    assert house.scan() == ScanReport()
    assert house.ingester.scan(retry_failed=True) == ScanReport(failed=1)
    house.write("a.pdf", "still no PDF", age_seconds=30)
    assert house.scan() == ScanReport(failed=1)


def test_a_file_that_breaks_loses_its_old_words(house: House) -> None:
    house.write("a.txt", "valve")
    house.scan()
    house.write("a.txt", "", age_seconds=30)
    assert house.scan() == ScanReport(failed=1)
    assert house.record("a.txt").reason == "The file is empty."
    assert house.find("valv") == []


def test_a_file_still_being_copied_waits_until_it_rests(house: House) -> None:
    house.now = house.folder.stat().st_ctime + 0.5
    path = house.write("a.txt", "val", age_seconds=0)
    assert house.scan() == ScanReport(unsettled=1)
    path.write_text("valve")
    house.now += 0.3
    assert house.scan() == ScanReport(unsettled=1)
    house.now += 60
    assert house.scan() == ScanReport(indexed=1)
    assert house.find("valv") == ["a.txt"]


def test_a_share_whose_clock_is_ahead_does_not_keep_files_waiting(house: House) -> None:
    house.write("a.txt", "valve", age_seconds=-3_600)
    assert house.scan() == ScanReport(unsettled=1)
    house.now += 2
    assert house.scan() == ScanReport(indexed=1)


@pytest.mark.parametrize(
    "name",
    [".hidden.txt", ".git/config.txt", "~$letter.txt", "film.txt.part", "a.txt.crdownload", "a.txt~", "@eaDir/a.txt"],
)
def test_hidden_and_unfinished_files_are_ignored(house: House, name: str) -> None:
    house.write(name, "valve")
    assert house.scan() == ScanReport()


def test_formats_with_text_that_we_cannot_read_are_named_and_others_passed_over(house: House) -> None:
    house.write("letter.doc", "x")
    house.write("films/film.mkv", "x")
    assert house.scan() == ScanReport(failed=1)
    assert "Save it as" in (house.record("letter.doc").reason or "")


def test_a_file_too_large_is_named(folder: Path, data: Path) -> None:
    house = House(folder, data, IngestSettings(max_file_bytes=1 << 20))
    house.write("a.txt", "valve " * 200_000)
    assert house.scan() == ScanReport(failed=1)
    assert house.record("a.txt").reason == "The file is larger than 1 MB. Split it."


def test_a_folder_that_is_gone_forgets_nothing(house: House) -> None:
    house.write("a.txt", "valve")
    house.scan()
    house.folder.rename(house.folder.with_name("unplugged"))
    with pytest.raises(FolderError, match="cannot be read"):
        house.scan()
    assert house.find("valv") == ["a.txt"]


def test_a_file_whose_name_is_not_text_is_passed_over(house: House) -> None:
    (house.folder / os.fsdecode(b"\xff.txt")).write_text("valve")
    assert house.scan() == ScanReport()


def test_another_recipe_reads_every_file_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.write("a.txt", "valve")
    house.scan()
    monkeypatch.setattr("knowledge.files.ingest.RECIPE", "another")
    assert house.scan() == ScanReport(indexed=1)
    assert house.scan() == ScanReport()


def test_unfinished_generations_are_removed_at_the_next_start(house: House, data: Path) -> None:
    house.write("a.txt", "valve")
    house.scan()
    (kept,) = house.library.search(["valv"], 10)
    house.index.add("a.txt", 99, [kept.passage])
    house.index.add("never-catalogued.txt", 100, [kept.passage])
    house.library.close()
    again = House(house.folder, data)
    assert [document for document, _, _ in again.index.texts()] == ["a.txt"]
    assert again.scan() == ScanReport()


def test_a_lost_index_is_rebuilt_from_the_files(house: House, data: Path) -> None:
    house.write("a.txt", "valve")
    house.scan()
    house.index.remove("a.txt")
    house.library.close()
    again = House(house.folder, data)
    assert again.scan() == ScanReport(indexed=1)
    assert again.find("valv") == ["a.txt"]


def test_a_deleted_index_is_rebuilt_and_the_films_stay_known_meanwhile(house: House, data: Path) -> None:
    house.write("films/list.csv", "title,year\nСолярис,1972\n")
    house.scan()
    house.library.close()
    shutil.rmtree(data / "index")
    again = House(house.folder, data)
    assert again.library.vocabulary().titles == ("Солярис",)
    assert again.find("солярис") == []
    assert again.scan() == ScanReport(indexed=1)
    assert again.find("солярис") == ["films/list.csv"]


@pytest.mark.parametrize("part", ["data", "_indices", "_versions"])
def test_a_damaged_index_is_made_anew_at_the_next_start(house: House, data: Path, part: str) -> None:
    house.write("a.txt", "valve")
    house.scan()
    house.library.optimise()
    house.library.close()
    files = [file for file in (data / "index").rglob("*") if file.is_file() and part in file.parts]
    assert files
    for file in files:
        file.write_bytes(b"rubbish" * 3)
    again = House(house.folder, data)
    again.scan()
    assert again.find("valv") == ["a.txt"]


def test_an_index_that_breaks_while_it_is_searched_is_made_anew_by_the_next_scan(house: House, data: Path) -> None:
    house.write("a.txt", "valve")
    house.scan()
    shutil.rmtree(data / "index")
    with pytest.raises(IndexDamagedError):
        house.find("valv")
    assert house.scan() == ScanReport(indexed=1)
    assert house.find("valv") == ["a.txt"]


def test_the_vocabulary_changes_its_version_only_with_its_words(house: House) -> None:
    house.write("a.md", "# Manual\n## Valve\ntext")
    house.scan()
    before = house.library.vocabulary()
    assert before.topics == ("Manual", "Valve")
    house.write("a.md", "# Manual\n## Valve\nother text", age_seconds=30)
    house.scan()
    assert house.library.vocabulary().version == before.version
    house.write("films/list.csv", "title,title_en\nСолярис,Solaris\n")
    house.scan()
    assert house.library.vocabulary().titles == ("Solaris", "Солярис")
    assert house.library.vocabulary().version != before.version

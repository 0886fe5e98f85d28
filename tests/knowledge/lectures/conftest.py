"""A household with lectures: its folder, its store, and the work on them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.files.ingest import Ingester, ScanReport
from knowledge.lectures.library import LectureLibrary
from knowledge.lectures.models import Lecture, LectureState
from knowledge.lectures.store import LectureStore
from knowledge.settings import IngestSettings, KnowledgeSettings
from knowledge.store.catalogue import Catalogue
from knowledge.store.library import Library
from knowledge.store.tantivy_index import TantivyIndex
from tests.fakes.lecture_work import Author, Oracle, ScriptedRecordings, recording
from tests.fakes.parser import InlineParser
from tests.waiting import wait_until

READY = LectureState.READY


class LectureHouse:
    """A folder with lectures; what is in the data folder stays when it is opened again."""

    def __init__(self, root: Path) -> None:
        self.folder, self.data = root / "knowledge", root / "data"
        self.folder.mkdir()
        self.data.mkdir()
        self.recordings, self.author = ScriptedRecordings(), Author()
        self.oracle = Oracle(self.recordings)
        self.is_open = False
        self.events: list[Lecture] = []

    def open(self, *, has_transcriber: bool = True) -> None:
        settings = KnowledgeSettings(self.folder, self.data, IngestSettings(settle_seconds=0.0))
        self.store = LectureStore(self.data / "lectures" / "lectures.sqlite")
        if has_transcriber:
            self.oracle = Oracle(self.recordings)
        sound = (self.recordings, self.oracle) if has_transcriber else None
        self.lectures = LectureLibrary(settings, self.store, self.author, sound)
        self.lectures.subscribe(self.events.append)
        self.library = Library(Catalogue(self.data / "catalogue.sqlite"), TantivyIndex(self.data / "index"))
        self.ingester = Ingester(settings, self.library, InlineParser(), self.lectures)
        self.lectures.start()
        self.is_open = True

    def close(self) -> None:
        if self.is_open:
            self.lectures.close()
            self.library.close()
            self.is_open = False

    def put(self, name: str, content: bytes | str | list[str]) -> Path:
        path = self.folder / "lectures" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, list):
            content = recording(content)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def scan(self) -> ScanReport:
        return self.ingester.scan()

    def only(self) -> Lecture:
        (lecture,) = self.lectures.all()
        return lecture

    def wait(self, state: LectureState = READY) -> Lecture:
        wait_until(lambda: self.only().state is state)
        return self.only()

    def said(self) -> list[str]:
        transcript = self.lectures.transcript(self.only().id)
        return [segment.text for segment in transcript.segments] if transcript else []

    def find(self, word: str) -> list[str]:
        return [hit.passage.text for hit in self.library.search([word], 10)]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[LectureHouse]:
    house = LectureHouse(tmp_path)
    house.open()
    yield house
    house.close()

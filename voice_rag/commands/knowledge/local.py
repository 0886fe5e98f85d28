"""The knowledge base in this process, for a folder that no service works with."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, Any

from knowledge import KnowledgeBase, KnowledgeSettings
from knowledge.files.uploads import Upload
from knowledge.models import Kind, Language
from knowledge.service import payloads, requests
from knowledge.settings import IngestSettings, LectureSettings

from .local_lectures import LocalLectures
from .output import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO

Json = dict[str, Any]

_PIECE_BYTES = 256 << 10


class LocalDesk:
    """Answers from the files as they are now."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base

    @classmethod
    @contextmanager
    def opened(
        cls,
        folder: Path,
        data: Path,
        lectures: LectureSettings | None = None,
        open_base: Callable[[KnowledgeSettings], KnowledgeBase] = KnowledgeBase,
    ) -> Iterator[LocalDesk]:
        """Open the folder and read what is new in it; raises KnowledgeError."""
        # Nothing is waited for: who calls this has finished copying.
        ingest = IngestSettings(settle_seconds=0.0)
        with open_base(KnowledgeSettings(folder, data, ingest, lectures or LectureSettings())) as base:
            desk, changed = cls(base), Event()
            base.on_stale(changed.set)
            desk._scan()
            yield desk
            if changed.is_set():
                desk._scan()

    @property
    def lectures(self) -> LocalLectures:
        """Where lectures are asked for."""
        return LocalLectures(self._base.lectures)

    def documents(self) -> Json:
        """Return the files with their status."""
        return payloads.documents_response(self._base.documents(), Language.ENGLISH)

    def add(self, file: Path, kind: str, collection: str, on_bytes: Callable[[int], None]) -> Json:
        """Copy a file into the folder and read it."""
        with file.open("rb") as stream:
            path = self._base.add_file(Upload(file.name, Kind(kind), collection), _pieces(stream, on_bytes))
        self._scan()
        record = self._base.document(path)
        if record is None:
            raise requests.UnknownDocumentError(path)
        return payloads.record_json(record)

    def remove(self, path: str) -> None:
        """Delete a file that was added."""
        self._base.remove_file(path)
        self._scan()

    def reindex(self, path: str | None) -> None:
        """Look through the folder again, or read one file anew."""
        if path is not None:
            if self._base.document(path) is None:
                raise requests.UnknownDocumentError(path)
            self._base.forget(path)
        self._scan(retry_failed=True)

    def search(self, query: str, limit: int, filters: Json) -> Json:
        """Return passages."""
        asked = requests.search_request({"query": query, "limit": limit, "filters": filters})
        return payloads.search_response(self._base.search(asked))

    def ask(self, question: str, language: str | None) -> Json:
        """Return an answer."""
        asked = requests.ask_request({"question": question, "language": language})
        return payloads.ask_response(self._base.ask(asked.question, asked.language))

    def rephrase(self, question: str) -> Json:
        """Return other ways to ask."""
        asked = requests.ask_request({"question": question})
        return payloads.rephrase_response(question, self._base.rephrase(asked.question, asked.language))

    def _scan(self, *, retry_failed: bool = False) -> None:
        with reading() as heard:
            unsubscribe = self._base.subscribe(heard)
            try:
                self._base.scan(retry_failed=retry_failed)
            finally:
                unsubscribe()


def _pieces(stream: BinaryIO, on_bytes: Callable[[int], None]) -> Iterator[bytes]:
    while piece := stream.read(_PIECE_BYTES):
        on_bytes(len(piece))
        yield piece

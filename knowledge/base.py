"""The knowledge base as one object, for the service and for plain Python."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
from collections import Counter
from contextlib import ExitStack, aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from knowledge.answers.answer import Answerer
from knowledge.answers.lectures import LectureDesk
from knowledge.errors import EmbedderError, FolderBusyError, FolderError
from knowledge.files.folder import FolderProblem, find_problem, name_on_disk
from knowledge.files.ingest import Ingester
from knowledge.files.notes import remove_note, write_note
from knowledge.files.uploads import byte_limit, remove_unfinished, remove_upload, write_upload
from knowledge.floor import Floor
from knowledge.language import question_language
from knowledge.lectures.library import LectureLibrary
from knowledge.lectures.store import LectureStore
from knowledge.lectures.writer import LectureWriter
from knowledge.lectures.writing.kept_answers import KeptAnswers
from knowledge.lectures.writing.note_taker import Author
from knowledge.lectures.writing.polite_model import PoliteModel
from knowledge.llm.ollama import Ollama
from knowledge.models import (
    EVERYTHING,
    OF_LECTURES,
    AnswerDone,
    Collection,
    EmbeddingState,
    EmbeddingStatus,
    SourcesFound,
    Status,
)
from knowledge.reading.parser import ParserProcess
from knowledge.remote.rest import Rest
from knowledge.search.rephrase import Rephraser
from knowledge.search.reranking import DeadlineReranking
from knowledge.search.retrieval import Stages
from knowledge.settings import KnowledgeSettings
from knowledge.store.catalogue import Catalogue
from knowledge.store.library import Library
from knowledge.store.text_index import open_index

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
    from pathlib import Path
    from types import TracebackType

    from knowledge.events import IngestEvent
    from knowledge.files.ingest import ScanReport
    from knowledge.files.notes import Note
    from knowledge.files.uploads import Upload
    from knowledge.films.query import FilmQuery, FoundFilms
    from knowledge.lectures.protocols import Lectures, Recordings, Transcriber
    from knowledge.models import (
        Answer,
        AnswerEvent,
        FileRecord,
        Filters,
        Hit,
        Passage,
        SearchResult,
        SelfTestReport,
        Vocabulary,
    )
    from knowledge.search.embedding import Embedding
    from knowledge.search.retrieval import Query

_LOGGER = logging.getLogger(__name__)

_CATALOGUE = "catalogue.sqlite"


class KnowledgeBase:
    """A folder of files that answers questions.

    Searching and asking may happen in any thread, also during a scan. A context manager; all methods block.
    """

    def __init__(
        self,
        settings: KnowledgeSettings,
        recordings: Recordings | None = None,
        transcriber: Transcriber | None = None,
    ) -> None:
        """Open the data folder, creating it when it is not there.

        Recordings become lectures where there is what opens and what transcribes them; the transcriber is closed at
        the end. Raises: FolderError, IndexUnavailableError.
        """
        check_folders(settings)
        self._folder = settings.folder
        self._settings = settings
        with ExitStack() as stack:
            stack.callback(os.close, _lock(settings.data))
            remove_unfinished(settings.folder)
            index = open_index(settings)
            stack.callback(index.close)
            catalogue = Catalogue(settings.data / _CATALOGUE)
            stack.callback(catalogue.close)
            self._library = Library(catalogue, index)
            ingest = settings.ingest
            parser = ParserProcess(ingest.parse_seconds, ingest.parse_memory_bytes, ingest.ocr_seconds)
            stack.callback(parser.close)
            sound = None if recordings is None or transcriber is None else (recordings, transcriber)
            self._floor = Floor(settings.lectures.quiet_seconds)
            self._lectures = _lectures(settings, sound, self._floor, catalogue, stack)
            self.ingester = Ingester(settings, self._library, parser, self._lectures)
            self._embedding = self._embed(settings, stack)
            model = Ollama(settings.model, on_answer=self._lectures.welcome_model) if settings.model else None
            self._stages = Stages(
                dense=self._embedding.dense if self._embedding else None,
                rephrase=Rephraser(model, settings.model.rephrase_seconds) if model and settings.model else None,
                rerank=_reranking(settings, stack),
            )
            seconds = settings.model.answer_seconds if settings.model else 0.0
            self._lecture_desk = LectureDesk(self._library, self._lectures)
            self._answerer = Answerer(self._library, self._lecture_desk, self._stages, model, seconds)
            self._lectures.start()
            self._resources = stack.pop_all()

    @classmethod
    def open(cls, folder: Path, data: Path) -> Self:
        """Open the knowledge in `folder`, with what is derived from it in `data`.

        Raises: FolderError, IndexUnavailableError.
        """
        return cls(KnowledgeSettings(folder=folder, data=data))

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Stop a scan in progress and release the data folder."""
        self.ingester.stop()
        self._resources.close()

    @property
    def index_name(self) -> str:
        """The library that searches: "lancedb", or "tantivy" where the processor is too old for it."""
        return self._library.index_name

    def _embed(self, settings: KnowledgeSettings, stack: ExitStack) -> Embedding | None:
        if settings.embedder is None:
            return None
        if self.index_name != "lancedb":
            _LOGGER.warning("Vectors need LanceDB, which does not run here: the embedder is not used")
            return None
        from knowledge.search.embedding import Embedding  # noqa: PLC0415  with LanceDB, as above

        embedding = Embedding(self._library, settings.data / "vectors", settings.embedder)
        stack.callback(embedding.close)
        embedding.start()
        return embedding

    @property
    def lectures(self) -> Lectures:
        """The lectures of the folder. What changes in them can be found after the next scan."""
        return self._lectures

    def on_stale(self, listener: Callable[[], None]) -> None:
        """Call `listener` in any thread when a lecture has changed, so that a scan is due."""
        self._lectures.on_stale = listener

    def _linked(self, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """Return the hits, those in lectures with their lecture's id."""
        return tuple(map(self._with_lecture, hits))

    async def _event_linked(self, event: AnswerEvent) -> AnswerEvent:
        match event:
            case SourcesFound(hits):
                return SourcesFound(await asyncio.to_thread(self._linked, hits))
            case AnswerDone(answer):
                return AnswerDone(replace(answer, sources=await asyncio.to_thread(self._linked, answer.sources)))
            case _:
                return event

    def _with_lecture(self, hit: Hit) -> Hit:
        lecture = self._lectures.by_path(hit.document) if hit.passage.kind in OF_LECTURES else None
        return replace(hit, lecture=lecture.id) if lecture else hit

    def scan(self, *, retry_failed: bool = False) -> ScanReport:
        """Bring the index up to date with the folder.

        Raises: FolderError if the folder cannot be read.
        """
        return self.ingester.scan(retry_failed=retry_failed)

    def search(self, query: Query) -> SearchResult:
        """Return the passages for a question."""
        with self._floor.taken():
            result = self._lecture_desk.search(query, self._stages)
        return replace(result, hits=self._linked(result.hits))

    def ask(self, question: str, language: str | None = None, filters: Filters = EVERYTHING) -> Answer:
        """Return the answer to a question, in its language."""
        with self._floor.taken():
            answer = self._answerer.ask(question, language, filters)
        return replace(answer, sources=self._linked(answer.sources))

    async def ask_stream(
        self, question: str, language: str | None = None, filters: Filters = EVERYTHING
    ) -> AsyncGenerator[AnswerEvent, None]:
        """Yield the answer to a question while it is written; the library is read in other threads."""
        with self._floor.taken():
            async with aclosing(self._answerer.stream(question, language, filters)) as events:
                async for event in events:
                    yield await self._event_linked(event)

    def rephrase(self, question: str, language: str | None = None) -> tuple[str, ...]:
        """Return other ways to ask a question; none without a language model or when it is late."""
        if self._stages.rephrase is None:
            return ()
        with self._floor.taken():
            return self._stages.rephrase(question, question_language(question, language))

    def embedding(self) -> EmbeddingStatus:
        """Return how far passages have vectors."""
        return EmbeddingStatus(EmbeddingState.OFF) if self._embedding is None else self._embedding.status

    def test_embedder(self) -> SelfTestReport:
        """Let the embedder that was chosen find its passages, act on how well it did, and return that.

        Takes a minute on a small machine. Raises: EmbedderError.
        """
        if self._embedding is None:
            raise EmbedderError("No embedder is chosen.")
        return self._embedding.test()

    def folder_problem(self) -> FolderProblem | None:
        """Return what keeps the household from using its folder; looks at the disk, and at what the last scan found."""
        is_empty = not (self.documents() or self._lectures.all() or self.ingester.pending)
        return find_problem(self._folder, is_empty=is_empty)

    def documents(self) -> list[FileRecord]:
        """Return every file with its status."""
        return self._library.catalogue.files()

    def document(self, path: str) -> FileRecord | None:
        """Return one file; None if it is not known."""
        return self._library.catalogue.file(path)

    def passages(self, path: str) -> list[Passage]:
        """Return what is found of a file, in reading order."""
        return self._library.passages(path)

    def collections(self) -> list[Collection]:
        """Return the folders below those of the kinds, by name, with what they hold directly."""
        files, passages = Counter[str](), Counter[str]()
        for record in self.documents():
            files[record.collection] += 1
            passages[record.collection] += record.passages
        return [Collection(name, files[name], passages[name]) for name in sorted(files)]

    def films(self, query: FilmQuery) -> FoundFilms:
        """Return films by their fields."""
        return self._library.find_films(query)

    def subscribe(self, listener: Callable[[IngestEvent], None]) -> Callable[[], None]:
        """Call `listener` in the scanning thread for each step of a scan; return what ends that."""
        return self.ingester.events.subscribe(listener)

    def locate(self, path: str) -> Path | None:
        """Return a catalogued file's place on disk, to be opened for its reader; None if it is not there."""
        if self.document(path) is None:
            return None
        return name_on_disk(self._folder, path)

    def forget(self, path: str) -> None:
        """Forget what is known of a file, so that the next scan reads it anew; not during a scan."""
        self._library.forget(path)

    def add_file(self, upload: Upload, chunks: Iterable[bytes]) -> str:
        """Write a file into the folder, where the next scan finds it, and return its path; raises NoteError."""
        return write_upload(self._folder, upload, chunks, byte_limit(upload, self._settings))

    def remove_file(self, path: str) -> None:
        """Delete a file that came in through `add_file` or `add_note`; raises UnknownNoteError, NoteError.

        Of a lecture, what was said and written goes with it, at once: a person wants it gone. While there is a copy of
        the file, that is the lecture from the next scan on.
        """
        remove_upload(self._folder, path)
        if not self._has_copy(path) and self._lectures.remove(path):
            _kept_answers(self._settings).clear()

    def _has_copy(self, path: str) -> bool:
        record = self.document(path)
        same = self._library.catalogue.with_content(record.sha256) if record else ()
        return any(other.path != path and other.status is Status.DUPLICATE for other in same)

    def add_note(self, note: Note) -> str:
        """Write a document into the folder, where the next scan finds it, and return its path; raises NoteError."""
        return write_note(self._folder, note)

    def remove_note(self, path: str) -> None:
        """Delete a document that came in through `add_note`; raises UnknownNoteError, NoteError."""
        remove_note(self._folder, path)

    def vocabulary(self) -> Vocabulary:
        """Return the words that people are likely to say about this knowledge."""
        return self._library.vocabulary()


def _lectures(
    settings: KnowledgeSettings,
    sound: tuple[Recordings, Transcriber] | None,
    floor: Floor,
    catalogue: Catalogue,
    stack: ExitStack,
) -> LectureLibrary:
    store = LectureStore(settings.data / "lectures" / "lectures.sqlite")
    writer = LectureWriter(settings.lectures.templates)
    if settings.model:
        model = Ollama(settings.model, Rest(0))  # its own: nobody waits for it, so it may ask again at once
        author = Author(PoliteModel(model, floor), _kept_answers(settings))
        writer = LectureWriter(settings.lectures.templates, author, model.is_there)
    lectures = LectureLibrary(settings, store, writer, sound, catalogue.beside)
    stack.callback(lectures.close)
    return lectures


def _kept_answers(settings: KnowledgeSettings) -> KeptAnswers:
    return KeptAnswers(settings.data / "lectures" / "answers.sqlite")


def _reranking(settings: KnowledgeSettings, stack: ExitStack) -> DeadlineReranking | None:
    if settings.reranker is None:
        return None
    reranking = DeadlineReranking(settings.reranker)
    stack.callback(reranking.close)
    return reranking


def check_folders(settings: KnowledgeSettings) -> None:
    """Create the data folder.

    Raises: FolderError for a data folder that cannot be written, and for a knowledge folder that cannot be listed, if
    nothing is known of it. One that was read before may come back, as a share does: what is known of it is of use, and
    every scan looks for it.
    """
    if not os.access(settings.data / _CATALOGUE, os.F_OK):
        _check_folder(settings.folder)
    _create_data_folder(settings.data)


def _check_folder(folder: Path) -> None:
    match find_problem(folder, is_empty=False):
        case FolderProblem.MISSING:
            raise FolderError(folder, "does not exist. Create it, or choose another knowledge folder.")
        case FolderProblem.UNREADABLE:
            raise FolderError(folder, "cannot be read. Check its permissions.")


def _create_data_folder(data: Path) -> None:
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        raise FolderError(data, f"cannot be created: {err.strerror}. Choose another data folder.") from err
    if not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        raise FolderError(data, "cannot be written. Check its permissions, or choose another data folder.")


def _lock(data: Path) -> int:
    """Return the descriptor of a lock that goes when the process does."""
    try:
        descriptor = os.open(data / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as err:
        raise FolderError(data, f"cannot be written: {err.strerror}. Check its permissions.") from err
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as err:
        os.close(descriptor)
        raise FolderBusyError(data) from err
    return descriptor

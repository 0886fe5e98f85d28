"""The knowledge base off the event loop: one thread writes, a few threads answer."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from knowledge.base import KnowledgeBase
from knowledge.errors import FolderError, IndexDamagedError, KnowledgeError
from knowledge.events import IngestEvent, Stage
from knowledge.files.folder import FolderProblem
from knowledge.files.watch import Watcher
from knowledge.service.news import News, Step
from knowledge.service.payloads import Condition
from knowledge.service.throttle import Throttle

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterator

    from knowledge.files.ingest import ScanReport
    from knowledge.files.uploads import Upload
    from knowledge.lectures.models import Lecture
    from knowledge.lectures.protocols import Lectures
    from knowledge.models import Answer, SelfTestReport
    from knowledge.service.requests import AskRequest
    from knowledge.settings import KnowledgeSettings, ServiceSettings

_Result = TypeVar("_Result")

_QUERY_THREADS = 4
_MOST_WAITING = 32
_MOST_STREAMS = 8
_SELF_TEST_SECONDS = 300.0


class NotReadyError(KnowledgeError):
    """The index is still being opened."""

    def __init__(self) -> None:
        super().__init__("The index is being opened. Try again in a few seconds.")


class OverloadedError(KnowledgeError):
    """More questions wait than could be answered in time."""

    def __init__(self) -> None:
        super().__init__("Too many questions at once. Try again in a second.")


class KnowledgeHost:
    """Opens the knowledge base, keeps it up to date and answers from it, without blocking the event loop."""

    def __init__(
        self, settings: ServiceSettings, open_base: Callable[[KnowledgeSettings], KnowledgeBase] = KnowledgeBase
    ) -> None:
        """Take what opens the knowledge base; blocking, called in a thread."""
        self._open_base = open_base
        self.news = News()
        self.folder_problem: FolderProblem | None = None
        """What was wrong with the folder at the end of the last scan. Nobody who asks waits for a share that hangs."""
        self._settings = settings
        self._base: KnowledgeBase | None = None
        self._watcher: Watcher | None = None
        self._queries = ThreadPoolExecutor(_QUERY_THREADS, thread_name_prefix="query")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="ingest")
        self._waiting = 0
        self._streams = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._testing = asyncio.Lock()
        self._throttle = Throttle()

    @property
    def base(self) -> KnowledgeBase:
        """The open knowledge base; raises NotReadyError before."""
        if self._base is None:
            raise NotReadyError
        return self._base

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Open the knowledge base and keep it up to date until the block ends.

        Raises: FolderError, IndexUnavailableError.
        """
        try:
            base = await self._in_writer(partial(self._open_base, self._settings.knowledge))
            self._base = base
            self._watcher = Watcher(self._settings.knowledge, self._scan)
            loop = asyncio.get_running_loop()
            unsubscribe = base.subscribe(partial(self._hear, loop, base))
            let_go = base.lectures.subscribe(partial(self._hear_lecture, loop))
            base.on_stale(partial(_notice, loop, self._watcher))
            watching = asyncio.create_task(self._watcher.run())
            try:
                yield
            finally:
                unsubscribe()
                let_go()
                base.ingester.stop()
                watching.cancel()
                await asyncio.gather(watching, *self._tasks, return_exceptions=True)
                self._base = None
                await asyncio.to_thread(self._queries.shutdown)
                await self._in_writer(base.close)
        finally:
            self._queries.shutdown(wait=False, cancel_futures=True)
            self._writer.shutdown(wait=False)

    async def query(self, work: Callable[[KnowledgeBase], _Result]) -> _Result:
        """Run a question in a thread and return its result.

        Raises: NotReadyError, OverloadedError, TimeoutError.
        """
        base = self.base
        if self._waiting >= _MOST_WAITING:
            raise OverloadedError
        future = asyncio.get_running_loop().run_in_executor(self._queries, work, base)
        self._waiting += 1
        future.add_done_callback(lambda _: self._answered(future))
        async with asyncio.timeout(self._settings.query_seconds):
            return await asyncio.shield(future)

    async def condition(self) -> Condition:
        """Return how the service is; raises what `query` raises."""

        def look(base: KnowledgeBase) -> Condition:
            return Condition(
                records=base.documents(),
                vocabulary=base.vocabulary(),
                lectures=base.lectures.all(),
                index=base.index_name,
                pending=base.ingester.pending,
                folder_problem=self.folder_problem,
            )

        return await self.query(look)

    async def lectures(self, work: Callable[[Lectures], _Result]) -> _Result:
        """Run work on the lectures in a thread and return its result; raises what `query` raises."""
        return await self.query(lambda base: work(base.lectures))

    async def ask(self, asked: AskRequest) -> Answer:
        """Return the whole answer to a question; a language model may write it for longer than a query may take.

        Raises: NotReadyError, OverloadedError, TimeoutError.
        """
        if self._settings.knowledge.model is None:
            return await self.query(lambda base: base.ask(asked.question, asked.language, asked.filters))
        with self.streaming() as base:
            async with asyncio.timeout(self._settings.answer_seconds):
                return await asyncio.to_thread(base.ask, asked.question, asked.language, asked.filters)

    @contextmanager
    def streaming(self) -> Iterator[KnowledgeBase]:
        """Lend the knowledge base for one answer that is streamed; raises NotReadyError, OverloadedError."""
        base = self.base
        if self._streams >= _MOST_STREAMS:
            raise OverloadedError
        self._streams += 1
        try:
            yield base
        finally:
            self._streams -= 1

    async def take_in(self, upload: Upload, pieces: Iterator[bytes]) -> str:
        """Write a file that comes in piece by piece into the folder, and return its path; raises NoteError."""
        return await asyncio.to_thread(self.base.add_file, upload, pieces)

    async def test_embedder(self) -> SelfTestReport:
        """Run the embedder's self-test, one at a time; raises EmbedderError, TimeoutError."""
        async with asyncio.timeout(_SELF_TEST_SECONDS), self._testing:
            return await asyncio.to_thread(self.base.test_embedder)

    def reindex(self, path: str | None = None) -> None:
        """Ask for a full scan that also tries failed files again; a file that is named is read anew.

        Raises: NotReadyError.
        """
        if self._watcher is None:
            raise NotReadyError
        if path is None:
            self._watcher.request()
            return
        # Behind the scan in progress, if there is one; who asks need not wait for its end.
        self._begin(self._read_anew(path, self._watcher))

    async def _read_anew(self, path: str, watcher: Watcher) -> None:
        await self._in_writer(partial(self.base.forget, path))
        watcher.request()

    async def _scan(self, retry_failed: bool) -> ScanReport:
        return await self._in_writer(partial(self._scan_folder, self.base, retry_failed=retry_failed))

    def _scan_folder(self, base: KnowledgeBase, *, retry_failed: bool) -> ScanReport:
        try:
            report = base.scan(retry_failed=retry_failed)
        except FolderError:
            is_closed = base.folder_problem() is FolderProblem.UNREADABLE
            self._note_problem(base, FolderProblem.UNREADABLE if is_closed else FolderProblem.MISSING)
            raise
        self._note_problem(base, base.folder_problem())
        return report

    def _note_problem(self, base: KnowledgeBase, problem: FolderProblem | None) -> None:
        """Note what is wrong with the folder; where that is news, listeners hear that a scan has ended, and may ask."""
        is_news, self.folder_problem = problem is not self.folder_problem, problem
        if is_news:
            base.ingester.events.emit(IngestEvent(Stage.DONE))

    async def _in_writer(self, work: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._writer, work)

    def _hear(self, loop: asyncio.AbstractEventLoop, base: KnowledgeBase, event: IngestEvent) -> None:
        """Take an event over from the thread that scans."""
        record = base.document(event.path) if event.path else None
        loop.call_soon_threadsafe(self.news.publish, Step(event, record))

    def _hear_lecture(self, loop: asyncio.AbstractEventLoop, lecture: Lecture) -> None:
        """Take a change over from the thread that works on lectures, or that a person's wish came in."""
        loop.call_soon_threadsafe(self._note, lecture, loop.time())

    def _note(self, lecture: Lecture, now: float) -> None:
        if self._throttle.lets_through(lecture, now):
            self.news.publish(lecture)

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _answered(self, future: asyncio.Future[_Result]) -> None:
        self._waiting -= 1
        # A question given up after its time-out may still fail; nobody is left to hear it.
        failure = None if future.cancelled() else future.exception()
        if isinstance(failure, IndexDamagedError) and self._watcher is not None:
            self._watcher.request()


def _notice(loop: asyncio.AbstractEventLoop, watcher: Watcher) -> None:
    """Have the folder scanned, from any thread; at the end of the program nobody is left to do it."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(watcher.notice)

"""Vectors for the library, in the background: text can be searched at once, its vectors follow.

The catalogue and the full-text index stay the truth; what has no vector yet is told from the rows that are there, so a
killed process goes on where it was. A new embedder fills a table of its own while the former one still serves.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from dataclasses import asdict, replace
from threading import Event, Thread
from typing import TYPE_CHECKING

from knowledge import embedders
from knowledge.codec import report_from_json, report_to_json
from knowledge.errors import EmbedderError
from knowledge.models import EmbeddingState, EmbeddingStatus, Status
from knowledge.search import self_test
from knowledge.search.dense import DenseSearch, Served
from knowledge.settings import EmbedderSettings
from knowledge.store.vectors import VectorIndex, drop_others

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable
    from pathlib import Path

    from knowledge.codec import Json
    from knowledge.embedders.embedder import Embedder
    from knowledge.models import FileRecord, Passage, SelfTestReport
    from knowledge.store.library import Library

_LOGGER = logging.getLogger(__name__)

_BATCH = 16
_FIRST_RETRY_SECONDS = 2.0
_LONGEST_RETRY_SECONDS = 300.0
_WRITES_BEFORE_OPTIMISE = 50


class Embedding:
    """Keeps one embedder's vectors equal to the library, in a thread of its own."""

    def __init__(
        self,
        library: Library,
        folder: Path,
        settings: EmbedderSettings,
        load: Callable[[EmbedderSettings], Embedder] = embedders.load,
    ) -> None:
        self.dense = DenseSearch(library)
        self.status = EmbeddingStatus(EmbeddingState.LOADING, settings.model)
        self._library = library
        self._folder = folder
        self._settings = settings
        self._load = load
        self._chosen: Served | None = None
        self._counts: Counter[tuple[str, int]]
        self._unmerged_writes = 0
        self._changed = Event()
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="embedding", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._library.on_change = self._changed.set
        self._thread.start()

    def close(self) -> None:
        """End after the batch in work; blocking."""
        self._stopping.set()
        self._changed.set()
        self._thread.join()

    def test(self) -> SelfTestReport:
        """Test the chosen embedder once more and act on the result; blocking, in any thread.

        Raises: EmbedderError.
        """
        chosen = self._chosen
        report = self_test.run(chosen.embedder if chosen else self._load(self._settings))
        if chosen is not None:
            self._chosen = replace(chosen, report=report)
            self._remember(self._chosen, is_complete=self._is_complete(chosen.name))
            self._changed.set()
        self.status = replace(self.status, report=report)
        return report

    def _run(self) -> None:
        delay = _FIRST_RETRY_SECONDS
        while not self._stopping.is_set():
            self._changed.clear()
            try:
                self._work()
            except (EmbedderError, OSError, RuntimeError) as err:  # the last two are LanceDB's, as for a full disk
                _LOGGER.warning("No vectors for now, trying again in %.0f s: %s", delay, err)
                self.status = replace(self.status, state=EmbeddingState.UNAVAILABLE, problem=str(err))
                self._stopping.wait(delay)
                delay = min(2 * delay, _LONGEST_RETRY_SECONDS)
            else:
                delay = _FIRST_RETRY_SECONDS
                self._changed.wait()

    def _work(self) -> None:
        """Bring everything up to date."""
        if self._chosen is None:
            self._serve_former()
            self._chosen = self._introduced()
        chosen = self._chosen
        if not chosen.report.accepted():
            self._say(EmbeddingState.REFUSED)
            return
        if self._is_complete(chosen.name):
            self._serve(chosen)
        if self._caught_up(chosen) and not self._stopping.is_set():
            self._remember(chosen, is_complete=True)
            self._serve(chosen)
            self._say(EmbeddingState.READY)

    def _serve_former(self) -> None:
        """Search the vectors of the embedder of before while the chosen one is introduced."""
        for name, record in self._library.catalogue.embedders().items():
            settings = EmbedderSettings(**record["settings"], token=self._settings.token)
            if not record["is_complete"] or _same(settings, self._settings) or self.dense.served is not None:
                continue
            try:
                embedder = self._load(settings)
            except EmbedderError as err:
                _LOGGER.warning("The former embedder cannot serve meanwhile: %s", err)
                continue
            vectors = VectorIndex(self._folder, name, embedder.dimension)
            self._serve(Served(name, embedder, vectors, report_from_json(record["report"])))

    def _introduced(self) -> Served:
        self._say(EmbeddingState.LOADING)
        embedder = self._load(self._settings)
        name = _table_name(embedder)
        record = self._library.catalogue.embedders().get(name)
        if record is not None and record["report"]["version"] == self_test.VERSION:
            report = report_from_json(record["report"])
        else:
            self._say(EmbeddingState.TESTING)
            report = self_test.run(embedder)
            _log(report)
        self.status = replace(self.status, report=report, problem=None)
        vectors, self._counts = self._opened(name, embedder.dimension)
        chosen = Served(name, embedder, vectors, report)
        self._remember(chosen, is_complete=bool(record and record["is_complete"] and self._counts))
        return chosen

    def _opened(self, name: str, dimension: int) -> tuple[VectorIndex, Counter[tuple[str, int]]]:
        """Return a table and what is in it; one that is damaged is made anew."""
        try:
            vectors = VectorIndex(self._folder, name, dimension)
            return vectors, vectors.counts()
        except (OSError, RuntimeError, ValueError) as err:
            _LOGGER.warning("The vectors are damaged and are made anew: %s", err)
            shutil.rmtree(self._folder, ignore_errors=True)
            vectors = VectorIndex(self._folder, name, dimension)
            return vectors, vectors.counts()

    def _caught_up(self, chosen: Served) -> bool:
        """Embed what has no vectors and forget what is gone; say whether nothing is missing."""
        files = [record for record in self._library.catalogue.files() if record.status is Status.INDEXED]
        current = {(record.path, record.generation) for record in files}
        for path, generation in [key for key in self._counts if key not in current]:
            chosen.vectors.remove(path, but=self._library.generation(path))
            del self._counts[path, generation]
            self._unmerged_writes += 1
        self._progress(files)
        for record in files:
            if self._counts[record.path, record.generation] < record.passages:
                self._embed(chosen, record, files)
            if self._stopping.is_set():
                return False
        if self._unmerged_writes:
            self._optimise(chosen)
        return not self._changed.is_set()

    def _embed(self, chosen: Served, record: FileRecord, files: list[FileRecord]) -> None:
        """Embed the passages of a file that have no vectors, as long as the file is of this generation."""
        key = (record.path, record.generation)
        accepted = chosen.report.accepted()
        self._say(EmbeddingState.EMBEDDING)
        while self._counts[key] < record.passages and not self._stopping.is_set():
            first = self._counts[key]
            passages = self._library.passages(record.path, first, first + _BATCH)
            if self._library.generation(record.path) != record.generation or not passages:
                return
            vectors = chosen.embedder.embed_passages([_text(passage) for passage in passages])
            for place, passage in enumerate(passages):
                if passage.language not in accepted:
                    vectors[place] = 0
            chosen.vectors.add(record.path, record.generation, passages, vectors)
            self._counts[key] += len(passages)
            self._unmerged_writes += 1
            if self._unmerged_writes >= _WRITES_BEFORE_OPTIMISE:
                self._optimise(chosen)
            self._progress(files)

    def _optimise(self, chosen: Served) -> None:
        chosen.vectors.optimise()
        self._unmerged_writes = 0

    def _serve(self, served: Served) -> None:
        if self.dense.served is None or self.dense.served.name != served.name:
            _LOGGER.info("Searching with the vectors of %s", served.embedder.model)
        self.dense.served = served
        self.status = replace(self.status, serving=served.embedder.model)

    def _remember(self, chosen: Served, *, is_complete: bool) -> None:
        settings = asdict(self._settings)
        del settings["token"]
        record: Json = {"settings": settings, "is_complete": is_complete, "report": report_to_json(chosen.report)}
        self._library.catalogue.put_embedder(chosen.name, record, alone=is_complete)
        if is_complete and self.dense.served is None:  # nobody searches another table now
            drop_others(self._folder, chosen.name)

    def _is_complete(self, name: str) -> bool:
        record = self._library.catalogue.embedders().get(name)
        return record is not None and bool(record["is_complete"])

    def _progress(self, files: list[FileRecord]) -> None:
        embedded = sum(self._counts[record.path, record.generation] for record in files)
        passages = sum(record.passages for record in files)
        self.status = replace(self.status, embedded=embedded, passages=passages)

    def _say(self, state: EmbeddingState) -> None:
        self.status = replace(self.status, state=state, problem=None)


def _text(passage: Passage) -> str:
    """Return a passage with where it stands, which its own sentences take as known."""
    return "\n".join(filter(None, (" › ".join((passage.title, *passage.headings)), passage.text)))


def _table_name(embedder: Embedder) -> str:
    digest = hashlib.sha256(f"{embedder.model}|{embedder.dimension}".encode()).hexdigest()
    return f"vectors-{digest[:16]}"


def _same(one: EmbedderSettings, other: EmbedderSettings) -> bool:
    return (one.engine, one.model, one.url) == (other.engine, other.model, other.url)


def _log(report: SelfTestReport) -> None:
    for test in report.languages:
        _LOGGER.info(
            "Self-test of %s, %s: nDCG@10 %.3f by words, %.3f with vectors (%.3f, %.3f in other words), %.3f alone: %s",
            report.embedder,
            test.language,
            test.lexical,
            test.hybrid,
            test.lexical_paraphrased,
            test.hybrid_paraphrased,
            test.dense,
            "used" if test.is_accepted else "refused",
        )

"""How the knowledge grows: python -m bench.knowledge_scale [--passages N...] [--dimension D] [--index NAME] -- CORPUS.

CORPUS is a folder with corpus.jsonl.xz (see bench/retrieval.py); its sentences are mixed to passages of about 900
characters, a hundred to a file. Vectors are synthetic: clusters with noise, as those of models are. For each size it
prints the rate of taking in (analysis and index, without the reading of files), the time of a search by words and of
one by words and vectors, memory and disk. Then, on top of the largest: the time from saving a small file to finding it
through the watcher, and a PDF of 200 pages from the folder to a hit on its last page. The processor's time says what a
busy machine hides.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import lzma
import random
import re
import resource
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from demo.sample_pdf import pdf_bytes
from knowledge.files.ingest import Ingester
from knowledge.files.watch import Watcher
from knowledge.lectures.library import LectureLibrary
from knowledge.lectures.store import LectureStore
from knowledge.lectures.writer import LectureWriter
from knowledge.models import Document, FileRecord, Kind, Prepared, Section, Status
from knowledge.reading import chunking
from knowledge.reading.parser import ParserProcess
from knowledge.reading.prepare import RECIPE
from knowledge.search import retrieval
from knowledge.search.retrieval import Query, Stages
from knowledge.settings import IngestSettings, KnowledgeSettings
from knowledge.store.catalogue import Catalogue
from knowledge.store.lancedb_index import PassageIndex
from knowledge.store.library import Library
from knowledge.store.tantivy_index import TantivyIndex
from knowledge.store.vectors import VectorIndex
from knowledge.text import sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from knowledge.models import Filters, Hit, Language, Passage

PER_FILE = 100
QUESTIONS = 200
OPTIMISE_EVERY = 5_000
CLUSTERS = 500
_WORD = re.compile(r"\w{4,}")
INDEXES = {"lancedb": PassageIndex, "tantivy": TantivyIndex}


class Corpus:
    """Passages without end, of real sentences."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        with lzma.open(folder / "corpus.jsonl.xz", "rt", encoding="utf-8") as lines:
            texts = [json.loads(line)["text"] for line in lines]
        self._sentences = [sentence for text in texts for sentence in sentences.split(text)]
        self._chance = chance

    def file(self, number: int) -> list[Passage]:
        """Return the passages of one file, analyzed as those of a document are."""
        made: list[Passage] = []
        while len(made) < PER_FILE:
            text = " ".join(self._chance.sample(self._sentences, 7))
            made += chunking.passages(Document(f"Файл {number}", (Section(text, (f"Раздел {len(made)}",)),)), "")
        return [replace(passage, number=at) for at, passage in enumerate(made[:PER_FILE])]

    def question(self) -> str:
        """Return some words of a sentence, as a question about it has."""
        words = _WORD.findall(self._chance.choice(self._sentences))
        return " ".join(self._chance.sample(words, min(5, len(words)))) + "?"


class Clusters:
    """Vectors that lie in groups; (count, dimension) float32, normalised."""

    def __init__(self, dimension: int) -> None:
        self._random = np.random.default_rng(1)
        self._centres = self._random.standard_normal((CLUSTERS, dimension), dtype=np.float32)

    def vectors(self, count: int) -> NDArray[np.float32]:
        """Return vectors of random groups."""
        centres = self._centres[self._random.integers(CLUSTERS, size=count)]
        near = centres + 0.6 * self._random.standard_normal(centres.shape, dtype=np.float32)
        return near / np.linalg.norm(near, axis=1, keepdims=True)


class House:
    """A library that grows."""

    def __init__(self, root: Path, corpus: Corpus, index: str, dimension: int) -> None:
        self.folder, self.data = root / "knowledge", root / "data"
        self.folder.mkdir()
        self.data.mkdir()
        self._corpus = corpus
        self._clusters = Clusters(dimension) if dimension else None
        self.library = Library(Catalogue(self.data / "catalogue.sqlite"), INDEXES[index](self.data / "index"))
        self._vectors = VectorIndex(self.data / "vectors", "bench", dimension) if dimension else None
        self.files = 0

    def grow(self, passages: int) -> tuple[float, float]:
        """Add files until there are so many passages; return the seconds of the words and of the vectors."""
        words = vectors = 0.0
        since = 0
        while self.files * PER_FILE < passages:
            self.files += 1
            path = f"{self.files}.md"
            start = time.monotonic()
            made = self._corpus.file(self.files)
            self.library.put(_record(self.folder, path, len(made)), Prepared(path, tuple(made)))
            since += len(made)
            if since >= OPTIMISE_EVERY:
                self.library.optimise()
                since = 0
            words += time.monotonic() - start
            vectors += self._embed(path, made)
        start = time.monotonic()
        self.library.optimise()
        words += time.monotonic() - start
        start = time.monotonic()
        if self._vectors is not None:
            self._vectors.optimise()
        return words, vectors + time.monotonic() - start

    def stages(self) -> Stages:
        """Return a search by vectors whose embedder takes no time."""

        def dense(_: str, __: Language, limit: int, filters: Filters) -> list[Hit]:
            assert self._vectors is not None
            assert self._clusters is not None
            vectors, vector = self._vectors, self._clusters.vectors(1)[0]
            return self.library.settled(lambda: vectors.search(vector, limit, filters))

        return Stages(dense=dense)

    def _embed(self, path: str, passages: Sequence[Passage]) -> float:
        if self._vectors is None or self._clusters is None:
            return 0.0
        start = time.monotonic()
        generation = self.library.generation(path)
        assert generation is not None
        self._vectors.add(path, generation, passages, self._clusters.vectors(len(passages)))
        return time.monotonic() - start


def _record(folder: Path, path: str, passages: int) -> FileRecord:
    """Return the record of a file that the ingester will take for unchanged."""
    (folder / path).write_text("x")
    modified_ns = (folder / path).stat().st_mtime_ns
    return FileRecord(path, Kind.DOCUMENT, path, Status.INDEXED, None, passages, 1, modified_ns, path, 0, RECIPE, "")


def times(ask: Callable[[str], object], questions: Sequence[str]) -> str:
    """Return the median and the 95th percentile in milliseconds, and the processor's time for each question."""
    taken = []
    used = time.process_time()
    for question in questions:
        start = time.perf_counter()
        ask(question)
        taken.append(1_000 * (time.perf_counter() - start))
    used = 1_000 * (time.process_time() - used) / len(questions)
    return f"{np.percentile(taken, 50):.0f}/{np.percentile(taken, 95):.0f} ms (processor {used:.0f})"


def report(house: House, corpus: Corpus, taken: tuple[float, float], added: int, *, has_vectors: bool) -> str:
    """Return one line of figures."""
    questions = [corpus.question() for _ in range(QUESTIONS)]
    lexical = times(lambda question: retrieval.search(house.library, Query(question)), questions)
    hybrid = "-"
    if has_vectors:
        stages = house.stages()
        hybrid = times(lambda question: retrieval.search(house.library, Query(question), stages), questions)
    disk = sum(file.stat().st_size for file in house.data.rglob("*") if file.is_file()) >> 20
    words, vectors = taken
    rates = f"{added / words:,.0f}/s, vectors {added / vectors:,.0f}/s" if has_vectors else f"{added / words:,.0f}/s"
    return f"words {rates}; by words {lexical}; hybrid {hybrid}; {_resident_mib()} MiB; disk {disk} MiB"


def _resident_mib() -> int:
    fields = Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * resource.getpagesize() >> 20


async def until_found(house: House) -> tuple[float, float]:
    """Return the seconds until a saved file is found, and until a PDF of 200 pages is."""
    settings = KnowledgeSettings(house.folder, house.data, IngestSettings())
    parser = ParserProcess(settings.ingest.parse_seconds, settings.ingest.parse_memory_bytes)
    lectures = LectureLibrary(settings, LectureStore(house.data / "lectures.sqlite"), LectureWriter(None))
    ingester = Ingester(settings, house.library, parser, lectures)
    watching = asyncio.create_task(Watcher(settings, lambda _: asyncio.to_thread(ingester.scan)).run())
    try:
        await asyncio.sleep(10)  # the first scan, the system's watches and the reader's process
        small = await _seconds(house, "note.md", b"# Note\n\nThe spare fuse is in the blue tin.\n", "spare fuse tin")
        pages = [f"Page {page}. " + "The pump of the well is serviced in May. " * 40 for page in range(199)]
        pdf = pdf_bytes([*pages, "The secret word is xylophone."], "Pump")
        return small, await _seconds(house, "pump.pdf", pdf, "xylophone")
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        parser.close()


async def _seconds(house: House, name: str, content: bytes, question: str) -> float:
    start = time.monotonic()
    (house.folder / name).write_bytes(content)
    while True:
        hits = await asyncio.to_thread(lambda: retrieval.search(house.library, Query(question)).hits)
        if any(hit.document == name for hit in hits):
            return time.monotonic() - start
        await asyncio.sleep(0.02)


def sizes(passages: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield (passages on all, passages more than before)."""
    before = 0
    for size in sorted(passages):
        yield size, size - before
        before = size


def main(arguments: Sequence[str]) -> None:
    """Print a line for each size, and one for what is added on top."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passages", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--dimension", type=int, default=1_024, help="0: without vectors")
    parser.add_argument("--index", choices=INDEXES, default="lancedb")
    parser.add_argument("corpus", type=Path)
    options = parser.parse_args(arguments)
    corpus = Corpus(options.corpus, random.Random(1))
    with tempfile.TemporaryDirectory() as root:
        house = House(Path(root), corpus, options.index, options.dimension)
        for size, added in sizes(options.passages):
            taken = house.grow(size)
            print(f"{size:,}: {report(house, corpus, taken, added, has_vectors=bool(options.dimension))}", flush=True)
        small, pdf = asyncio.run(until_found(house))
        print(
            f"a small file is found {small:.1f} s after it is saved, the last of 200 pages of a PDF after {pdf:.1f} s"
        )


if __name__ == "__main__":
    main(sys.argv[1:])

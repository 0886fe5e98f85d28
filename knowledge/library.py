"""The catalogue and the index as one: what is written together and read together."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge import analyzer
from knowledge.films import FilmShelf, titles
from knowledge.models import EVERYTHING, Filters, Hit, Prepared, Status, Vocabulary
from knowledge.statistics import TermStatistics

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from knowledge.catalogue import Catalogue
    from knowledge.index import PassageIndex
    from knowledge.models import FileRecord

_LOGGER = logging.getLogger(__name__)

_SEARCHES = 5


class Library:
    """All that is known. One thread writes, any thread reads."""

    def __init__(self, catalogue: Catalogue, index: PassageIndex) -> None:
        """Take both over and repair what a killed process has left; blocking, reads the whole index."""
        self.catalogue = catalogue
        self.statistics = TermStatistics()
        self.unmerged_writes = 0
        """Writes since the index was last optimised."""
        self._index = index
        self._switches = 0
        self._generations = {record.path: record.generation for record in catalogue.files()}
        self._shelf: FilmShelf | None = None
        self._vocabulary: Vocabulary | None = None
        self._recover()

    def close(self) -> None:
        """Close the catalogue; the index has nothing to close."""
        self.catalogue.close()

    def put(self, record: FileRecord, prepared: Prepared) -> None:
        """Take a file in, in place of what was known of it. Readers see the old or the new, never both or neither."""
        path, generation = record.path, self.catalogue.next_generation()
        before = list(self._current_texts(path))
        self._index.add(path, generation, prepared.passages)
        self.catalogue.put(replace(record, generation=generation), prepared)
        self._generations[path] = generation
        self._switches += 1
        for passage in prepared.passages:
            self.statistics.add(passage.search_text)
        self._drop(path, before, but=generation)

    def forget(self, path: str) -> None:
        """Forget a file."""
        before = list(self._current_texts(path))
        self.catalogue.remove(path)
        self._generations.pop(path, None)
        self._drop(path, before)

    def search(self, terms: Sequence[str], limit: int, filters: Filters = EVERYTHING) -> Iterator[Hit]:
        """Yield hits best first, with the share of the terms' weight that each covers."""
        if not terms:
            return
        for hit, generation in self._settled_search(terms, limit, filters):
            if self._generations.get(hit.document) == generation:
                yield self._judged(hit, terms)

    def films(self) -> FilmShelf:
        """Return the films of the household."""
        if self._shelf is None:
            self._shelf = FilmShelf(self.catalogue.films())
        return self._shelf

    def vocabulary(self) -> Vocabulary:
        """Return the words that people are likely to say about this knowledge."""
        if self._vocabulary is None:
            topics = sorted(self.catalogue.topics())
            names = sorted({title for _, film in self.catalogue.films() for title in titles(film)})
            content = json.dumps([topics, names], ensure_ascii=False).encode()
            version = hashlib.sha256(content).hexdigest()[:8]
            self._vocabulary = Vocabulary(tuple(topics), tuple(names), version)
        return self._vocabulary

    def optimise(self) -> None:
        """Tidy the index; blocking."""
        self._index.optimise()
        self.unmerged_writes = 0

    def _settled_search(self, terms: Sequence[str], limit: int, filters: Filters) -> list[tuple[Hit, int]]:
        """Search without a switch of generations meanwhile, after which a file's new passages might be missed."""
        for _ in range(_SEARCHES):
            switches = self._switches
            found = list(self._index.search(terms, limit, filters))
            if switches == self._switches:
                break
        return found

    def _judged(self, hit: Hit, terms: Sequence[str]) -> Hit:
        headings = set(analyzer.terms(" ".join(hit.passage.headings)))
        return replace(
            hit,
            coverage=self.statistics.coverage(terms, set(hit.passage.search_text.split())),
            heading_coverage=self.statistics.coverage(terms, headings),
        )

    def _drop(self, path: str, texts: Sequence[str], but: int | None = None) -> None:
        if texts:
            self._index.remove(path, but=but)
        for text in texts:
            self.statistics.remove(text)
        self.unmerged_writes += 1
        self._shelf = self._vocabulary = None

    def _current_texts(self, path: str) -> Iterator[str]:
        current = self._generations.get(path)
        if current is not None:
            yield from (text for _, generation, text in self._index.texts(path) if generation == current)

    def _recover(self) -> None:
        """Count terms, and delete generations that no catalogue entry points to."""
        strays: set[str] = set()
        present: dict[str, int] = {}
        for path, generation, text in self._index.texts():
            if self._generations.get(path) == generation:
                self.statistics.add(text)
                present[path] = present.get(path, 0) + 1
            else:
                strays.add(path)
        for path in strays:
            _LOGGER.info("Removing unfinished passages of %s", path)
            self._index.remove(path, but=self._generations.get(path))
        for record in self.catalogue.files():
            if record.status is Status.INDEXED and present.get(record.path, 0) != record.passages:
                _LOGGER.warning("The index has lost passages of %s; it will be read again", record.path)
                self.forget(record.path)

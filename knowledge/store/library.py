"""The catalogue and the index as one: what is written together and read together."""

from __future__ import annotations

import hashlib
import json
import logging
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge.errors import IndexDamagedError
from knowledge.films import names
from knowledge.films.query import FilmQuery, FoundFilms
from knowledge.films.shelf import FilmShelf, titles
from knowledge.models import EVERYTHING, Filters, Hit, Prepared, Status, Vocabulary
from knowledge.places import collection_of, is_below
from knowledge.store.statistics import TermStatistics
from knowledge.store.topics import day_of, likely_topics
from knowledge.text import analyzer, spelling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from knowledge.films.shelf import Listed
    from knowledge.models import FileRecord, Passage, Sentiment
    from knowledge.store.catalogue import Catalogue
    from knowledge.store.text_index import TextIndex

_LOGGER = logging.getLogger(__name__)

_SEARCHES = 5
MOST_WITH_GRAMS = 20_000
"""Passages up to which bodies are found by groups of letters; beyond it only titles and headings are."""


class Library:
    """All that is known. One thread writes, any thread reads."""

    def __init__(self, catalogue: Catalogue, index: TextIndex) -> None:
        """Take both over and repair what a killed process has left; blocking, reads the whole index."""
        self.catalogue = catalogue
        self.statistics = TermStatistics()
        self.unmerged_writes = 0
        """Writes since the index was last optimised."""
        self.on_change: Callable[[], None] = lambda: None
        """Called after each write, in the writer's thread."""
        self._index = index
        self._switches = 0
        self._generations = {record.path: record.generation for record in catalogue.files()}
        self._shelf: FilmShelf | None = None
        self._vocabulary: Vocabulary | None = None
        self._is_damaged = False
        try:
            self._recover()
            index.check()
        except IndexDamagedError:
            self._rebuild()

    def close(self) -> None:
        """Close the catalogue and the index."""
        self._index.close()
        self.catalogue.close()

    @property
    def index_name(self) -> str:
        """Which library searches."""
        return self._index.name

    def repair(self) -> None:
        """Begin the index anew if a search has found it damaged; called by the writer, who then reads all files."""
        if self._is_damaged:
            self._rebuild()

    def put(self, record: FileRecord, prepared: Prepared) -> None:
        """Take a file in, in place of what was known of it. Readers see the old or the new, never both or neither."""
        path, generation = record.path, self.catalogue.next_generation()
        before = list(self._current_texts(path))
        self._index.add(path, generation, self._lean(prepared.passages))
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

    def search(self, terms: Sequence[str], limit: int, filters: Filters = EVERYTHING) -> list[Hit]:
        """Return hits best first by BM25."""
        scope = self.scope(filters)
        return self.settled(lambda: self._index.search(terms, limit, scope)) if terms else []

    def search_grams(self, grams: Sequence[str], limit: int, filters: Filters = EVERYTHING) -> list[Hit]:
        """Return the same by groups of letters, which find what was misheard or misspelt."""
        scope = self.scope(filters)
        return self.settled(lambda: self._index.search_grams(grams, limit, scope)) if grams else []

    def scope(self, filters: Filters) -> Filters:
        """Return filters with what the catalogue knows of years, people and dates looked up."""
        years, dates = filters.years != (None, None), filters.dates != (None, None)
        if filters.within is not None or not (years or dates or filters.person):
            return filters
        within: dict[str, frozenset[int] | None] = dict.fromkeys(self._generations)
        if dates:
            within = dict.fromkeys(record.path for record in self.catalogue.files() if _is_between(record, filters))
        if years or filters.person:
            first, last = filters.years
            entries: dict[str, list[int]] = {}
            query = FilmQuery(person=filters.person, first_year=first, last_year=last, limit=sys.maxsize)
            for listed in self.find_films(query).films:
                entries.setdefault(listed.path, []).append(listed.entry)
            within = {path: frozenset(entries[path]) for path in within if path in entries}
        return replace(filters, within=within)

    def passages(self, path: str, first: int = 0, end: int | None = None) -> list[Passage]:
        """Return a file's passages by their numbers, from `first` to before `end`."""
        generation = self._generations.get(path)
        return [] if generation is None else self._index.passages(path, generation, first, end)

    def generation(self, path: str) -> int | None:
        """Return the generation of a file that is searched now."""
        return self._generations.get(path)

    def settled(self, search: Callable[[], Iterator[tuple[Hit, int]]]) -> list[Hit]:
        """Search without a switch of generations meanwhile, after which a file's new passages might be missed."""
        for _ in range(_SEARCHES):
            switches = self._switches
            try:
                found = list(search())
            except IndexDamagedError:
                self._is_damaged = True
                raise
            if switches == self._switches:
                break
        return [hit for hit, generation in found if self._generations.get(hit.document) == generation]

    def judged(self, hits: Sequence[Hit], terms: Sequence[str]) -> list[Hit]:
        """Return hits with the share of the terms' weight that each covers.

        A term that no passage has counts where there is one written alike: it may have been misheard.
        """
        held = [set(hit.passage.search_text.split()) for hit in hits]
        unknown = [term for term in terms if self.statistics.is_unknown(term)]
        is_alone = len(unknown) == len(terms)
        alike = spelling.readings(unknown, set().union(*held), is_alone=is_alone) if unknown else {}
        return [
            replace(
                hit,
                coverage=self.statistics.coverage(terms, words, alike),
                heading_coverage=self.statistics.coverage(terms, _heading_terms(hit), alike),
            )
            for hit, words in zip(hits, held, strict=True)
        ]

    def films(self) -> FilmShelf:
        """Return the films of the household."""
        if self._shelf is None:
            self._shelf = FilmShelf(self.catalogue.films())
        return self._shelf

    def find_films(self, query: FilmQuery) -> FoundFilms:
        """Return the films whose fields are as the query wants them."""
        wanted = {
            ("titles",): query.title,
            ("directors", "actors"): query.person,
            ("actors",): query.actor,
            ("directors",): query.director,
            ("genres",): query.genre,
            ("countries",): query.country,
        }
        values = [
            (fields, self._values_like(fields, one))
            for fields, said in wanted.items()
            for one in said.split(",")
            if one.strip()
        ]
        found = self.catalogue.films_where(query, values)
        found = [listed for listed in found if is_below(collection_of(listed.path), query.collection)]
        return FoundFilms(len(found), tuple(found[query.offset : query.offset + query.limit]))

    def _values_like(self, fields: Sequence[str], said: str) -> list[str]:
        alternatives = said.split("|")
        return [
            value
            for field in fields
            for value in self.film_values(field)
            if any(names.is_like(value, one) for one in alternatives)
        ]

    def film_values(self, field: str) -> list[str]:
        """Return what stands in a field of any film, each value once."""
        return self.catalogue.film_values(field)

    def reviews(self, listed: Listed, sentiment: Sentiment) -> list[Passage]:
        """Return what people write of a film, of one opinion."""
        return [
            passage
            for passage in self.passages(listed.path)
            if passage.entry == listed.entry and passage.sentiment is sentiment
        ]

    def vocabulary(self) -> Vocabulary:
        """Return the words that people are likely to say about this knowledge."""
        if self._vocabulary is None:
            topics = likely_topics(self.catalogue.files(), self.catalogue.topics())
            names = sorted({title for listed in self.catalogue.films() for title in titles(listed.film)})
            content = json.dumps([topics, names], ensure_ascii=False).encode()
            version = hashlib.sha256(content).hexdigest()[:8]
            self._vocabulary = Vocabulary(tuple(topics), tuple(names), version)
        return self._vocabulary

    def optimise(self) -> None:
        """Tidy the index; blocking."""
        self._index.optimise()
        self.unmerged_writes = 0

    def _lean(self, passages: Sequence[Passage]) -> Sequence[Passage]:
        """Leave out the groups of letters of bodies where there are too many of them to help."""
        if self.statistics.passages + len(passages) <= MOST_WITH_GRAMS:
            return passages
        return [replace(passage, grams=" ".join(_grams_of_place(passage))) for passage in passages]

    def _drop(self, path: str, texts: Sequence[str], but: int | None = None) -> None:
        if texts:
            self._index.remove(path, but=but)
        for text in texts:
            self.statistics.remove(text)
        self.unmerged_writes += 1
        self._shelf = self._vocabulary = None
        self.on_change()

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
                self._index.remove(record.path)
                self.catalogue.mark_lost(record.path)

    def _rebuild(self) -> None:
        _LOGGER.warning("The index is damaged: it is made anew, and the files are read again")
        self._is_damaged = False
        self._index.clear()
        self.statistics = TermStatistics()
        self._recover()


def _is_between(record: FileRecord, filters: Filters) -> bool:
    first, last = filters.dates
    day = day_of(record)
    return (first is None or first <= day) and (last is None or day <= last)


def _grams_of_place(passage: Passage) -> Iterator[str]:
    for text in (passage.title, *passage.headings):
        yield from analyzer.grams(text)


def _heading_terms(hit: Hit) -> set[str]:
    return set(analyzer.terms(" ".join(hit.passage.headings)))

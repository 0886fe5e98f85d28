"""The full-text index for processors without AVX2. The only module that imports tantivy.

The same terms as in LanceDB, split at blanks, and the same ranking (BM25 with k1 = 1.2, b = 0.75).
"""

from __future__ import annotations

import json
import logging
import shutil
from contextlib import contextmanager
from dataclasses import asdict
from itertools import accumulate
from typing import TYPE_CHECKING

import tantivy
from tantivy import FieldType, Occur, Query

from knowledge.codec import passage_from_json
from knowledge.errors import IndexDamagedError
from knowledge.models import EVERYTHING, Filters, Hit
from knowledge.places import collection_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from knowledge.models import Passage

_LOGGER = logging.getLogger(__name__)

_HEAP_BYTES = 32 << 20
_EXACT = ("document", "kind", "language", "sentiment", "collection", "name")
_NUMBERS = ("generation", "entry", "number")
_REGEX_MARKS = str.maketrans({mark: f"\\{mark}" for mark in r"\.+*?()|[]{}^$"})


class TantivyIndex:
    """Passages by what they say. One writer and any number of readers, in any threads."""

    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        """Open or create the index; blocking. One that cannot be opened is made anew."""
        self._folder = folder
        self._schema = _schema()
        try:
            self._index = self._opened()
        except (OSError, RuntimeError, ValueError) as err:
            _LOGGER.warning("The index cannot be opened and is made anew: %s", err)
            shutil.rmtree(folder, ignore_errors=True)
            self._index = self._opened()
        self._writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)

    def add(self, document: str, generation: int, passages: Sequence[Passage]) -> None:
        """Write one generation of a document's passages."""
        for passage in passages:
            self._writer.add_document(_entry(document, generation, passage))
        self._commit()

    def remove(self, document: str, *, but: int | None = None) -> None:
        """Delete a document's passages, of every generation or of all but one."""
        query = self._term("document", document)
        if but is not None:
            query = Query.boolean_query([(Occur.Must, query), (Occur.MustNot, self._term("generation", but))])
        self._writer.delete_documents_by_query(query)
        self._commit()

    def search(self, terms: Sequence[str], limit: int, filters: Filters = EVERYTHING) -> Iterator[tuple[Hit, int]]:
        """Yield (hit, its generation), best first by BM25; passages match that hold any of the terms."""
        return self._search("search_text", terms, limit, filters)

    def search_grams(
        self, grams: Sequence[str], limit: int, filters: Filters = EVERYTHING
    ) -> Iterator[tuple[Hit, int]]:
        """Yield the same by groups of letters."""
        return self._search("grams", grams, limit, filters)

    def texts(self, document: str | None = None) -> Iterator[tuple[str, int, str]]:
        """Yield (document, generation, search text) of all passages, or of one document's."""
        query = Query.all_query() if document is None else self._term("document", document)
        for _, path, generation, passage in self._found(query):
            yield path, generation, passage.search_text

    def passages(self, document: str, generation: int, first: int = 0, end: int | None = None) -> list[Passage]:
        """Return the passages of one generation of a document by their numbers, from `first` to before `end`."""
        wanted = [
            self._term("document", document),
            self._term("generation", generation),
            Query.range_query(self._schema, "number", FieldType.Integer, first, end, include_upper=end is None),
        ]
        found = self._found(Query.boolean_query([(Occur.Must, query) for query in wanted]))
        return sorted((passage for _, _, _, passage in found), key=lambda passage: passage.number)

    def optimise(self) -> None:
        """Drop the files that nobody reads any more; Tantivy merges by itself."""
        self._writer.garbage_collect_files()

    def check(self) -> None:
        """Read one passage; raises IndexDamagedError."""
        list(self._found(Query.all_query(), limit=1))

    def clear(self) -> None:
        """Delete everything and begin anew."""
        self.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._index = self._opened()
        self._writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)

    def close(self) -> None:
        """Let another index write to the folder."""
        del self._writer  # it holds a lock as long as it lives

    def _opened(self) -> tantivy.Index:
        self._folder.mkdir(parents=True, exist_ok=True)
        return tantivy.Index(self._schema, path=str(self._folder))

    def _commit(self) -> None:
        self._writer.commit()
        self._index.reload()

    def _search(self, field: str, words: Sequence[str], limit: int, filters: Filters) -> Iterator[tuple[Hit, int]]:
        any_of = Query.boolean_query([(Occur.Should, self._term(field, word)) for word in words])
        conditions = [(Occur.Must, Query.const_score_query(one, 0.0)) for one in self._conditions(filters)]
        query = Query.boolean_query([(Occur.Must, any_of), *conditions])
        for score, document, generation, passage in self._found(query, limit):
            yield Hit(document=document, passage=passage, score=score), generation

    def _found(self, query: Query, limit: int | None = None) -> Iterator[tuple[float, str, int, Passage]]:
        """Yield (score, document, generation, passage)."""
        with _translated():
            searcher = self._index.searcher()
            for score, address in searcher.search(query, limit or max(1, searcher.num_docs)).hits:
                stored = searcher.doc(address).to_dict()
                (document,), (generation,), (passage,) = stored["document"], stored["generation"], stored["passage"]
                yield float(score or 0.0), document, generation, passage_from_json(json.loads(bytes(passage)))

    def _conditions(self, filters: Filters) -> Iterator[Query]:
        if filters.kinds:
            yield self._any("kind", [kind.value for kind in sorted(filters.kinds)])
        if filters.document:
            part = filters.document.lower().translate(_REGEX_MARKS)
            yield Query.regex_query(self._schema, "name", f"(?s:.*){part}(?s:.*)")
        if filters.language is not None:
            yield self._term("language", filters.language.value)
        if filters.collection:
            yield self._term("collection", filters.collection)
        if filters.sentiment is not None:
            yield self._term("sentiment", filters.sentiment.value)
        if filters.within is not None:
            yield Query.boolean_query([(Occur.Should, self._of_file(*file)) for file in filters.within.items()])

    def _of_file(self, path: str, entries: frozenset[int] | None) -> Query:
        of_file = self._term("document", path)
        if entries is None:
            return of_file
        return Query.boolean_query([(Occur.Must, of_file), (Occur.Must, self._any("entry", sorted(entries)))])

    def _any(self, field: str, values: Sequence[str | int]) -> Query:
        return Query.boolean_query([(Occur.Should, self._term(field, value)) for value in values])

    def _term(self, field: str, value: str | int) -> Query:
        return Query.term_query(self._schema, field, value)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in _EXACT:
        builder.add_text_field(name, stored=name == "document", tokenizer_name="raw", index_option="basic")
    for name in _NUMBERS:
        builder.add_integer_field(name, stored=name == "generation", indexed=True, fast=True)
    for name in ("search_text", "grams"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_bytes_field("passage", stored=True, indexed=False)
    return builder.build()


def _entry(document: str, generation: int, passage: Passage) -> tantivy.Document:
    entry = tantivy.Document()
    exact = {"document": document, "kind": passage.kind.value, "language": passage.language.value}
    exact |= {"sentiment": passage.sentiment.value} if passage.sentiment else {}
    for name, value in exact.items():
        entry.add_text(name, value)
    for level in accumulate(collection_of(document).split("/"), lambda above, name: f"{above}/{name}"):
        entry.add_text("collection", level)
    for value in (passage.title, document):
        entry.add_text("name", value.lower())
    for name, number in (("generation", generation), ("entry", passage.entry), ("number", passage.number)):
        entry.add_integer(name, number)
    entry.add_text("search_text", passage.search_text)
    entry.add_text("grams", passage.grams)
    entry.add_bytes("passage", json.dumps({**asdict(passage), "grams": ""}, ensure_ascii=False).encode())
    return entry


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError, ValueError) as err:
        raise IndexDamagedError(err) from err

"""The full-text index. The only module that imports lancedb.

Each file's passages carry a generation. A new generation is written beside the old one, the catalogue switches to it,
then the old one is deleted: a reader that knows the catalogue's generations never sees a mix, wherever a writer dies.
"""

from __future__ import annotations

import logging
import shutil
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lancedb
import pyarrow as pa
from lancedb.index import FTS
from lancedb.query import MatchQuery

from knowledge.codec import passage_from_json
from knowledge.errors import IndexDamagedError
from knowledge.models import EVERYTHING, Filters, Hit
from knowledge.places import collection_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lancedb.table import Table

    from knowledge.models import Passage

_LOGGER = logging.getLogger(__name__)

_TABLE = "passages"
SCHEMA = pa.schema(
    [
        pa.field("document", pa.string(), nullable=False),
        pa.field("generation", pa.int64(), nullable=False),
        pa.field("entry", pa.int32(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("collection", pa.string(), nullable=False),
        pa.field("title", pa.string(), nullable=False),
        pa.field("headings", pa.list_(pa.string()), nullable=False),
        pa.field("page", pa.int32()),
        pa.field("start_seconds", pa.int32()),
        pa.field("sentiment", pa.string()),
        pa.field("language", pa.string(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("search_text", pa.string(), nullable=False),
        pa.field("grams", pa.string(), nullable=False),
        pa.field("number", pa.int32(), nullable=False),
    ]
)
PASSAGE_COLUMNS = (
    "entry", "kind", "title", "headings", "page", "start_seconds", "sentiment", "language", "text", "search_text",
    "number",
)  # fmt: skip
# The analyzer has done all of this already; LanceDB only splits at blanks.
_FULL_TEXT = FTS(
    base_tokenizer="whitespace",
    stem=False,
    remove_stop_words=False,
    lower_case=False,
    ascii_folding=False,
    max_token_length=None,
    with_position=False,
)
_INDEX_CACHE_BYTES = 64 << 20  # LanceDB's own limits are gigabytes
_METADATA_CACHE_BYTES = 32 << 20
_SEARCHED = ("search_text", "grams")
_KEEP_VERSIONS = timedelta(minutes=10)  # a reader may still hold a version that was current when its query began
_ROWS_PER_READ = 4_096
_FAILURES = (OSError, RuntimeError, ValueError)  # what LanceDB raises for files that are gone or make no sense


class PassageIndex:
    """Passages by what they say. One writer and any number of readers, in any threads."""

    name = "lancedb"

    def __init__(self, uri: Path | str) -> None:
        """Open or create the index in a folder or at an address that LanceDB knows; blocking."""
        session = lancedb.Session(
            index_cache_size_bytes=_INDEX_CACHE_BYTES, metadata_cache_size_bytes=_METADATA_CACHE_BYTES
        )
        self._folder = None if "://" in str(uri) else Path(uri)
        self._connection = lancedb.connect(str(uri), session=session)
        try:
            self._table = self._open()
        except _FAILURES as err:
            _LOGGER.warning("The index cannot be opened and is made anew: %s", err)
            self.clear()

    def add(self, document: str, generation: int, passages: Sequence[Passage]) -> None:
        """Write one generation of a document's passages."""
        if passages:
            rows = [row(document, generation, passage) | {"grams": passage.grams} for passage in passages]
            self._table.add(pa.Table.from_pylist(rows, schema=SCHEMA))

    def remove(self, document: str, *, but: int | None = None) -> None:
        """Delete a document's passages, of every generation or of all but one."""
        kept = "" if but is None else f" AND generation != {but}"
        self._table.delete(f"document = {literal(document)}{kept}")

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
        query: Any = self._table.search()
        if document is not None:
            query = query.where(f"document = {literal(document)}")
        with _translated():
            for batch in query.select(["document", "generation", "search_text"]).to_batches(_ROWS_PER_READ):
                columns: Iterable[list[Any]] = (column.to_pylist() for column in batch.columns)
                yield from zip(*columns, strict=True)

    def passages(self, document: str, generation: int, first: int = 0, end: int | None = None) -> list[Passage]:
        """Return the passages of one generation of a document by their numbers, from `first` to before `end`."""
        condition = f"document = {literal(document)} AND generation = {generation} AND number >= {first}"
        if end is not None:
            condition += f" AND number < {end}"
        with _translated():
            rows = self._table.search().where(condition).select([*PASSAGE_COLUMNS]).to_list()
        return sorted(map(passage_from_json, rows), key=lambda passage: passage.number)

    def optimise(self) -> None:
        """Merge small files, bring the full-text index up to date, drop versions nobody reads any more; blocking."""
        self._table.optimize(cleanup_older_than=_KEEP_VERSIONS)

    def check(self) -> None:
        """Read a little from everything that a search reads; raises IndexDamagedError."""
        for column in _SEARCHED:
            list(self._search(column, ["1"], 1, EVERYTHING))

    def clear(self) -> None:
        """Delete everything and begin anew, also where what is on disk is damaged."""
        if self._folder is not None:
            shutil.rmtree(self._folder / f"{_TABLE}.lance", ignore_errors=True)
        else:
            self._connection.create_table(_TABLE, schema=SCHEMA, mode="overwrite")
        self._table = self._open()

    def close(self) -> None:
        """Nothing is held open."""

    def _open(self) -> Table:
        table = self._connection.create_table(_TABLE, schema=SCHEMA, exist_ok=True)
        if table.schema.names != SCHEMA.names:
            _LOGGER.info("The index is of an earlier version and is made anew")
            table = self._connection.create_table(_TABLE, schema=SCHEMA, mode="overwrite")
        for column in _SEARCHED[len(list(table.list_indices())) :]:
            table.create_index(column, config=_FULL_TEXT)
        return table

    def _search(self, column: str, words: Sequence[str], limit: int, filters: Filters) -> Iterator[tuple[Hit, int]]:
        any_of = MatchQuery(" ".join(words), column)  # type: ignore[call-arg]  # its defaults are pydantic's
        query: Any = self._table.search(any_of, query_type="fts")
        if condition := " AND ".join(conditions(filters)):
            query = query.where(condition, prefilter=True)
        with _translated():
            rows = query.limit(limit).to_list()
        for row in rows:
            passage = passage_from_json({name: row[name] for name in PASSAGE_COLUMNS})
            yield Hit(document=row["document"], passage=passage, score=float(row["_score"])), row["generation"]


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except _FAILURES as err:
        raise IndexDamagedError(err) from err


def row(document: str, generation: int, passage: Passage) -> dict[str, Any]:
    """Return the columns that every table of passages has."""
    values = {name: getattr(passage, name) for name in PASSAGE_COLUMNS}
    return {**values, "document": document, "collection": collection_of(document), "generation": generation}


def conditions(filters: Filters) -> Iterator[str]:
    """Yield what SQL has to say of a row that the filters let through; those on films and dates are in `within`."""
    if filters.kinds:
        yield f"kind IN ({', '.join(map(literal, sorted(filters.kinds)))})"
    if filters.document:
        part = literal(filters.document.lower())
        yield f"(strpos(lower(title), {part}) > 0 OR strpos(lower(document), {part}) > 0)"
    if filters.language is not None:
        yield f"language = {literal(filters.language)}"
    if filters.collection:
        below = literal(f"{filters.collection}/")
        yield f"(collection = {literal(filters.collection)} OR starts_with(collection, {below}))"
    if filters.sentiment is not None:
        yield f"sentiment = {literal(filters.sentiment)}"
    if filters.within is not None:
        yield f"({' OR '.join(map(_entries, filters.within.items())) or 'false'})"


def _entries(file: tuple[str, frozenset[int] | None]) -> str:
    path, entries = file
    of_file = f"document = {literal(path)}"
    return of_file if entries is None else f"({of_file} AND entry IN ({', '.join(map(str, sorted(entries)))}))"


def literal(value: str) -> str:
    """Return a string as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"

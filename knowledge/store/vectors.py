"""The vectors of one embedder, beside the full-text index; with index.py the only module that imports lancedb.

A row has its passage with it, so that a hit needs no second look-up, and its generation, as in the full-text index.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import lancedb
import numpy as np
import pyarrow as pa
from lancedb.index import IvfRq

from knowledge.codec import passage_from_json
from knowledge.models import EVERYTHING, Filters, Hit
from knowledge.store.lancedb_index import PASSAGE_COLUMNS, SCHEMA, conditions, literal, row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from knowledge.models import Language, Passage

MOST_FLAT = 20_000
"""Passages up to which every vector is compared; beyond it an index chooses candidates."""

# On 100,000 passages of 1,024 dimensions IVF_RQ is built in 4 s and answers in 7 ms, IVF_PQ in 248 s and 13 ms, and a
# flat search in 234 ms. Its bit per dimension only chooses: ten times as many candidates are compared in full.
_REFINE = 10
_INDEX_CACHE_BYTES = 64 << 20
_METADATA_CACHE_BYTES = 32 << 20
_KEEP_VERSIONS = timedelta(minutes=10)
_ROWS_PER_READ = 4_096
_NOT_HERE = frozenset({"grams"})


class VectorIndex:
    """Passages by what they mean. One thread writes, any thread reads."""

    def __init__(self, folder: Path, name: str, dimension: int) -> None:
        """Open or create the table of an embedder; blocking."""
        self._dimension = dimension
        columns = [column for column in SCHEMA if column.name not in _NOT_HERE]
        self._schema = pa.schema([*columns, pa.field("vector", pa.list_(pa.float16(), dimension))])
        connection = _connect(folder)
        self._table = connection.create_table(name, schema=self._schema, exist_ok=True)
        if self._table.schema != self._schema:
            self._table = connection.create_table(name, schema=self._schema, mode="overwrite")
        self._is_indexed = bool(list(self._table.list_indices()))

    def add(self, document: str, generation: int, passages: Sequence[Passage], vectors: NDArray[np.float32]) -> None:
        """Write passages with their vectors (passages, dimension); one of zeros means that there is none."""
        rows = [
            row(document, generation, passage) | {"vector": _half(vector)}
            for passage, vector in zip(passages, vectors, strict=True)
        ]
        self._table.add(pa.Table.from_pylist(rows, schema=self._schema))

    def remove(self, document: str, *, but: int | None = None) -> None:
        """Delete a document's vectors, of every generation or of all but one."""
        kept = "" if but is None else f" AND generation != {but}"
        self._table.delete(f"document = {literal(document)}{kept}")

    def counts(self) -> Counter[tuple[str, int]]:
        """Return the number of passages of each (document, generation); blocking, reads the whole table."""
        counts: Counter[tuple[str, int]] = Counter()
        query: Any = self._table.search()
        for batch in query.select(["document", "generation"]).to_batches(_ROWS_PER_READ):
            columns: Iterable[list[Any]] = (column.to_pylist() for column in batch.columns)
            counts.update(zip(*columns, strict=True))
        return counts

    def search(
        self,
        vector: NDArray[np.float32],
        limit: int,
        filters: Filters = EVERYTHING,
        languages: Collection[Language] = (),
    ) -> Iterator[tuple[Hit, int]]:
        """Yield (hit, its generation), best first; the score is the cosine. Only in `languages`, if there are any."""
        where = [*conditions(filters)]
        if languages:
            where.append(f"language IN ({', '.join(map(literal, sorted(languages)))})")
        query: Any = self._table.search(vector, vector_column_name="vector", query_type="vector").distance_type("dot")
        if where:
            query = query.where(" AND ".join(where), prefilter=True)
        if self._is_indexed:
            query = query.refine_factor(_REFINE)
        for found in query.select(["document", "generation", *PASSAGE_COLUMNS, "_distance"]).limit(limit).to_list():
            passage = passage_from_json({name: found[name] for name in PASSAGE_COLUMNS})
            hit = Hit(document=found["document"], passage=passage, score=1.0 - float(found["_distance"]))
            yield hit, found["generation"]

    def optimise(self) -> None:
        """Merge small files, build the index once it is worth it and bring it up to date; blocking."""
        if not self._is_indexed and self._table.count_rows() > MOST_FLAT:
            self._table.create_index("vector", config=IvfRq(distance_type="dot"))
            self._is_indexed = True
        self._table.optimize(cleanup_older_than=_KEEP_VERSIONS)


def drop_others(folder: Path, name: str) -> None:
    """Delete the tables of all embedders but one; blocking."""
    connection = _connect(folder)
    for other in connection.list_tables().tables:
        if other != name:
            connection.drop_table(other)


def _connect(folder: Path) -> Any:
    session = lancedb.Session(
        index_cache_size_bytes=_INDEX_CACHE_BYTES, metadata_cache_size_bytes=_METADATA_CACHE_BYTES
    )
    return lancedb.connect(str(folder), session=session)


def _half(vector: NDArray[np.float32]) -> NDArray[np.float16] | None:
    return vector.astype(np.float16) if vector.any() else None

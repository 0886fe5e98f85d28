"""What a full-text index does, whichever library is behind it, and the choice between them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol

from knowledge.errors import UnsuitedMachineError
from knowledge.models import EVERYTHING
from knowledge.store.cpu import require_lancedb

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from knowledge.models import Filters, Hit, Passage
    from knowledge.settings import KnowledgeSettings

_LOGGER = logging.getLogger(__name__)


class TextIndex(Protocol):
    """Passages by what they say. One writer and any number of readers, in any threads.

    Each file's passages carry a generation. A new generation is written beside the old one, the catalogue switches to
    it, then the old one is deleted: a reader that knows the catalogue's generations never sees a mix, wherever a writer
    dies. Whatever reads raises IndexDamagedError when what is on disk cannot be used any more.
    """

    name: str
    """As /health shows it."""

    def add(self, document: str, generation: int, passages: Sequence[Passage]) -> None:
        """Write one generation of a document's passages."""
        ...

    def remove(self, document: str, *, but: int | None = None) -> None:
        """Delete a document's passages, of every generation or of all but one."""
        ...

    def search(self, terms: Sequence[str], limit: int, filters: Filters = EVERYTHING) -> Iterator[tuple[Hit, int]]:
        """Yield (hit, its generation), best first by BM25; passages match that hold any of the terms."""
        ...

    def search_grams(
        self, grams: Sequence[str], limit: int, filters: Filters = EVERYTHING
    ) -> Iterator[tuple[Hit, int]]:
        """Yield the same by groups of letters."""
        ...

    def texts(self, document: str | None = None) -> Iterator[tuple[str, int, str]]:
        """Yield (document, generation, search text) of all passages, or of one document's."""
        ...

    def passages(self, document: str, generation: int, first: int = 0, end: int | None = None) -> list[Passage]:
        """Return the passages of one generation of a document by their numbers, from `first` to before `end`."""
        ...

    def optimise(self) -> None:
        """Merge small files and drop what nobody reads any more; blocking."""
        ...

    def check(self) -> None:
        """Read a little from everything that a search reads; raises IndexDamagedError."""
        ...

    def clear(self) -> None:
        """Delete everything and begin anew, also where what is on disk is damaged."""
        ...

    def close(self) -> None:
        """Let go of what is on disk; nothing may be called any more."""
        ...


def open_index(settings: KnowledgeSettings) -> TextIndex:
    """Return LanceDB's index, or Tantivy's on a processor that LanceDB does not run on; blocking.

    Raises: IndexUnavailableError where neither can be used, and where LanceDB was only too slow to start.
    """
    try:
        require_lancedb(settings.data)
    except UnsuitedMachineError as err:
        return _substitute(settings, err)
    from knowledge.store.lancedb_index import PassageIndex  # noqa: PLC0415  would kill a process whose CPU it does not suit

    return PassageIndex(settings.lancedb_uri or settings.data / "index")


def _substitute(settings: KnowledgeSettings, why: UnsuitedMachineError) -> TextIndex:
    try:
        from knowledge.store.tantivy_index import TantivyIndex  # noqa: PLC0415  wanted by few
    except ImportError:
        raise why from None
    _LOGGER.warning("%s Until then Tantivy searches: by words only, without vectors.", why)
    return TantivyIndex(settings.data / "index-tantivy")

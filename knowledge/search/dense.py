"""Search by vectors: whose they are, for which languages, and what happens while the embedder is away."""

from __future__ import annotations

import logging
from collections import OrderedDict
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

from knowledge.errors import EmbedderError
from knowledge.remote.rest import Rest

if TYPE_CHECKING:
    from knowledge.embedders.embedder import Embedder, Vectors
    from knowledge.models import Filters, Hit, Language, SelfTestReport
    from knowledge.store.library import Library
    from knowledge.store.vectors import VectorIndex

_LOGGER = logging.getLogger(__name__)

_MOST_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class Served:
    """An embedder whose vectors are complete."""

    name: str
    embedder: Embedder
    vectors: VectorIndex
    report: SelfTestReport


class DenseSearch:
    """Finds passages by what they mean. Any thread may call it."""

    def __init__(self, library: Library, rest: Rest | None = None) -> None:
        self.served: Served | None = None
        """None until there are vectors; may be changed at any time."""
        self._library = library
        self._rest = Rest() if rest is None else rest
        self._lock = Lock()
        self._remembered: OrderedDict[tuple[str, str], Vectors] = OrderedDict()

    def __call__(self, question: str, language: Language, limit: int, filters: Filters) -> list[Hit]:
        """Return hits best first, scored by their cosine.

        None where the embedder is not trusted with the language, or is away: it then rests, so that each question does
        not wait for it anew.
        """
        served = self.served
        if served is None or language not in (accepted := served.report.accepted()):
            return []
        vector = self._vector(served, question)
        if vector is None or not vector.any():
            return []
        scope = self._library.scope(filters)
        hits = self._library.settled(lambda: served.vectors.search(vector, limit, scope, accepted))
        test = accepted[language]
        return [replace(hit, is_similar=hit.score > test.floor) for hit in hits if hit.score > max(test.chance, 0)]

    def _vector(self, served: Served, question: str) -> Vectors | None:
        key = (served.name, question)
        with self._lock:
            if key in self._remembered:
                return self._remembered[key]
        if self._rest:
            return None
        try:
            vector = served.embedder.embed_query(question)
        except EmbedderError as err:
            self._rest.begin()
            _LOGGER.warning("Searching by words alone for a while: %s", err)
            return None
        with self._lock:
            self._remembered[key] = vector
            while len(self._remembered) > _MOST_REMEMBERED:
                self._remembered.popitem(last=False)
        return vector

"""A reranker with a deadline. On two processor cores a large one takes 7-22 s for 20 passages: it is not waited for."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING

from knowledge import rerankers
from knowledge.errors import RerankerError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from knowledge.rerankers.reranker import Reranker
    from knowledge.settings import RerankerSettings

_LOGGER = logging.getLogger(__name__)


class DeadlineReranking:
    """Scores in time or none. Any thread may call it; the reranker works on one question at a time."""

    def __init__(
        self, settings: RerankerSettings, load: Callable[[RerankerSettings], Reranker] = rerankers.load
    ) -> None:
        """Begin to load the reranker in its own thread."""
        self._seconds = settings.seconds
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="rerank")
        self._lock = Lock()
        self._loading = self._pool.submit(load, settings)
        self._work: Future[list[float]] | None = None

    def __call__(self, question: str, texts: Sequence[str]) -> list[float] | None:
        """Return a score for each text; None if the reranker is late, broken or still busy with another question."""
        with self._lock:
            if not self._loading.done() or (self._work is not None and not self._work.done()):
                return None
            work = self._work = self._pool.submit(self._scores, question, texts)
        try:
            return work.result(self._seconds)
        except TimeoutError:
            _LOGGER.info("The reranker took longer than %s s, its result is dropped", self._seconds)
        except RerankerError as err:
            _LOGGER.warning("Not reranked: %s", err)
        return None

    def close(self) -> None:
        """Let the work in progress end in its thread, without waiting for it."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _scores(self, question: str, texts: Sequence[str]) -> list[float]:
        return self._loading.result().scores(question, texts)

"""What the service counts, for Prometheus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from knowledge.models import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.models import FileRecord


class Metrics:
    """One service's figures, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "voice_rag_knowledge_requests", "Requests answered", ["route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "voice_rag_knowledge_request_seconds", "Time to answer a request", ["route"], registry=self._registry
        )
        self._answers = Counter("voice_rag_knowledge_answers", "Questions asked", ["found"], registry=self._registry)
        self._files = Gauge("voice_rag_knowledge_files", "Files by status", ["status"], registry=self._registry)
        self._passages = Gauge("voice_rag_knowledge_passages", "Passages in the index", registry=self._registry)
        self._pending = Gauge("voice_rag_knowledge_pending_files", "Files not read yet", registry=self._registry)

    def request(self, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def answer(self, *, found: bool) -> None:
        """Count a question."""
        self._answers.labels(str(found).lower()).inc()

    def render(self, records: Sequence[FileRecord], pending: int) -> bytes:
        """Return everything in Prometheus' text format."""
        for status in Status:
            self._files.labels(status).set(sum(record.status is status for record in records))
        self._passages.set(sum(record.passages for record in records))
        self._pending.set(pending)
        return generate_latest(self._registry)

"""Servers with /v1/rerank as Jina and Cohere have it (llama-server, vLLM), or /rerank as TEI has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.errors import RerankerError
from knowledge.remote.http_json import HttpError, post

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.settings import RerankerSettings

_DEFAULT_URL = "http://127.0.0.1:8080/v1/rerank"


def load(settings: RerankerSettings) -> RerankApi:
    """Return the reranker; the server is asked when it is needed."""
    return RerankApi(settings)


class RerankApi:
    """A reranker at a server."""

    def __init__(self, settings: RerankerSettings) -> None:
        self._settings = settings
        self._address = settings.url or _DEFAULT_URL

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return how well each text answers the question; raises RerankerError."""
        name = "documents" if self._address.endswith("/v1/rerank") else "texts"
        body = {"model": self._settings.model, "query": question, name: list(texts)}
        try:
            answer = post(self._address, body, seconds=self._settings.seconds, token=self._settings.token)
        except HttpError as err:
            raise RerankerError(str(err)) from err
        try:
            rows = answer if isinstance(answer, list) else answer["results"]
            found = {row["index"]: float(row.get("relevance_score", row.get("score"))) for row in rows}
            return [found[place] for place in range(len(texts))]
        except (KeyError, TypeError, ValueError) as err:
            raise RerankerError(f"{self._address} does not answer as a reranker does.") from err

"""Servers that speak as OpenAI's /v1/embeddings does: llama-server, vLLM, TEI, LM Studio."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.embedders.remote import RemoteEmbedder
from knowledge.remote.http_json import HttpError, post

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.settings import EmbedderSettings

_DEFAULT_URL = "http://127.0.0.1:8080/v1"


def load(settings: EmbedderSettings) -> RemoteEmbedder:
    """Return the embedder; raises EmbedderError."""
    address = f"{(settings.url or _DEFAULT_URL).rstrip('/')}/embeddings"

    def request(texts: Sequence[str], seconds: float) -> list[list[float | None]]:
        body = {"model": settings.model, "input": list(texts), "encoding_format": "float"}
        answer = post(address, body, seconds=seconds, token=settings.token)
        try:
            return [row["embedding"] for row in sorted(answer["data"], key=lambda row: row["index"])]
        except (KeyError, TypeError) as err:
            raise HttpError(f"{address} does not answer as an embeddings server does.") from err

    return RemoteEmbedder(settings.model, request)

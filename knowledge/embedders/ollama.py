"""Ollama's /api/embed."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from knowledge.embedders.remote import RemoteEmbedder
from knowledge.remote.http_json import HttpError, post

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.settings import EmbedderSettings

_DEFAULT_URL = "http://127.0.0.1:11434"
_KEEP_ALIVE = -1  # the first question after a pause would wait for the model otherwise


def load(settings: EmbedderSettings) -> RemoteEmbedder:
    """Return the embedder; raises EmbedderError."""
    address = f"{(settings.url or _DEFAULT_URL).rstrip('/')}/api/embed"

    def request(texts: Sequence[str], seconds: float) -> list[list[float | None]]:
        # Truncation is off: what is cut silently is lost to the search.
        body = {"model": settings.model, "input": list(texts), "truncate": False, "keep_alive": _KEEP_ALIVE}
        try:
            answer = post(address, body, seconds=seconds, token=settings.token)
            return cast("list[list[float | None]]", answer["embeddings"])
        except (KeyError, TypeError) as err:
            raise HttpError(f"{address} does not answer as Ollama does.") from err

    return RemoteEmbedder(settings.model, request)

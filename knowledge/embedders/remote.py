"""Vectors from a server. A text that it fails at costs itself only."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol

import numpy as np

from knowledge.embedders.embedder import normalised
from knowledge.embedders.families import family_of
from knowledge.errors import EmbedderError
from knowledge.remote.http_json import HttpError, StatusError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.embedders.embedder import Vectors

_LOGGER = logging.getLogger(__name__)

_QUERY_SECONDS = 2.0
_PASSAGES_SECONDS = 120.0
_PROBE = "passage"
# bge-m3 answers NaN to some texts (https://github.com/ollama/ollama/issues/13572), and with truncation off a text that
# is too long is refused; both take the whole batch with them.
_OF_ONE_TEXT = frozenset({400, 413, 422, 500})


class Request(Protocol):
    """Asks the server for the vectors of texts."""

    def __call__(self, texts: Sequence[str], seconds: float) -> list[list[float | None]]:
        """Return them in order; raises HttpError."""
        ...


class RemoteEmbedder:
    """An embedder at a server."""

    def __init__(self, model: str, request: Request) -> None:
        """Ask the server once, to learn the dimension.

        Raises: EmbedderError.
        """
        self.model = model
        self._family = family_of(model)
        self._request = request
        try:
            self.dimension = len(self._rows([_PROBE], _PASSAGES_SECONDS)[0])
        except HttpError as err:
            raise EmbedderError(str(err)) from err

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one vector per text; see Embedder."""
        try:
            vectors = self._bisected([self._family.passage + text for text in texts])
            if not vectors.any():
                self._rows([_PROBE], _PASSAGES_SECONDS)  # it is the server that fails, unless it can do this one
        except HttpError as err:
            raise EmbedderError(str(err)) from err
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """Return a question's vector; see Embedder."""
        try:
            rows = self._rows([self._family.query + text], _QUERY_SECONDS)
        except HttpError as err:
            raise EmbedderError(str(err)) from err
        vector: Vectors = rows[0]
        return vector

    def _bisected(self, texts: Sequence[str]) -> Vectors:
        try:
            return self._rows(texts, _PASSAGES_SECONDS)
        except StatusError as err:
            if err.status not in _OF_ONE_TEXT:
                raise
            if len(texts) == 1:
                _LOGGER.debug("No vector for one passage: %s", err)
                return np.zeros((1, self.dimension), np.float32)
        half = len(texts) // 2
        return np.concatenate([self._bisected(texts[:half]), self._bisected(texts[half:])])

    def _rows(self, texts: Sequence[str], seconds: float) -> Vectors:
        rows = self._request(texts, seconds)
        try:
            vectors = np.array(rows, np.float32)
        except (TypeError, ValueError) as err:
            raise HttpError(f"The server of {self.model} does not answer with vectors.") from err
        if (
            vectors.ndim != 2
            or vectors.shape[0] != len(texts)
            or vectors.shape[1] != getattr(self, "dimension", vectors.shape[1])
        ):
            raise HttpError(f"The server of {self.model} answers with vectors of another number or size.")
        return normalised(vectors)

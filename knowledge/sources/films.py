"""Films from a table: CSV with a header, or JSON with a list of objects, as film databases export them."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from knowledge.errors import SourceError
from knowledge.models import Document, Kind
from knowledge.reasons import Reason
from knowledge.sources.film_fields import Row, documents_of
from knowledge.sources.text import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class FilmsSource:
    """Reads films with typed fields."""

    kind = Kind.FILM
    extensions = frozenset({".csv", ".tsv", ".json"})

    def read(self, path: Path) -> list[Document]:
        """Return one document per film; rows without a title are skipped.

        Raises: SourceError if it is not a table with titles.
        """
        text = read_text(path)
        if not text.strip():
            return []
        rows = _json_rows(text) if path.suffix.lower() == ".json" else _csv_rows(text)
        documents = list(documents_of(rows))
        if not documents:
            raise SourceError(Reason.NO_FILMS)
        return documents


SOURCE = FilmsSource()


def _csv_rows(text: str) -> Iterable[Row]:
    header = text.lstrip().splitlines()[0]
    delimiter = max(",;\t", key=header.count)
    try:
        return [dict(row) for row in csv.DictReader(io.StringIO(text.lstrip()), delimiter=delimiter, strict=True)]
    except csv.Error as err:
        raise SourceError(Reason.FILM_CSV, err) from err


def _json_rows(text: str) -> Iterable[Row]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as err:
        raise SourceError(Reason.FILM_JSON, err) from err
    if isinstance(data, dict):  # {"docs": [...]}, as film databases export it, or one film
        is_film = isinstance(data.get("title") or data.get("name"), str)
        data = [data] if is_film else next((value for value in data.values() if isinstance(value, list)), [])
    if not isinstance(data, list):
        raise SourceError(Reason.NOT_A_LIST)
    return [row for row in data if isinstance(row, dict)]

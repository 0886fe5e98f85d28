"""Tables as documents: workbooks and comma-separated values."""

from __future__ import annotations

import csv
import datetime
from itertools import islice
from typing import TYPE_CHECKING

from knowledge.errors import SourceError
from knowledge.models import Document, Kind
from knowledge.reasons import Reason
from knowledge.sources.archive import open_archive
from knowledge.sources.outline import Outline
from knowledge.sources.text import read_text

if TYPE_CHECKING:
    from pathlib import Path

_MOST_ROWS = 50_000
_MOST_COLUMNS = 200
_SAMPLE_CHARACTERS = 8_192


class TableSource:
    """Reads .xlsx workbooks, a section per sheet, and .csv files outside of the films folder."""

    kind = Kind.DOCUMENT
    extensions = frozenset({".xlsx", ".xlsm", ".csv", ".tsv"})

    def read(self, path: Path) -> list[Document]:
        """Return the tables as one document, a line of text per row.

        Raises: SourceError for a damaged, protected or endless file.
        """
        outline = Outline()
        if path.suffix.lower() in (".csv", ".tsv"):
            outline.table(_csv_rows(read_text(path)))
        else:
            _read_workbook(outline, path)
        return outline.documents()


SOURCE = TableSource()


def _csv_rows(text: str) -> list[list[str]]:
    try:
        dialect: type[csv.Dialect] | str = csv.Sniffer().sniff(text[:_SAMPLE_CHARACTERS], delimiters=",;\t|")
    except csv.Error:
        dialect = "excel-tab" if "\t" in text[:_SAMPLE_CHARACTERS] else "excel"
    try:
        return _limited(csv.reader(text.splitlines(keepends=True), dialect))
    except csv.Error as err:
        raise SourceError(Reason.BROKEN) from err


def _read_workbook(outline: Outline, path: Path) -> None:
    from openpyxl import load_workbook  # noqa: PLC0415  a source's library loads only when a file needs it
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    with open_archive(path):
        try:
            workbook = load_workbook(path, read_only=True, data_only=True)
        except (InvalidFileException, OSError, TypeError) as err:  # an OSError where the archive has no workbook
            raise SourceError(Reason.BROKEN) from err
        for sheet in workbook.worksheets:
            outline.heading(2, sheet.title)
            outline.table(_limited(sheet.iter_rows(max_col=_MOST_COLUMNS, values_only=True)))
        workbook.close()


def _limited(rows: object) -> list[list[str]]:
    texts = [[_text(cell) for cell in row] for row in islice(rows, _MOST_ROWS + 1)]  # type: ignore[call-overload]
    if len(texts) > _MOST_ROWS:
        raise SourceError(Reason.TOO_MANY_ROWS, f"{_MOST_ROWS:,}")
    return texts


def _text(cell: object) -> str:
    """Return a cell as it is read aloud: no midnight after a date, no ".0" after a number."""
    match cell:
        case None:
            return ""
        case datetime.datetime() if cell.time() == datetime.time():
            return cell.date().isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
    return str(cell)

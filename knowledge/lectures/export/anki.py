"""The glossary as cards for Anki: https://docs.ankiweb.net/importing/text-files.html."""

from __future__ import annotations

import csv
import html
import io
import re
from typing import TYPE_CHECKING

from knowledge.lectures.export.words import WORDS
from knowledge.lectures.models import Maker
from knowledge.lectures.writing.layout import clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.lectures.export.material import Material
    from knowledge.lectures.export.words import Words
    from knowledge.lectures.models import Term

_HEADERS = "#separator:Semicolon\n#html:true\n#tags column:3\n"
_NO_TAG = re.compile(r"[\s\"';:,]+")


def write(material: Material) -> bytes:
    """Return the file in UTF-8: term, definition with its place, tags; a term without a definition makes no card."""
    words = WORDS[material.transcript.language]
    rows = io.StringIO()
    writer = csv.writer(rows, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_ALL)
    for term in material.content.glossary:
        if term.definition:
            tags = " ".join(_tags(term, material.lecture.title, words))
            writer.writerow((_shown(term.term), _back(term, material.lecture.title), tags))
    return (_HEADERS + rows.getvalue()).encode()


def _back(term: Term, title: str) -> str:
    place = f"<small>{_shown(title)}, {clock(term.start)}</small>"
    return f"{_shown(term.definition)}<br>{place}"


def _tags(term: Term, title: str, words: Words) -> Iterator[str]:
    yield _NO_TAG.sub("_", title).strip("_") or "voice-rag"
    if not term.is_supported:
        yield words.unsupported_tag
    if term.by is Maker.EXTRACT:
        yield words.extract_tag


def _shown(text: str) -> str:
    return html.escape(" ".join(text.split()))

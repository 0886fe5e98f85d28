"""What people are likely to say about the files, few enough to be told apart by ear. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from knowledge.lectures.files import date_of
from knowledge.models import Kind
from knowledge.places import collection_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from knowledge.models import FileRecord

MOST_OF_LECTURES = 300
"""Topics: a term has twenty lectures in a subject, and each explains dozens of words."""

_LONGEST = 80
"""Characters."""


def day_of(record: FileRecord) -> date:
    """Return the day of a file: for a lecture that in its name, else the one on which it was changed, in UTC."""
    held_on = date_of(record.path) if record.kind is Kind.LECTURE else None
    return held_on or datetime.fromtimestamp(record.modified_ns / 1e9, UTC).date()


def likely_topics(files: Iterable[FileRecord], topics: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the topics of all documents and those of the newest lectures in order, each once.

    `topics` are those of each file by its path. Of lectures, titles and subjects come before what they are about.
    """
    known = [record for record in files if record.path in topics]
    lectures = sorted((one for one in known if one.kind is Kind.LECTURE), key=day_of, reverse=True)
    of_documents = (topic for one in known if one.kind is not Kind.LECTURE for topic in topics[one.path])
    named = [name for one in lectures for name in (one.title, _subject(one.path)) if 0 < len(name) <= _LONGEST]
    explained = [topic for one in lectures for topic in topics[one.path]]
    of_lectures = list(dict.fromkeys((*named, *explained)))[:MOST_OF_LECTURES]
    return sorted({*of_documents, *of_lectures})


def _subject(path: str) -> str:
    """Return the name of the folder that a lecture is in; empty where that is none of a subject."""
    _, _, subject = collection_of(path).rpartition("/")
    return subject if any(map(str.isalpha, subject)) else ""

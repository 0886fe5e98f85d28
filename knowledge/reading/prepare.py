"""A file to all that is kept of it: read, cut into passages, analyzed."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path, PurePosixPath

from knowledge import sources
from knowledge.errors import SourceError
from knowledge.models import Document, Kind, Prepared
from knowledge.reading import chunking
from knowledge.reasons import Reason
from knowledge.text import analyzer

RECIPE = f"analyzer {analyzer.VERSION}, passages {chunking.VERSION}, sources {sources.VERSION}"
"""A file prepared by another recipe is prepared again."""

_MAX_TOPIC_CHARACTERS = 80


def prepare(path: Path, relative: str) -> Prepared:
    """Return what the index and the catalogue keep of a file.

    Blocking and heavy; called in the parser process.

    Raises: SourceError with a reason for the file's owner.
    """
    source = sources.source_for(PurePosixPath(relative))
    if source is None:
        raise SourceError(Reason.NOT_SUPPORTED)
    documents = source.read(path)
    name = file_title(relative)
    cut = (
        passage
        for entry, document in enumerate(documents)
        for passage in chunking.passages(document, name, entry)
        if passage.search_text
    )
    passages = tuple(replace(passage, number=number) for number, passage in enumerate(cut))
    if not passages:
        raise SourceError(Reason.NO_TEXT)
    is_single = len(documents) == 1 and documents[0].kind is Kind.DOCUMENT
    return Prepared(
        title=(documents[0].title if is_single else "") or name,
        passages=passages,
        films=tuple(document.film for document in documents if document.film is not None),
        problem=next((document.problem for document in documents if document.problem is not None), None),
        topics=tuple(dict.fromkeys(topic for document in documents for topic in _topics(document, name))),
    )


def file_title(relative: str) -> str:
    """Return a name to be said for a file without a title."""
    return " ".join(unicodedata.normalize("NFC", PurePosixPath(relative).stem).replace("_", " ").split())


def _topics(document: Document, name: str) -> list[str]:
    if document.kind is Kind.FILM:
        return []
    headings = [heading for section in document.sections for heading in section.headings]
    return [topic for topic in (document.title or name, *headings) if len(topic) <= _MAX_TOPIC_CHARACTERS]

"""Documents to passages: whole sentences, about a screen of them, with the place where they stand.

Sizes measured on XQuAD articles: 800-1,000 characters with one sentence of overlap hold the answer as often as larger
passages do, and cutting inside sentences loses one answer in twenty.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from knowledge.language import detect
from knowledge.models import Document, Language, Passage, Section
from knowledge.text import analyzer, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION = "1"
"""Part of a file's recipe: raise it when the passages change."""

PASSAGE_CHARACTERS = {Language.RUSSIAN: 900, Language.ENGLISH: 900, Language.CHINESE: 300}
_CLAUSE_END = re.compile(r"(?<=[,;:，、])\s*|\s+")


def passages(document: Document, title: str, entry: int = 0) -> Iterator[Passage]:
    """Yield the passages of a document in reading order; `title` stands in where it has none."""
    for section in document.sections:
        name = section.title or document.title or title
        for text in pack(section.text):
            yield _passage(document, section, title=name, text=text, entry=entry)


def pack(text: str) -> list[str]:
    """Return the text in pieces on sentence borders; each repeats the last sentence of the one before."""
    limit = PASSAGE_CHARACTERS[detect(text)]
    pieces: list[list[str]] = []
    current: list[str] = []
    for sentence in _bounded(text, limit):
        if current and sum(map(len, current)) + len(sentence) > limit:
            pieces.append(current)
            overlap = current[-1]
            current = [overlap] if len(overlap) + len(sentence) <= limit else []
        current.append(sentence)
    if current:
        pieces.append(current)
    return ["".join(piece).strip() for piece in pieces]


def _passage(document: Document, section: Section, *, title: str, text: str, entry: int) -> Passage:
    texts = (title, *section.headings, text)
    return Passage(
        kind=document.kind,
        title=title,
        headings=section.headings,
        page=section.page,
        language=detect(text),
        text=text,
        search_text=" ".join(chain.from_iterable(map(analyzer.terms, texts))),
        entry=entry,
        grams=" ".join(chain.from_iterable(map(analyzer.grams, texts))),
        start_seconds=section.start_seconds,
        sentiment=section.sentiment,
    )


def _bounded(text: str, limit: int) -> Iterator[str]:
    """Yield sentences with the blank or line feed that follows them.

    Those longer than a passage come in pieces: a table or a poem may have no full stop at all.
    """
    for line in text.splitlines():
        pieces = [piece for sentence in sentences.split(line) for piece in _pieces(sentence, limit)]
        for number, piece in enumerate(pieces, start=1):
            yield piece + ("\n" if number == len(pieces) else " ")


def _pieces(sentence: str, limit: int) -> Iterator[str]:
    if len(sentence) <= limit:
        yield sentence
        return
    piece = ""
    for word in _CLAUSE_END.split(sentence):
        while len(word) > limit:
            word, rest = word[:limit], word[limit:]  # noqa: PLW2901
            if piece:
                yield piece
                piece = ""
            yield word
            word = rest  # noqa: PLW2901
        if piece and len(piece) + 1 + len(word) > limit:
            yield piece
            piece = ""
        piece = f"{piece} {word}" if piece else word
    if piece:
        yield piece

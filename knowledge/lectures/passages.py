"""A lecture to the passages that are found of it: what is said, the summary, and the terms that it explains. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge.language import detect
from knowledge.lectures.transcripts import is_timed
from knowledge.models import Document, Kind, Prepared, Section
from knowledge.reading import chunking
from knowledge.reading.chunking import PASSAGE_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from knowledge.lectures.models import Chapter, Content, Segment, Term

VERSION = "2"
"""Part of a lecture's recipe: raise it when the passages or topics change."""

_ENOUGH = 0.55
_MOST = 0.95
"""Shares of a passage's length at which a stretch of speech may end, and has to."""
_SENTENCE_END = re.compile(r"[.!?…。！？]$")
_HEADING = re.compile(r"^\s*#+\s*(.*?)\s*#*\s*$")
_MARKUP = re.compile(r"\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|`|^\s*>\s?", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_BULLET = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
_TOPIC_CHARACTERS = 80
_MOST_TERMS = 20
_MOST_CHAPTERS = 10
"""Of a lecture's topics: what a household may say must stay small enough to be told apart by ear."""
_LIST_MARK = re.compile("[,、…]")


def prepared(title: str, segments: Sequence[Segment], content: Content) -> Prepared:
    """Return all that the index and the catalogue keep of a lecture; terms without support are left out."""
    terms = [term for term in content.glossary if term.is_supported and term.definition]
    documents = [
        Document(title, tuple(_spoken(segments, content)), Kind.LECTURE),
        Document(title, tuple(_written(content.summary.text)) if content.summary else (), Kind.SUMMARY),
        Document(
            title,
            tuple(Section(f"{_capital(one.term)} — {one.definition}", start_seconds=int(one.start)) for one in terms),
            Kind.TERM,
        ),
    ]
    cut = (
        passage
        for entry, document in enumerate(documents)
        for passage in chunking.passages(document, title, entry)
        if passage.search_text
    )
    return Prepared(
        title=title,
        passages=tuple(replace(passage, number=number) for number, passage in enumerate(cut)),
        topics=_topics(title, terms, content.chapters),
    )


def plain(markdown: str) -> str:
    """Return Markdown as text to be read out or quoted: without marks, one line for each paragraph and list item."""
    lines = (_BULLET.sub("", _MARKUP.sub("", _LINK.sub(r"\1", line))).strip() for line in markdown.splitlines())
    return "\n".join(line for line in lines if line)


def _capital(term: str) -> str:
    """Return a term as a sentence begins with it; "pH" and the like stay as they are."""
    first, *_ = term.split(maxsplit=1) or [""]
    return term[:1].upper() + term[1:] if first.islower() else term


def _topics(title: str, terms: Sequence[Term], chapters: Sequence[Chapter]) -> tuple[str, ...]:
    """Return what people are likely to name; a chapter that is titled by a list of its words is not among it."""
    surest = sorted(terms, key=lambda term: -term.confidence)[:_MOST_TERMS]
    named = [chapter.title for chapter in chapters if not _LIST_MARK.search(chapter.title)][:_MOST_CHAPTERS]
    topics = (title, *(term.term for term in surest), *named)
    return tuple(dict.fromkeys(topic for topic in topics if topic and len(topic) <= _TOPIC_CHARACTERS))


def _spoken(segments: Sequence[Segment], content: Content) -> Iterator[Section]:
    """Yield sections of about a passage's length, which begin with chapters and end with paragraphs or sentences."""
    chapters = [(chapter.title, [one.end_segment for one in chapter.paragraphs]) for chapter in content.chapters]
    ends = [paragraphs[-1] for _, paragraphs in chapters if paragraphs]
    if not ends or ends[-1] < len(segments):  # what was said since the chapters were made, or all of it
        chapters.append(("", [len(segments)]))
    has_times, first = is_timed(segments), 0
    for title, borders in chapters:
        for start, end in _stretches(segments, first, borders):
            text = " ".join(segment.text for segment in segments[start:end])
            seconds = int(segments[start].start) if has_times else None
            yield Section(text, (title,) if title else (), start_seconds=seconds)
        first = max(first, *borders) if borders else first


def _stretches(segments: Sequence[Segment], first: int, borders: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield (first segment, segment after the last) of stretches from `first` to the last border."""
    start, length, ends = first, 0, frozenset(borders)
    last = max(borders, default=first)
    for number in range(first, last):
        text = segments[number].text
        length += len(text) + 1
        limit = PASSAGE_CHARACTERS[detect(text)]
        is_border = number + 1 in ends or _SENTENCE_END.search(text) is not None
        if length >= _MOST * limit or (length >= _ENOUGH * limit and is_border):
            yield start, number + 1
            start, length = number + 1, 0
    if start < last:
        yield start, last


def _written(markdown: str) -> Iterator[Section]:
    """Yield the summary's sections under their headings."""
    heading, lines = "", list[str]()
    for line in [*markdown.splitlines(), "#"]:
        if found := _HEADING.match(line):
            if text := plain("\n".join(lines)):
                yield Section(text, (plain(heading),) if heading else (), start_seconds=0)
            heading, lines = found[1], []
        else:
            lines.append(line)

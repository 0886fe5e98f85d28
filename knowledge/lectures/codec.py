"""Content and words of lectures to JSON and back, for the store."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from knowledge.lectures.models import Chapter, Content, Maker, Paragraph, Summary, Term, Word


def storable(text: str) -> str:
    """Return a text that SQLite takes: JSON can say one half of a character, which is none."""
    return text.encode(errors="replace").decode()


def content_to_text(content: Content) -> str:
    """Return JSON."""
    return storable(json.dumps(asdict(content), ensure_ascii=False))


def content_from_text(text: str) -> Content:
    """Return what was made JSON of; nothing for an empty text."""
    if not text:
        return Content()
    data = json.loads(text)
    summary = data["summary"]
    return Content(
        chapters=tuple(map(_chapter, data["chapters"])),
        summary=summary and Summary(**summary | {"by": Maker(summary["by"])}),
        glossary=tuple(Term(**term | {"by": Maker(term["by"])}) for term in data["glossary"]),
    )


def words_to_text(words: tuple[Word, ...]) -> str:
    """Return JSON; an empty text for no words."""
    if not words:
        return ""
    return storable(json.dumps([(word.text, word.start, word.end) for word in words], ensure_ascii=False))


def words_from_text(text: str) -> tuple[Word, ...]:
    """Return what was made JSON of."""
    return tuple(Word(*word) for word in json.loads(text)) if text else ()


def _chapter(data: dict[str, Any]) -> Chapter:
    return Chapter(**data | {"paragraphs": tuple(Paragraph(**paragraph) for paragraph in data["paragraphs"])})

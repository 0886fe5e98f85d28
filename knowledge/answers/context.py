"""What a model reads for one question: numbered passages, each with its neighbours, within a length."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.llm import prompts
from knowledge.llm.fence import defused
from knowledge.texts import TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from knowledge.models import Hit, Language, Passage
    from knowledge.store.library import Library

_CHARACTERS = 4_000
_BEFORE_NEIGHBOURS = 2_800
"""What the hits themselves may take, so that the best of them keep their surroundings."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A hit with what stands around it."""

    hit: Hit
    text: str


def excerpts(library: Library, hits: Iterable[Hit]) -> list[Excerpt]:
    """Return the best of `hits` with their neighbours, about 4,000 characters of text in all."""
    chosen: list[Hit] = []
    length = 0
    for hit in hits:
        if chosen and length + len(hit.passage.text) > _BEFORE_NEIGHBOURS:
            break
        chosen.append(hit)
        length += len(hit.passage.text)
    shown = {_place(hit.document, hit.passage) for hit in chosen}
    found = []
    for hit in chosen:
        around = _around(library, hit, shown, _CHARACTERS - length)
        text = joined(passage.text for passage in around)
        length += len(text) - len(hit.passage.text)
        found.append(Excerpt(hit, text))
    return found


def message(question: str, language: Language, material: Sequence[Excerpt]) -> str:
    """Return the model's message; what is quoted stays inside JSON."""
    passages = [
        {
            "number": number,
            "title": defused(excerpt.hit.passage.title),
            "place": defused(TEXTS[language].place(excerpt.hit.passage)),
            "text": defused(excerpt.text),
        }
        for number, excerpt in enumerate(material, start=1)
    ]
    quoted = json.dumps(passages, ensure_ascii=False, indent=0)
    return f"PASSAGES\n{quoted}\n\nQUESTION\n{defused(question)}\n\n{prompts.ANSWER_IN[language]}"


def joined(texts: Iterable[str]) -> str:
    """Return passages that follow each other as one text, without the sentence that each repeats."""
    whole = ""
    for text in texts:
        overlap = next((size for size in range(min(len(whole), len(text)), 0, -1) if whole.endswith(text[:size])), 0)
        whole += text[overlap:] if overlap or not whole else f"\n{text}"
    return whole


def _around(library: Library, hit: Hit, shown: set[tuple[str, int]], room: int) -> list[Passage]:
    """Return the hit's passage with the one before and the one after, where there is room and nobody has them."""
    own = hit.passage
    around = [own]
    for passage in library.passages(hit.document, max(own.number - 1, 0), own.number + 2):
        place = _place(hit.document, passage)
        if passage.entry == own.entry and place not in shown and len(passage.text) <= room:
            shown.add(place)
            around.append(passage)
            room -= len(passage.text)
    return sorted(around, key=lambda passage: passage.number)


def _place(document: str, passage: Passage) -> tuple[str, int]:
    return document, passage.number

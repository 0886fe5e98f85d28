"""What an answer stands on: for the card in full, and by name in the answer itself. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from homeassistant.components.conversation import ToolResultContent

from ..gates.words import Mood, stems
from ..models import Hit
from ..texts import get_texts

SAID_KINDS = frozenset({"lecture", "term"})
"""Words of a lecture, and terms as it explains them: both have their minute."""
SUMMARY_KIND = "summary"
SHARED_STEMS = 3
"""Words that an answer has in common with a passage it was taken from, at least."""


def cited_hits(passages: Sequence[Hit], results: Iterable[ToolResultContent]) -> tuple[Hit, ...]:
    """Return the passages that the model was given, and those that it searched for, numbered anew."""
    found = [*passages]
    for result in results:
        match result.result.data:
            case {"relevant": True, "passages": [*items]} if not result.result.error:
                found += [_hit(item) for item in items if isinstance(item, Mapping)]
    unique = {(hit.title, hit.place, hit.text): hit for hit in reversed(found)}
    return tuple(replace(hit, number=number) for number, hit in enumerate(reversed(unique.values()), start=1))


def unnamed_source(answer: str, passages: Iterable[Hit], asked: Mood) -> Hit | None:
    """Return the passage that an answer was taken from, if it is to be named and the model has not done so."""
    if asked is not Mood.QUESTION or answer.rstrip().endswith(("?", "？")):
        return None
    said = set(stems(answer))
    hits = tuple(passages)
    if any(set(stems(hit.title)) <= said for hit in hits):
        return None
    shared = {hit: len(said & set(stems(hit.text))) for hit in hits}
    best = max(shared, key=lambda hit: shared[hit], default=None)
    return best if best is not None and shared[best] >= SHARED_STEMS else None


def name_source(source: Hit, language: str) -> str:
    """Return the sentence that names where an answer is from: a title, and the minute of what was said aloud."""
    texts = get_texts(language)
    if source.kind == SUMMARY_KIND:
        return texts.named_summary.format(title=source.title)
    if source.kind in SAID_KINDS and source.start_seconds is not None:
        return texts.named_lecture.format(title=source.title, minute=source.start_seconds // 60 + 1)
    return texts.named_source.format(title=source.title)


def _hit(item: Mapping[str, Any]) -> Hit:
    def text(key: str) -> str:
        return str(item.get(key, ""))

    return Hit(0, text("document"), text("kind"), text("title"), text("place"), text("language"), text("text"), 0.0)

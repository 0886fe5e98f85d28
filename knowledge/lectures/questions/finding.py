"""Which lecture somebody means: by its id, its title, or words of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.text import analyzer

if TYPE_CHECKING:
    from collections.abc import Mapping


def meant(wanted: str, titles: Mapping[str, str]) -> list[str]:
    """Return the ids that are meant, of titles by their ids: one, several that fit as well, or none."""
    if wanted in titles:
        return [wanted]
    plain = analyzer.plain_words(wanted)
    same = [id_ for id_, title in titles.items() if analyzer.plain_words(title) == plain]
    words = set(analyzer.terms(wanted))
    return same or [id_ for id_, title in titles.items() if words and words <= set(analyzer.terms(title))]

"""Names as people say them: in any case of Russian grammar, with or without the first name."""

from __future__ import annotations

import logging
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from knowledge.text import analyzer

if TYPE_CHECKING:
    from collections.abc import Sequence

_LOGGER = logging.getLogger(__name__)


def is_like(name: str, said: str) -> bool:
    """Say whether every word of what was said is, in some case, a word of the name."""
    held = [forms(word) for word in words(name)]
    wanted = words(said)
    return bool(wanted) and all(any(forms(word) & one for one in held) for word in wanted)


def words(text: str) -> list[str]:
    """Return a name's words, folded; Chinese by characters."""
    return [char for word in analyzer.plain_words(text) for char in (word if analyzer.is_chinese(word) else (word,))]


@lru_cache(maxsize=65_536)
def forms(word: str) -> frozenset[str]:
    """Return the forms that all cases of a word have in common: its stem, and what a dictionary calls normal.

    The stem alone takes «Гайдая» and «Гайдай» for different people.
    """
    return frozenset((*analyzer.title_terms(word), *_normal_forms(word)))


def _normal_forms(word: str) -> Sequence[str]:
    morphology = _morphology()
    if morphology is None or not analyzer.is_cyrillic(word):
        return ()
    return [parse.normal_form.replace("ё", "е") for parse in morphology.parse(word)]


@cache
def _morphology() -> Any:
    """Return the analyser; None where it is not installed, which costs the rarer endings."""
    try:
        import pymorphy3  # noqa: PLC0415  a second and 30 MB, for those who ask about films
    except ImportError:
        _LOGGER.info("pymorphy3 is not installed: names are compared by their stems")
        return None
    return pymorphy3.MorphAnalyzer()

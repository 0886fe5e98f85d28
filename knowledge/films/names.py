"""Names as people say them: in any case of Russian grammar, with or without the first name."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from knowledge.text import analyzer
from knowledge.text.morphology import morphology

if TYPE_CHECKING:
    from collections.abc import Sequence


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
    dictionary = morphology()
    if dictionary is None or not analyzer.is_cyrillic(word):
        return ()
    return [parse.normal_form.replace("ё", "е") for parse in dictionary.parse(word)]

"""Sentences to words."""

import re
from dataclasses import dataclass

from .morphology import Form, fold

_TOKEN = re.compile(r"\d+(?:[.,]\d+)?|%|°|[^\W\d_]+(?:-[^\W\d_]+)*|[,;.!?…:]", re.UNICODE)
_WHOLE = frozenset({"что-то", "как-то", "чего-то", "чуть-чуть"})
_PARTICLES = ("-ка", "-то", "-нибудь", "-либо")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the sentence, or a punctuation mark."""

    text: str
    """In lower case, without ё."""
    lemmas: dict[str, Form]
    keys: frozenset[str]
    """Lemmas and their synonyms: what names are compared by."""
    is_known: bool

    @property
    def number(self) -> float | None:
        """Return the value of digits."""
        return float(self.text.replace(",", ".")) if self.text[0].isdigit() else None

    @property
    def is_mark(self) -> bool:
        """Tell whether this is punctuation."""
        return self.text in MARKS


MARKS = frozenset(",;.!?…:")


def tokenize(text: str) -> list[str]:
    """Return the words, numbers and marks of a sentence in lower case: "включи-ка" loses its particle."""
    return [_strip_particle(token) for token in _TOKEN.findall(fold(text))]


def _strip_particle(token: str) -> str:
    if token in _WHOLE:
        return token
    for particle in _PARTICLES:
        if token.endswith(particle) and len(token) > len(particle) + 2:
            return token.removesuffix(particle)
    return token

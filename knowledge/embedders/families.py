"""How families of models want to be asked: with which words before the text, and which of their states is the vector.

As their model cards say; a question without its prefix finds up to a tenth less.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Pooling(StrEnum):
    """Which of a model's last states make the vector."""

    MEAN = "mean"
    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Family:
    """What a family of models expects."""

    query: str = ""
    """Stands before a question."""
    passage: str = ""
    """Stands before a passage."""
    pooling: Pooling = Pooling.MEAN


_QWEN = "Instruct: Given a question, retrieve passages that answer it\nQuery: "
_FAMILIES = (
    (r"e5-.*instruct", Family(_QWEN)),
    (r"(?:^|[^a-z])e5(?:[^a-z]|$)", Family("query: ", "passage: ")),
    (r"frida", Family("search_query: ", "search_document: ", Pooling.FIRST)),
    (r"berta|user2|ru-en-rosberta|nomic-embed", Family("search_query: ", "search_document: ")),
    (r"bge-m3", Family(pooling=Pooling.FIRST)),
    (r"arctic-embed", Family("query: ", pooling=Pooling.FIRST)),
    (r"embeddinggemma", Family("task: search result | query: ", "title: none | text: ")),
    (r"qwen3-embedding", Family(_QWEN, pooling=Pooling.LAST)),
)


def family_of(model: str) -> Family:
    """Return what a model expects, by its name; the mean of its states and no prefix for a name that is not known."""
    name = model.casefold()
    return next((family for pattern, family in _FAMILIES if re.search(pattern, name)), Family())

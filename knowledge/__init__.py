"""The household's knowledge: files in a folder, questions answered from them with their sources.

from pathlib import Path
from knowledge import KnowledgeBase

with KnowledgeBase.open(Path("knowledge"), Path("data")) as base:
    base.scan()
    print(base.ask("How do I bleed a radiator?").spoken)
"""

import os

from knowledge.base import KnowledgeBase
from knowledge.errors import KnowledgeError
from knowledge.films.query import FilmQuery
from knowledge.models import Answer, AnswerDone, AnswerEvent, Filters, Hit, SearchResult, SourcesFound, TextWritten
from knowledge.search.retrieval import Query
from knowledge.settings import (
    EmbedderSettings,
    KnowledgeSettings,
    ModelSettings,
    RerankerSettings,
    ServiceSettings,
)

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "AnswerDone",
    "AnswerEvent",
    "EmbedderSettings",
    "FilmQuery",
    "Filters",
    "Hit",
    "KnowledgeBase",
    "KnowledgeError",
    "KnowledgeSettings",
    "ModelSettings",
    "Query",
    "RerankerSettings",
    "SearchResult",
    "ServiceSettings",
    "SourcesFound",
    "TextWritten",
]

# ONNX Runtime 1.29 and newer tells its maker about every model, unless this is set before it is loaded.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

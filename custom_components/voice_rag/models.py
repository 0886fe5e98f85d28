"""What the knowledge service says, as values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Health:
    """The state of the knowledge service."""

    status: str
    version: str
    index: str
    documents: int
    passages: int
    pending: int
    """Documents that wait to be indexed."""
    failed: int
    vocabulary_version: str
    """Changes when topics or titles do."""


@dataclass(frozen=True, slots=True)
class KnowledgeVocabulary:
    """Words that the household's documents add to what people say."""

    version: str
    topics: tuple[str, ...]
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, and how well it fits."""

    number: int
    document: str
    """Path inside the knowledge folder."""
    kind: str
    title: str
    place: str
    """Heading, page or time inside the document; empty where there is none."""
    language: str
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class KnowledgeAnswer:
    """An answer in the words of the documents."""

    found: bool
    language: str
    spoken: str
    """Names its source in words, for the loudspeaker."""
    written: str
    """Names its sources by number, for the screen."""
    sources: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Passages for a query, best first."""

    relevant: bool
    """Whether the best hit is good enough to answer from."""
    language: str
    hits: tuple[Hit, ...]

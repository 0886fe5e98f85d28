"""What the knowledge service says and what an agent is set to, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self

from .const import (
    CONF_CONTEXT_TOKENS,
    CONF_CONTROL_APIS,
    CONF_FALLBACK_MODEL,
    CONF_FALLBACK_URL,
    CONF_INSTRUCTIONS,
    CONF_OLLAMA_MODEL,
    CONF_OLLAMA_URL,
    CONF_THINKING,
    DEFAULT_CONTROL_APIS,
    DEFAULT_OLLAMA_MODEL,
    NUM_CTX,
)


@dataclass(frozen=True, slots=True)
class AgentOptions:
    """How one conversation agent thinks; what the entry leaves out has the default."""

    url: str = ""
    """Ollama's address; empty for an agent without a model."""
    model: str = DEFAULT_OLLAMA_MODEL
    fallback_url: str = ""
    """Where the second model runs; empty for the same Ollama."""
    fallback_model: str = ""
    """Answers while the first one does not; empty for none."""
    num_ctx: int = NUM_CTX
    """Tokens that the model keeps in view."""
    control_apis: tuple[str, ...] = DEFAULT_CONTROL_APIS
    """Ids of the LLM APIs whose tools the model may use; empty for a model without tools."""
    thinking: bool = False
    instructions: str = ""
    """What this family adds to the system prompt; a template."""

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Self:
        """Return the options of an entry's data, or of that and a subentry's merged."""
        apis = data.get(CONF_CONTROL_APIS, DEFAULT_CONTROL_APIS)
        return cls(
            url=data.get(CONF_OLLAMA_URL, ""),
            model=data.get(CONF_OLLAMA_MODEL) or DEFAULT_OLLAMA_MODEL,
            fallback_url=data.get(CONF_FALLBACK_URL, ""),
            fallback_model=data.get(CONF_FALLBACK_MODEL, ""),
            num_ctx=int(data.get(CONF_CONTEXT_TOKENS, NUM_CTX)),
            control_apis=(apis,) if isinstance(apis, str) else tuple(apis),
            thinking=bool(data.get(CONF_THINKING, False)),
            instructions=data.get(CONF_INSTRUCTIONS, ""),
        )


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
    last_indexed: datetime | None = None
    """When the latest document came in; None before the first."""
    folder_problem: str = ""
    """What is wrong with the knowledge folder: one of FolderProblem, or a newer service's word; empty for nothing."""
    lectures_version: str = ""
    """Changes when a lecture comes, gets on or goes; empty for a service without lectures."""


class FolderProblem(StrEnum):
    """What can be wrong with the knowledge folder."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    READ_ONLY = "read_only"


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
    start_seconds: int | None = None
    """Where in a recording it is said; None for what is written."""
    link: str = ""
    """The address of the page that plays it; empty for what is not played."""


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


@dataclass(frozen=True, slots=True)
class SearchFilters:
    """Which passages may be found; an empty value lets all through."""

    kinds: tuple[str, ...] = ()
    document: str = ""
    """Part of a document's title or path."""
    language: str = ""
    date_from: date | None = None
    date_to: date | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return what goes over the wire."""
        data = {"kinds": list(self.kinds), "document": self.document or None, "language": self.language or None}
        days = {"date_from": self.date_from, "date_to": self.date_to}
        return data | {name: day.isoformat() for name, day in days.items() if day is not None}


class LectureEnd(StrEnum):
    """States in which nothing more happens to a lecture by itself."""

    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Lecture:
    """A lecture as lists show it."""

    id: str
    """Stays the same when the file is renamed or moved."""
    path: str
    title: str
    held_on: date | None
    duration: float | None
    """Seconds."""
    state: str
    """One of LectureEnd, or how far the work is."""
    problem: str
    """Why it failed or waits; empty for nothing."""
    ready_at: datetime | None
    terms: int
    """How many the glossary has."""
    summary_by: str
    """Who wrote the summary: "model" or "extract"; empty before there is one."""
    link: str
    """The address of its page."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a lecture on one topic; seconds from the beginning."""

    title: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Term:
    """A difficult word as the lecture explains it."""

    term: str
    definition: str
    start: float
    """Seconds from the beginning."""
    is_supported: bool
    """Whether the lecture says at that place what the definition says."""


@dataclass(frozen=True, slots=True)
class LectureDetails:
    """A lecture with what was made of it."""

    lecture: Lecture
    chapters: tuple[Chapter, ...]
    summary: str
    """Markdown; empty before there is one."""
    glossary: tuple[Term, ...]

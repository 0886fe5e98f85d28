"""What crosses the modules of this package: documents on the way in, passages and answers on the way out."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from knowledge import places

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from knowledge.reasons import Problem


class Language(StrEnum):
    """The languages that the service understands and speaks."""

    RUSSIAN = "ru"
    ENGLISH = "en"
    CHINESE = "zh"


class Kind(StrEnum):
    """What a hit is; also decides how its source is named."""

    DOCUMENT = "document"
    FILM = "film"
    LECTURE = "lecture"
    SUMMARY = "summary"
    """Of a lecture: passages only, the file is a lecture."""
    TERM = "term"
    """That a lecture explains: passages only."""

    @property
    def folder(self) -> str:
        """The top-level folder of this kind."""
        return f"{self.value}s"


FILE_KINDS = (Kind.DOCUMENT, Kind.FILM, Kind.LECTURE)
"""What a file can be."""
OF_LECTURES = frozenset({Kind.LECTURE, Kind.SUMMARY, Kind.TERM})
"""Who looks for lectures finds all of these."""


class Status(StrEnum):
    """How far a file has come."""

    INDEXED = "indexed"
    FAILED = "failed"
    DUPLICATE = "duplicate"
    """Another file has the same content; that one is found in its place."""


class Extreme(StrEnum):
    """What a film can be most of."""

    OLDEST = "oldest"
    NEWEST = "newest"
    LONGEST = "longest"
    SHORTEST = "shortest"


class Sentiment(StrEnum):
    """How a review speaks of its film."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of text under one heading or on one page."""

    text: str
    """Plain text; paragraphs and list items are separated by line feeds."""
    headings: tuple[str, ...] = ()
    """The path of headings above the text, outermost first, without the document's title."""
    page: int | None = None
    """Counted from 1; None where the format has no pages."""
    title: str = ""
    """Where it differs from the document's: a film has one in each language."""
    start_seconds: int | None = None
    """Where a recording says it; None where the format has no time."""
    sentiment: Sentiment | None = None
    """None for all but reviews."""


@dataclass(frozen=True, slots=True)
class FilmText:
    """A film's words in one language; an empty value means "not given in this language"."""

    title: str = ""
    countries: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    directors: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    synopsis: str = ""


@dataclass(frozen=True, slots=True)
class Film:
    """One row of a films file."""

    texts: Mapping[Language, FilmText]
    """At least one, and at least one of them has a title."""
    original_title: str = ""
    year: int | None = None
    rating: float | None = None
    """Out of ten."""
    votes: int | None = None
    """How many people the rating is of."""
    minutes: int | None = None
    """How long it is."""
    reviews: Mapping[Sentiment, int] = field(default_factory=dict)
    """How many reviews of each kind the file holds."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a source reads: a whole file, or one film of a films file."""

    title: str
    """Empty where the format has no title of its own; the file's name then stands in."""
    sections: tuple[Section, ...]
    kind: Kind = Kind.DOCUMENT
    film: Film | None = None
    problem: Problem | None = None
    """What the owner must know although the file was read."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The indexed piece of a document."""

    kind: Kind
    title: str
    headings: tuple[str, ...]
    page: int | None
    language: Language
    text: str
    search_text: str
    """The analyzer's terms for title, headings and text, separated by blanks."""
    entry: int = 0
    """Which document of its file it belongs to; always 0 but in files of many films."""
    grams: str = ""
    """The analyzer's groups of letters for the same; they are written to the index and not read back."""
    number: int = 0
    """Its place among the passages of its file, counted from 0."""
    start_seconds: int | None = None
    """Where a recording says it; None where the format has no time."""
    sentiment: Sentiment | None = None
    """None for all but reviews."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that the index and the catalogue keep of one file."""

    title: str
    passages: tuple[Passage, ...]
    films: tuple[Film, ...] = ()
    topics: tuple[str, ...] = ()
    """Titles and headings, for the recogniser's vocabulary."""
    problem: Problem | None = None
    """What the owner must know although the file was read."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that matched."""

    document: str
    """The file's path inside the knowledge folder, with forward slashes."""
    passage: Passage
    score: float
    """BM25; comparable within one search only."""
    coverage: float = 0.0
    """Share of the question's informative weight that the passage holds, 0 to 1."""
    heading_coverage: float = 0.0
    """The same for its headings alone."""
    is_similar: bool = False
    """The embedder finds it as close to the question as an answer is, whatever its words."""
    lecture: str = ""
    """The id of the lecture that it is from; empty for all other files."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which passages may be found; an empty value lets all through."""

    kinds: frozenset[Kind] = frozenset()
    document: str = ""
    """Part of a title or of a path, in any case."""
    language: Language | None = None
    collection: str = ""
    """A collection with all that are below it."""
    years: tuple[int | None, int | None] = (None, None)
    """First and last year of a film, inclusive; with either, only films are found."""
    person: str = ""
    """A director or an actor; with it, only films are found."""
    dates: tuple[date | None, date | None] = (None, None)
    """First and last day on which the file was changed, in UTC, inclusive; for lectures, the day in their name."""
    within: Mapping[str, frozenset[int] | None] | None = None
    """Files, each with the entries of it that are let through or None for all; the library puts years, person and
    dates into it."""
    sentiment: Sentiment | None = None


EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a question found, best first."""

    query: str
    language: Language
    relevant: bool
    """False: the hits share words with the question but do not answer it."""
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service says to a question."""

    question: str
    language: Language
    found: bool
    spoken: str
    """Plain sentences for the ear, with the source named at the end."""
    written: str
    """The same for the eye, with marks like [1] that count through `sources`."""
    sources: tuple[Hit, ...] = ()
    engine: str = "extractive"


@dataclass(frozen=True, slots=True)
class SourcesFound:
    """The passages that an answer will be looked for in, best first."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class TextWritten:
    """The next piece of the written answer."""

    text: str


@dataclass(frozen=True, slots=True)
class AnswerDone:
    """The whole answer. It holds, also where it differs from the pieces: what they said may have had no support."""

    answer: Answer


AnswerEvent: TypeAlias = SourcesFound | TextWritten | AnswerDone
"""A stream is: sources?, text*, done."""


class EmbeddingState(StrEnum):
    """What the embedder is doing."""

    OFF = "off"
    LOADING = "loading"
    TESTING = "testing"
    EMBEDDING = "embedding"
    READY = "ready"
    REFUSED = "refused"
    """It fails its self-test in every language, so it is not used."""
    UNAVAILABLE = "unavailable"
    """It cannot be reached or loaded; it is tried again, and words alone are searched meanwhile."""


@dataclass(frozen=True, slots=True)
class LanguageTest:
    """How questions in one language find their passages by words alone, and with the embedder."""

    language: Language
    questions: int
    lexical: float
    """nDCG at 10 over the questions in the words of their passage, by words and letters."""
    hybrid: float
    """The same with vectors."""
    lexical_paraphrased: float
    """nDCG at 10 over the questions that say it in other words."""
    hybrid_paraphrased: float
    dense: float
    """nDCG at 10 over all questions, by vectors alone."""
    chance: float
    """The similarity that one in ten passages on something else reaches; less is no reason to show a passage."""
    floor: float
    """The similarity above which a passage counts as relevant whatever its words."""
    is_accepted: bool


@dataclass(frozen=True, slots=True)
class SelfTestReport:
    """Which languages an embedder may be used for, and why."""

    embedder: str
    version: str
    """Of the questions and the rule."""
    languages: tuple[LanguageTest, ...]

    def accepted(self) -> dict[Language, LanguageTest]:
        """Return the tests that were passed."""
        return {test.language: test for test in self.languages if test.is_accepted}


@dataclass(frozen=True, slots=True)
class EmbeddingStatus:
    """How far passages have vectors."""

    state: EmbeddingState
    embedder: str = ""
    """The one that was chosen; empty when off."""
    serving: str = ""
    """The one whose vectors are searched now: the former one while another is being introduced; empty for none."""
    embedded: int = 0
    passages: int = 0
    """Embedded, and all."""
    report: SelfTestReport | None = None
    problem: str | None = None
    """Why it is unavailable."""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as the catalogue knows it."""

    path: str
    kind: Kind
    title: str
    status: Status
    problem: Problem | None
    """Why it was not taken in; None when indexed, but for a list that was too long."""
    passages: int
    size: int
    """Bytes."""
    modified_ns: int
    sha256: str
    generation: int
    """The generation of its passages in the index."""
    recipe: str
    """Versions of everything that turned the file into passages."""
    indexed_at: str | None
    """ISO 8601 in UTC; None when failed."""

    @property
    def reason(self) -> str | None:
        """The problem in English, with what to do."""
        return str(self.problem) if self.problem is not None else None

    @property
    def collection(self) -> str:
        """The folders between the file and its kind's, as in "Дача/Насосы"."""
        return places.collection_of(self.path)


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder below that of a kind."""

    name: str
    """With slashes where folders stand in folders; empty for what is in none."""
    files: int
    passages: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words that people are likely to say about this knowledge."""

    topics: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    version: str = ""
    """Changes when the words do."""

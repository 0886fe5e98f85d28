"""What crosses the modules of this package. Times are seconds from the beginning of the recording."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from knowledge.models import Language
    from knowledge.reasons import Problem


@dataclass(frozen=True, slots=True)
class Word:
    """One word with its place in the recording."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of speech that was recognised as one: a sentence, or a line of subtitles."""

    text: str
    start: float
    end: float
    words: tuple[Word, ...] = ()
    """Empty where the transcriber gives no times of words, and after a correction."""
    speaker: str = ""
    """Empty where nobody was told apart."""
    is_corrected: bool = False
    """By hand."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """All that was said, in order."""

    segments: tuple[Segment, ...]
    language: Language


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Neighbouring segments that belong together: from `first` to before `end_segment`, counted from 0."""

    first: int
    end_segment: int


@dataclass(frozen=True, slots=True)
class Chapter:
    """Neighbouring paragraphs on one topic."""

    title: str
    start: float
    end: float
    paragraphs: tuple[Paragraph, ...]


class Maker(StrEnum):
    """Who wrote a text about the lecture."""

    MODEL = "model"
    EXTRACT = "extract"
    """No model was there: sentences and words of the lecture itself. Replaced when the model returns."""


@dataclass(frozen=True, slots=True)
class Term:
    """A difficult word as the lecture explains it."""

    term: str
    definition: str
    """Empty where the lecture uses the term without saying what it is."""
    start: float
    """Where it is explained."""
    quote: str
    """The lecture's own words there."""
    confidence: float
    """From 0 to 1."""
    is_supported: bool
    """The transcript says at `start` what the definition says."""
    by: Maker


@dataclass(frozen=True, slots=True)
class Summary:
    """What the lecture was about."""

    template: str
    """The name of the template that it follows."""
    text: str
    """Markdown."""
    by: Maker


@dataclass(frozen=True, slots=True)
class Content:
    """What was made of a transcript."""

    chapters: tuple[Chapter, ...] = ()
    summary: Summary | None = None
    glossary: tuple[Term, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether a model wrote all of it."""
        makers = [term.by for term in self.glossary] + ([self.summary.by] if self.summary else [])
        return bool(makers) and Maker.EXTRACT not in makers


class LectureState(StrEnum):
    """How far a lecture has come."""

    WAITING = "waiting"
    TRANSCRIBING = "transcribing"
    WRITING = "writing"
    """The transcript is whole and can be searched; chapters, glossary and summary are being made."""
    READY = "ready"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    """By a person; what was transcribed stays. It begins again only when asked to."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of the recording is transcribed, or of the transcript is worked through."""

    done: float
    total: float
    """The same unit: seconds of the recording. 0 where the length is not known."""
    remaining_seconds: float | None
    """Of waiting, by how fast it went so far; None before that can be said."""


@dataclass(frozen=True, slots=True)
class Lecture:
    """A lecture as lists show it."""

    id: str
    """The first 16 hexadecimal digits of the SHA-256 of the recording, or of the transcript where there is none: a file
    that is renamed or moved stays the same lecture."""
    path: str
    """The file inside the knowledge folder."""
    title: str
    held_on: date | None
    """By the file's name, else by its own date."""
    language: Language | None
    """None before anything was understood."""
    duration: float | None
    state: LectureState
    progress: Progress | None
    problem: Problem | None
    """Why it failed, or why it waits longer than it should."""
    has_media: bool
    """There is a recording to be played, not only a transcript."""
    transcriber: str
    """The engine that wrote the transcript, or the name of the file that it was taken from."""
    ready_at: str | None
    """ISO 8601 in UTC."""
    version: int
    """Grows with every change of transcript or content."""
    summary_by: Maker | None = None
    """None where there is no summary yet."""
    terms: int = 0
    """How many the glossary has."""
    can_transcribe: bool = False
    """The file that the transcript came from is gone: to try again is to transcribe the recording."""
